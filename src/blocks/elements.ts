import type {
  ActionsBlock,
  Button,
  ContextBlock,
  DividerBlock,
  HeaderBlock,
  ImageBlock,
  KnownBlock,
  MrkdwnElement,
  PlainTextElement,
  SectionBlock,
} from '@slack/types';
import { cut, cutLines, cutPlain, moreThan } from './cut.ts';
import { oneLine } from './escape-text.ts';
import { limits } from './limits.ts';

/** Shown as it is: no formatting, no entities, no `:emoji:`. For everything that a stranger wrote. */
export function plain(text: string, max: number): PlainTextElement {
  return { type: 'plain_text', text: cutPlain(oneLine(text), max) || '—', emoji: false };
}

/** `verbatim`: Slack makes no links and mentions of its own out of words in it. The text must be escaped already. */
export function mrkdwn(text: string, max: number): MrkdwnElement {
  return { type: 'mrkdwn', text: cut(text, max) || '—', verbatim: true };
}

export function header(text: string): HeaderBlock {
  return { type: 'header', text: plain(text, limits.headerText) };
}

/** Escaped lines, as many as fit. */
export function section(...lines: readonly string[]): SectionBlock {
  return { type: 'section', text: mrkdwn(cutLines(lines, limits.sectionText), limits.sectionText) };
}

/** Escaped lines, all of them: in as many sections as they need. */
export function sections(...lines: readonly string[]): SectionBlock[] {
  const parts: string[][] = [[]];
  let used = 0;
  for (const line of lines) {
    if (used + line.length + 1 > limits.sectionText) {
      parts.push([]);
      used = 0;
    }
    parts.at(-1)?.push(line);
    used += line.length + 1;
  }
  return parts.filter((part) => part.length > 0).map((part) => section(...part));
}

/** A stranger's words as a paragraph. */
export function plainSection(text: string): SectionBlock {
  return { type: 'section', text: plain(text, limits.sectionText) };
}

/** Small print; the parts are escaped. */
export function context(...parts: readonly string[]): ContextBlock {
  return { type: 'context', elements: [mrkdwn(parts.join('  ·  '), limits.contextText)] };
}

export const divider: DividerBlock = { type: 'divider' };

/** A picture that was uploaded, with its words for those who don't see it. */
export function picture(fileId: string, altText: string): ImageBlock {
  return { type: 'image', slack_file: { id: fileId }, alt_text: cutPlain(oneLine(altText), limits.altText) || '—' };
}

export interface ButtonParts {
  readonly text: string;
  readonly actionId: string;
  readonly value: string;
  readonly style?: 'primary' | 'danger';
  readonly confirm?: { readonly title: string; readonly text: string; readonly yes: string };
}

export function button({ text, actionId, value, style, confirm }: ButtonParts): Button {
  return {
    type: 'button',
    text: plain(text, limits.buttonText),
    action_id: actionId,
    value: value.slice(0, limits.buttonValue),
    ...(style && { style }),
    ...(confirm && {
      confirm: {
        title: plain(confirm.title, limits.confirmTitle),
        text: plain(confirm.text, limits.confirmText),
        confirm: plain(confirm.yes, limits.confirmButton),
        deny: plain('Go back', limits.confirmButton),
        ...(style && { style }),
      },
    }),
  };
}

/** Nothing when there are no buttons: Slack refuses an empty row. */
export function actions(...buttons: readonly Button[]): ActionsBlock[] {
  return buttons.length === 0 ? [] : [{ type: 'actions', elements: buttons.slice(0, limits.actionElements) }];
}

/** Keeps to a number of blocks; the last one then says how many are left out. */
export function cutBlocks(blocks: readonly KnownBlock[], max: number): KnownBlock[] {
  if (blocks.length <= max) return [...blocks];
  return [...blocks.slice(0, max - 1), context(moreThan(blocks.length - max + 1))];
}
