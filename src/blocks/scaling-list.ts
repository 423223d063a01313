import { formatDuration } from '../domain/duration.ts';
import { thresholdWords } from '../domain/scaling.ts';
import { isAboutSql, type ScalingProposal, type ScalingStanding } from '../domain/scaling-proposal.ts';
import { sqlThresholdWords } from '../domain/sql-scaling.ts';
import type { MessageContent } from '../ports/chat.ts';
import { cut } from './cut.ts';
import { date } from './date.ts';
import { context, section, sections } from './elements.ts';
import { code, escapeText } from './escape-text.ts';
import { mention } from './mentions.ts';
import { message } from './message.ts';

const mostLines = 20;

/** Triggers, proposals, floors and cool-downs, as one person sees them. */
export function scalingList({
  policy,
  proposals,
  floors,
  sqlFloors,
  cooling,
  lookedAt,
}: ScalingStanding): MessageContent {
  const open = proposals.filter(({ settledAt }) => settledAt === undefined);
  return message(`Scaling: ${open.length} open`, [
    section(
      '*Triggers*',
      `Out: ${escapeText(thresholdWords(policy, 'out'))}`,
      `In: ${escapeText(thresholdWords(policy, 'in'))}`,
      `Up: ${escapeText(sqlThresholdWords(policy.sql, 'up'))}`,
      `Down: ${escapeText(sqlThresholdWords(policy.sql, 'down'))}`,
      policy.channel === undefined
        ? '⚠️ The policy file names no channel under scaling, so nothing is proposed.'
        : `Proposals stand in <#${escapeText(policy.channel)}>; a cell is left alone for ${formatDuration(policy.coolDownMs)} after one, its database for ${formatDuration(policy.sql.coolDownMs)}.`,
    ),
    ...sections(...titled('Proposals', proposals.map(proposalLine), 'None, now or in the last day.')),
    ...sections(
      ...titled(
        'Floors',
        [
          ...floors.map(({ replicas, ...floor }) => floorLine(floor, `${replicas}`, '')),
          ...sqlFloors.map(({ objective, ...floor }) => floorLine(floor, `SQL ${objective}`, ' sql')),
        ],
        'Nobody set any.',
      ),
    ),
    ...sections(
      ...titled(
        'Cool-downs',
        cooling.map(
          ({ cell, what, until }) =>
            `*${escapeText(cell)}*${what === 'sql' ? ', its database,' : ''} until ${date(until, 'day')}`,
        ),
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

function floorLine(
  { cell, by, runId }: Pick<ScalingStanding['floors'][number], 'cell' | 'by' | 'runId'>,
  least: string,
  word: string,
): string {
  return `*${escapeText(cell)}*: at least ${escapeText(least)}, set by ${mention(by)} with ${code(runId)}; ${code(`/stamps scaling release ${cell}${word}`)}`;
}

function proposalLine(proposal: ScalingProposal): string {
  const { id, cell, direction, state, runId, snoozedUntil, reason } = proposal;
  const to = isAboutSql(proposal) ? proposal.evidence.to?.objective : `${proposal.evidence.to}`;
  const wanted = `${isAboutSql(proposal) ? 'SQL ' : ''}${direction}${to === undefined ? ', by hand' : ` to ${escapeText(to)}`}`;
  const what = `${code(id)} *${escapeText(cell)}* ${wanted}: ${state}`;
  const more = [
    ...(state === 'snoozed' && snoozedUntil !== undefined ? [`until ${date(snoozedUntil, 'day')}`] : []),
    ...(runId === undefined ? [] : [code(runId)]),
    ...(reason === undefined ? [] : [cut(escapeText(reason), 100)]),
  ];
  return [what, ...more].join(', ');
}
