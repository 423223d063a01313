import type { Button, KnownBlock } from '@slack/types';
import type { FindingKind, KnownFinding } from '../domain/maintenance.ts';
import type { MessageContent } from '../ports/chat.ts';
import { cut, moreThan } from './cut.ts';
import { date } from './date.ts';
import { actions, button, context, section } from './elements.ts';
import { escapeText } from './escape-text.ts';
import { mention } from './mentions.ts';
import { message } from './message.ts';
import { actionIds } from './run-buttons.ts';

export const findingActionIds = { snooze: 'finding_snooze', assign: 'finding_assign' } as const;
export const snoozeDays = 7;

const urgencyWords = ['🔴 now', '🟠 soon', '⚪ when there is time'] as const;
const kindWords: Readonly<Record<FindingKind, string>> = {
  resource: 'resource',
  security: 'security',
  backup: 'backup',
  certificate: 'certificate',
};
/** Two blocks each, within a message's fifty. */
export const mostFindings = 20;

/** The findings with what can be done about each; drawn anew when somebody has done it. `left`: how many are not shown. */
export function findingsMessage(findings: readonly KnownFinding[], left: number): MessageContent {
  if (findings.length === 0) return message('Nothing was found', [section('*Findings*', 'Nothing was found.')]);
  return message(`${findings.length + left} findings`, [
    section('*Findings*, the most urgent first'),
    ...findings.slice(0, mostFindings).flatMap(findingBlocks),
    ...(left > 0 ? [context(moreThan(left))] : []),
  ]);
}

/** What a findings message is about: the keys that its buttons carry. */
export function findingKeysOf(blocks: readonly object[]): string[] {
  const buttons = (blocks as { elements?: { action_id?: string; value?: string }[] }[]).flatMap(
    ({ elements = [] }) => elements,
  );
  return buttons.flatMap(({ action_id, value }) => (action_id === findingActionIds.assign && value ? [value] : []));
}

function findingBlocks(finding: KnownFinding): KnownBlock[] {
  const { kind, title, detail, urgency, firstSeenAt, snoozedUntil, snoozedBy, assigneeId } = finding;
  const state = [
    assigneeId === undefined ? 'nobody looks after it' : `${mention(assigneeId)} looks after it`,
    ...(snoozedUntil === undefined
      ? []
      : [`snoozed until ${date(snoozedUntil, 'day')}${snoozedBy === undefined ? '' : ` by ${mention(snoozedBy)}`}`]),
  ];
  return [
    section(
      `${urgencyWords[urgency]}, ${kindWords[kind]}: *${cut(escapeText(title), 200)}*`,
      cut(escapeText(detail), 400),
      `_First seen ${date(firstSeenAt, 'day')}; ${state.join('; ')}_`,
    ),
    ...actions(...buttonsOf(finding)),
  ];
}

function buttonsOf({ key, cell }: KnownFinding): Button[] {
  return [
    button({ text: `Snooze ${snoozeDays} days`, actionId: findingActionIds.snooze, value: key }),
    button({ text: 'I look after it', actionId: findingActionIds.assign, value: key }),
    ...(cell === undefined ? [] : [button({ text: 'Isolate a cell…', actionId: actionIds.openIsolate, value: cell })]),
  ];
}
