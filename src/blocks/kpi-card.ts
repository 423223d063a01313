import { formatDuration, minuteMs } from '../domain/duration.ts';
import { leastKnownShare, worstState } from '../domain/kpi.ts';
import { direction, type KpiLine, type KpiReport } from '../domain/kpi-report.ts';
import { boundsInWords, kpiValue } from '../domain/kpi-words.ts';
import type { MessageContent } from '../ports/chat.ts';
import { cut } from './cut.ts';
import { date } from './date.ts';
import { context, header, picture, section } from './elements.ts';
import { code, escapeText } from './escape-text.ts';
import { kpiName, kpiStateWords } from './kpi-lines.ts';
import { message, say } from './message.ts';

/** A snapshot is taken every five minutes of a window that ended five minutes ago: older than this, some are missing. */
const staleMs = 20 * minuteMs;
const arrows = { better: '↗ better than', worse: '↘ worse than', steady: '→ as' } as const;

/** Value, target, state, trend and error budget of each indicator, each with its window and statistic. */
export function kpiCard(
  report: KpiReport,
  shown: { readonly fileId: string; readonly altText: string } | undefined,
): MessageContent {
  const title = `Indicators of ${report.called}`;
  const { at, ageMs = 0, windowMs, lines } = report;
  if (at === undefined)
    return say(
      `*${escapeText(title)}:* nothing is known yet.`,
      'The first snapshot comes within a minute or so of the start, when Azure answers.',
    );
  const worst = worstState(lines.map(({ state }) => state));
  return message(`${escapeText(title)}: ${kpiStateWords[worst]}`, [
    header(title),
    ...(shown ? [picture(shown.fileId, shown.altText)] : []),
    ...(ageMs > staleMs
      ? [section(`⚠️ The newest snapshot is ${formatDuration(ageMs)} old: what happened since is not known.`)]
      : []),
    ...lines.map((line) => section(...lineOf(line, windowMs))),
    context(
      `measured until ${date(at, 'day')}`,
      'error budgets of 30 days',
      `${code('/stamps kpi cell <cell>')}, ${code('/stamps kpi region <region> 24h')}`,
    ),
  ]);
}

/** In one line: `✅ Latency 83 ms, on target (p95 over 5m)`. */
export function indicatorLine({ definition, state, value, scope, cells, reason }: KpiLine): string {
  const [sign = '', ...words] = kpiStateWords[state].split(' ');
  const title = escapeText(definition.title);
  if (value === undefined) return `${sign} ${title} — not known: ${cut(escapeText(reason ?? ''), 120)}`;
  const worst = cells > 1 ? `, worst: ${cut(escapeText(scope.replace(/^cell\//, '')), 60)}` : '';
  return `${sign} ${title} ${kpiValue(definition.unit, value)}, ${words.join(' ')} (${escapeText(definition.statistic)} over ${formatDuration(definition.judgedOverMs)}${worst})`;
}

function lineOf(line: KpiLine, windowMs: number | undefined): string[] {
  const { definition, scope, value, state, cells, unknownCells, tenant, reason } = line;
  const name = cells > 1 ? `${escapeText(definition.title)}, worst of ${cells} cells` : kpiName(definition, scope);
  if (value === undefined)
    return [`${kpiStateWords.unknown.slice(0, 1)} *${name}:* not known`, cut(escapeText(reason ?? ''), 300)];
  const whose = [
    cells > 1 ? cut(escapeText(scope.replace(/^cell\//, '')), 80) : undefined,
    tenant === undefined ? undefined : `tenant ${cut(escapeText(tenant), 80)}`,
  ].filter((one) => one !== undefined);
  const of = whose.length > 0 ? ` (${whose.join(', ')})` : '';
  const missing = unknownCells > 0 ? [`❔ ${unknownCells} of ${cells} cells not known`] : [];
  return [
    `*${name}:* ${kpiValue(definition.unit, value)}${of} — ${kpiStateWords[state]}`,
    [
      `${escapeText(definition.statistic)} over ${formatDuration(windowMs ?? definition.judgedOverMs)}`,
      ...boundsInWords(definition),
    ]
      .map(escapeText)
      .join(' · '),
    [...rangeOf(line, windowMs), ...moveOf(line), budgetOf(line), ...missing].join(' · '),
  ];
}

/** Of a longer time the value is the mean of its windows: the lowest and highest stand beside it. */
function rangeOf({ definition, least, most }: KpiLine, windowMs: number | undefined): string[] {
  if (windowMs === undefined || least === undefined || most === undefined) return [];
  const how =
    definition.budget.by === 'ratio'
      ? 'windows'
      : `mean of its ${formatDuration(definition.windowMs)} windows, they were`;
  return [`${how} ${kpiValue(definition.unit, least)} to ${kpiValue(definition.unit, most)}`];
}

function moveOf({ definition, move }: KpiLine): string[] {
  if (!move) return ['trend not known yet'];
  return [`${arrows[direction(definition, move)]} ${move.against} (${kpiValue(definition.unit, move.before)})`];
}

function budgetOf({ budget }: KpiLine): string {
  if (!budget || budget.knownShare < leastKnownShare) return 'error budget not known yet';
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  const left = budget.usedShare >= 1 ? 'error budget used up' : `error budget ${percent(budget.leftShare)} left`;
  return budget.knownShare < 0.95 ? `${left} (${percent(budget.knownShare)} of its time is known)` : left;
}
