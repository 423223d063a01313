import {
  type LoadSignal,
  type LoadWindow,
  loadSignals,
  type ScalingDirection,
  signalWords,
} from '../domain/scaling.ts';
import {
  isAboutSql,
  type ProposalEvidence,
  type ReplicaProposal,
  type ScalingProposal,
} from '../domain/scaling-proposal.ts';
import type { MessageContent } from '../ports/chat.ts';
import { cut } from './cut.ts';
import { date } from './date.ts';
import { actions, button, context, header, picture, plainSection, section } from './elements.ts';
import { code, escapeText } from './escape-text.ts';
import { mention } from './mentions.ts';
import { message } from './message.ts';
import { percent, sqlLoadLines, sqlPlanLines, sqlTitle } from './sql-scaling-lines.ts';

export const scalingActionIds = {
  propose: 'scaling_propose',
  snooze: 'scaling_snooze',
  dismiss: 'scaling_dismiss',
} as const;

/** The living card of a scaling proposal: what was seen, what would run, and what people made of it. */
export function scalingCard(proposal: ScalingProposal): MessageContent {
  const { id, direction, evidence, state } = proposal;
  const isOpen = state === 'open' || state === 'snoozed';
  const title = isAboutSql(proposal) ? sqlTitle(proposal) : replicaTitle(proposal);
  const more = direction === 'out' || direction === 'up';
  const canRun = !isAboutSql(proposal) || proposal.evidence.to !== undefined;
  const standing = standingOf(proposal);
  return message(`${standing ?? escapeText(title)} (${escapeText(id)})`, [
    header(isOpen || state === 'proposed' ? `${more ? '📈' : '📉'} ${title}` : title),
    ...(standing === undefined ? [] : [section(standing)]),
    ...(state === 'dismissed' && proposal.reason !== undefined ? [plainSection(`Why: ${proposal.reason}`)] : []),
    // On a phone what can be done is on the first screen.
    ...(isOpen ? actions(...(canRun ? [propose(id)] : []), snooze(id), dismiss(id)) : []),
    section(
      ...(isAboutSql(proposal) ? sqlLoadLines(proposal) : loadLines(proposal.evidence.windows, proposal.direction)),
    ),
    ...(proposal.picture ? [picture(proposal.picture.fileId, proposal.picture.altText)] : []),
    section(...(isAboutSql(proposal) ? sqlPlanLines(proposal) : planLines(proposal))),
    context(
      code(id),
      cut(escapeText(`rule: ${evidence.rule}`), 300),
      `proposed ${date(proposal.createdAt, 'day')}`,
      code('/stamps scaling'),
    ),
  ]);
}

function standingOf(proposal: ScalingProposal): string | undefined {
  const { state, runId, byPerson, snoozedUntil, settledAt, createdAt } = proposal;
  const run = runId === undefined ? 'a run' : code(runId);
  const at = date(settledAt ?? createdAt, 'day');
  const by = byPerson === undefined ? '' : ` by ${mention(byPerson)}`;
  switch (state) {
    case 'open':
      return undefined;
    case 'snoozed':
      return `💤 Snoozed${by} until ${date(snoozedUntil ?? createdAt, 'day')}; it comes back if the load is still so.`;
    case 'proposed':
      return `▶️ ${run} was asked for${by}; its own card shows how it stands.`;
    case 'done':
      return `✅ The ${isAboutSql(proposal) ? 'database' : 'cell'} was scaled by ${run} at ${at}.`;
    case 'ended':
      return `⏹️ ${run} ended without scaling at ${at}. ${escapeText(proposal.reason ?? '')}`.trim();
    case 'withdrawn':
      return `↩️ Withdrawn at ${at}. ${escapeText(proposal.reason ?? '')}`.trim();
    case 'dismissed':
      return `🚫 Dismissed${by} at ${at}.`;
  }
}

function replicaTitle({ cell, direction, evidence }: ReplicaProposal): string {
  return `${direction === 'out' ? 'Scale out' : 'Scale in'} ${cell} to ${evidence.to} replicas?`;
}

/** Values window by window, the newest last; what is not known says so. */
export function loadLines(windows: readonly LoadWindow[], direction: ScalingDirection): string[] {
  const late = windows.slice(-6);
  const minutes = late.length * 5;
  const line = (signal: LoadSignal) => {
    const values = late.map(({ values }) => (values[signal] === undefined ? '?' : percent(values[signal])));
    return `*${signalWords[signal]}:* ${values.join(' · ')}`;
  };
  const seen = loadSignals.filter((signal) => late.some(({ values }) => values[signal] !== undefined));
  return [
    `The load is ${direction === 'out' ? 'high' : 'low'}; the last ${minutes} minutes by windows of five, the newest last:`,
    ...seen.map(line),
  ];
}

function planLines({ cell, direction, evidence }: ReplicaProposal): string[] {
  const { minReplicas, maxReplicas, to, each, running } = evidence;
  const most = Math.max(maxReplicas, to);
  const now = Math.max(minReplicas, Math.round(running ?? minReplicas));
  const room = (count: number) => Math.round(count * each).toLocaleString('en-GB');
  const change = to - minReplicas;
  return [
    `*What would run:* ${code('scale-cell')} keeps ${to} to ${most} replicas of ${escapeText(cell)}, not ${minReplicas} to ${maxReplicas}`,
    `*Room:* always for ${room(to)} requests/s, not ${room(minReplicas)}; ${expected(evidence, now)}`,
    `*Cost:* ${Math.abs(change)} replica${Math.abs(change) === 1 ? '' : 's'} ${change < 0 ? 'fewer' : 'more'} paid for all the time`,
    `It is planned anew and checked when it is proposed${direction === 'in' ? ', and never goes below what a person set' : ''}. Nothing is changed before it is approved.`,
  ];
}

/** By the load of the newest window, if it stays as it is. */
function expected({ windows, to }: ProposalEvidence, now: number): string {
  const known = (['requests', 'cpu'] as const).flatMap((signal) => {
    const value = windows.at(-1)?.values[signal];
    return value === undefined ? [] : [`${signalWords[signal]} about ${Math.round((value * now) / to)} %`];
  });
  return known.length === 0 ? 'what that makes of the load is not known' : `if the load stays, ${known.join(' and ')}`;
}

function propose(id: string) {
  return button({ text: 'Propose run', actionId: scalingActionIds.propose, value: id, style: 'primary' });
}

function snooze(id: string) {
  return button({ text: 'Snooze…', actionId: scalingActionIds.snooze, value: id });
}

function dismiss(id: string) {
  return button({ text: 'Dismiss…', actionId: scalingActionIds.dismiss, value: id });
}
