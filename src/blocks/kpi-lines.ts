import type { AnomalyLine, BudgetLine, KpiFigure, KpiTrend, OutlookLine } from '../domain/digest.ts';
import { cellOfScope, type KpiDefinition, type KpiScope, type KpiState } from '../domain/kpi.ts';
import { boundsInWords, kpiValue } from '../domain/kpi-words.ts';
import { cut } from './cut.ts';
import { date } from './date.ts';
import { escapeText } from './escape-text.ts';

/** A sign and a word; neither stands alone. */
export const kpiStateWords: Readonly<Record<KpiState, string>> = {
  ok: '✅ on target',
  warning: '⚠️ close to the limit',
  alert: '🔴 past the limit',
  unknown: '❔ not known',
};

/** `Latency`, `Container CPU of cell-banking`. Escaped. */
export function kpiName({ title }: Pick<KpiDefinition, 'title'>, scope: KpiScope): string {
  const cell = cellOfScope(scope);
  return cell === undefined ? escapeText(title) : `${escapeText(title)} of ${cut(escapeText(cell), 80)}`;
}

export function figureLine({ definition, scope, state, value, reason }: KpiFigure): string {
  const name = `*${kpiName(definition, scope)}*`;
  if (value === undefined) return `${name}: ${kpiStateWords.unknown}, ${cut(escapeText(reason ?? ''), 150)}`;
  return `${name}: ${kpiValue(definition.unit, value)} — ${kpiStateWords[state]} (${escapeText(boundsInWords(definition).join(', '))})`;
}

/** `*Latency*: 142 ms, 120 ms yesterday, 118 ms a week ago`. */
export function trendLine({ definition, scope, now, yesterday, lastWeek }: KpiTrend): string {
  const say = (value: number | undefined) => (value === undefined ? 'not known' : kpiValue(definition.unit, value));
  return `*${kpiName(definition, scope)}*: ${say(now)}, ${say(yesterday)} the day before, ${say(lastWeek)} a week ago`;
}

export function budgetLine({ definition, scope, leftShare, knownShare }: BudgetLine): string {
  const left = leftShare <= 0 ? '🔴 used up' : `${percent(leftShare)} left`;
  const known = knownShare < 0.95 ? ` (${percent(knownShare)} of the 30 days is known)` : '';
  return `*${kpiName(definition, scope)}*: ${left}${known}`;
}

export function anomalyLine({ definition, scope, at, value, low, high }: AnomalyLine): string {
  const { unit } = definition;
  return `*${kpiName(definition, scope)}*: ${kpiValue(unit, value)} at ${date(at, 'day')}, expected ${kpiValue(unit, low)} to ${kpiValue(unit, high)}`;
}

export function outlookLine({ definition, scope, bound, at, earliest }: OutlookLine): string {
  const limit = kpiValue(definition.unit, definition[bound]);
  return `*${kpiName(definition, scope)}* reaches its ${bound} of ${limit} about ${date(at, 'date')}, ${date(earliest, 'date')} at the earliest`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
