import type { KnownBlock } from '@slack/types';
import type { MessageContent } from '../ports/chat.ts';
import { cut } from './cut.ts';
import { cutBlocks, section } from './elements.ts';
import { limits } from './limits.ts';

/** A message within Slack's limits. `text` is escaped; notifications and screen readers get it. */
export function message(text: string, blocks: readonly KnownBlock[]): MessageContent {
  return { text: cut(text, limits.messageText) || '—', blocks: cutBlocks(blocks, limits.messageBlocks) };
}

/** A message of a few lines; they are escaped. */
export function say(...lines: readonly string[]): MessageContent {
  return message(lines.join('\n'), [section(...lines)]);
}
