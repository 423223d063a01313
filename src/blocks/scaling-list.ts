import { formatDuration } from '../domain/duration.ts';
import { thresholdWords } from '../domain/scaling.ts';
import type { ScalingProposal, ScalingStanding } from '../domain/scaling-proposal.ts';
import type { MessageContent } from '../ports/chat.ts';
import { cut } from './cut.ts';
import { date } from './date.ts';
import { context, section, sections } from './elements.ts';
import { code, escapeText } from './escape-text.ts';
import { mention } from './mentions.ts';
import { message } from './message.ts';

const mostLines = 20;

/** Triggers, proposals, floors and cool-downs, as one person sees them. */
export function scalingList({ policy, proposals, floors, cooling, lookedAt }: ScalingStanding): MessageContent {
  const open = proposals.filter(({ settledAt }) => settledAt === undefined);
  return message(`Scaling: ${open.length} open`, [
    section(
      '*Triggers*',
      `Out: ${escapeText(thresholdWords(policy, 'out'))}`,
      `In: ${escapeText(thresholdWords(policy, 'in'))}`,
      policy.channel === undefined
        ? '⚠️ The policy file names no channel under scaling, so nothing is proposed.'
        : `Proposals stand in <#${escapeText(policy.channel)}>; a cell is left alone for ${formatDuration(policy.coolDownMs)} after one.`,
    ),
    ...sections(...titled('Proposals', proposals.map(proposalLine), 'None, now or in the last day.')),
    ...sections(
      ...titled(
        'Floors',
        floors.map(
          ({ cell, replicas, by, runId }) =>
            `*${escapeText(cell)}*: at least ${replicas}, set by ${mention(by)} with ${code(runId)}; ${code(`/stamps scaling release ${cell}`)}`,
        ),
        'Nobody set any.',
      ),
    ),
    ...sections(
      ...titled(
        'Cool-downs',
        cooling.map(({ cell, until }) => `*${escapeText(cell)}* until ${date(until, 'day')}`),
        'None.',
      ),
    ),
    context(
      lookedAt === undefined ? 'No window was looked at yet' : `Looked at up to ${date(lookedAt, 'day')}`,
      `a cell keeps ${policy.mostPerCell} replicas at the most, a region ${policy.mostPerRegion}`,
    ),
  ]);
}

function titled(title: string, lines: readonly string[], none: string): string[] {
  const more = lines.length - mostLines;
  return [
    `*${title}*`,
    ...(lines.length === 0 ? [none] : lines.slice(0, mostLines)),
    ...(more > 0 ? [`… and ${more} more`] : []),
  ];
}

function proposalLine({ id, cell, direction, evidence, state, runId, snoozedUntil, reason }: ScalingProposal): string {
  const what = `${code(id)} *${escapeText(cell)}* ${direction} to ${evidence.to}: ${state}`;
  const more = [
    ...(state === 'snoozed' && snoozedUntil !== undefined ? [`until ${date(snoozedUntil, 'day')}`] : []),
    ...(runId === undefined ? [] : [code(runId)]),
    ...(reason === undefined ? [] : [cut(escapeText(reason), 100)]),
  ];
  return [what, ...more].join(', ');
}
