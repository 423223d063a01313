import type { MessageContent } from '../ports/chat.ts';
import type { DirectPageView } from '../ports/on-call.ts';
import { cut } from './cut.ts';
import { context, section } from './elements.ts';
import { escapeText } from './escape-text.ts';
import { httpsLink } from './link.ts';
import { mention } from './mentions.ts';
import { message } from './message.ts';

const signs: Readonly<Record<DirectPageView['state'], string>> = {
  wanted: '📟',
  waiting: '⏳',
  paged: '📟',
  failed: '❗',
  acknowledged: '👀',
  resolved: '✅',
};

/** A page that somebody sent to whom they chose, and what became of it. */
export function directPageCard({ target, why, by, state, says, link }: DirectPageView): MessageContent {
  const line = `${signs[state]} ${mention(by)} pages *${cut(escapeText(target), 100)}*: ${cut(escapeText(why), 500)}`;
  const became = escapeText(says);
  const see = link === undefined ? '' : httpsLink(link, 'In PagerDuty');
  return message(`${line} ${became}`, [section(line), context(...[became, see].filter((part) => part !== ''))]);
}
