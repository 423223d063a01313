import type { MessageContent } from '../ports/chat.ts';
import type { UnreadAlert, UnreadGroup } from '../ports/unread-alerts.ts';
import { cut } from './cut.ts';
import { date } from './date.ts';
import { context, plainSection, section } from './elements.ts';
import { code, escapeText } from './escape-text.ts';
import { message, say } from './message.ts';

/** What was posted as an alert and could not be read, by why. */
export function unreadAlertsList(groups: readonly UnreadGroup[]): MessageContent {
  if (groups.length === 0) return say('✅ Every alert of the last 30 days that was posted here could be read.');
  const total = groups.reduce((sum, { times }) => sum + times, 0);
  const headline = `${total} posted ${total === 1 ? 'alert' : 'alerts'} could not be read and ${total === 1 ? 'is' : 'are'} in no incident.`;
  return message(headline, [
    section(`⚠️ ${headline}`),
    ...groups.map(({ poster, says, times, first, last, newest }) =>
      section(
        `*${escapeText(poster)}*, ${times === 1 ? `once, ${date(last)}` : `${times} times, ${date(first)} to ${date(last)}`}`,
        cut(escapeText(says), 400),
        code(`/stamps alerts unread ${newest}`),
      ),
    ),
    context('Mend what sends them: a webhook with the common alert schema, or what docs/generic-alerts.md says'),
  ]);
}

/** One of them, as it came. */
export function unreadAlert({ number, poster, says, at, bytes, body }: UnreadAlert): MessageContent {
  return message(`Unread alert ${number}`, [
    section(`*Unread alert ${number}*, ${escapeText(poster)}, ${date(at)}`, cut(escapeText(says), 400)),
    plainSection(body),
    context(`${bytes} bytes came; their beginning is shown`),
  ]);
}
