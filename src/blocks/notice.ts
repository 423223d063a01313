import type { MessageContent } from '../ports/chat.ts';
import type { NoticePart } from '../ports/presenter.ts';
import { escapeHint, escapeText } from './escape-text.ts';
import { httpsLink } from './link.ts';
import { mention, mentionGroup } from './mentions.ts';
import { say } from './message.ts';

/** A line in a thread: strings are escaped, people and groups are called by name. */
export function notice(parts: readonly NoticePart[]): MessageContent {
  const text = parts.map((part) => {
    if (typeof part === 'string') return escapeInside(part);
    if ('link' in part) return httpsLink(part.link, part.label);
    if ('sentence' in part) return escapeHint(part.sentence);
    return 'person' in part ? mention(part.person) : mentionGroup(part.slackGroup);
  });
  return say(text.join(''));
}

/** The blanks at the ends stand between this part and its neighbours. */
function escapeInside(text: string): string {
  const blank = (edge: RegExp) => (edge.test(text) ? ' ' : '');
  return `${blank(/^\s/)}${escapeText(text)}${text.trim() === '' ? '' : blank(/\s$/)}`;
}
