import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AnomalyLine, KpiFigure, OutlookLine } from '../domain/digest.ts';
import { shareOfWayToAlert } from '../domain/digest.ts';
import { hourMs } from '../domain/duration.ts';
import { isWorse, type KpiDefinition, type KpiScope } from '../domain/kpi.ts';
import { kpiSeries } from '../kpis/read-samples.ts';
import { findAnomaly } from './anomalies.ts';
import type { DigestContext } from './digest-context.ts';
import { type Expected, forecastHours } from './forecast.ts';

export interface Ahead {
  readonly anomalies: readonly AnomalyLine[];
  readonly outlook: readonly OutlookLine[];
  /** How many indicators were not looked at, for want of time. */
  readonly left: number;
}

const historyHours = 35 * 24;
const horizonHours = 14 * 24;
/** Of a forecast: nineteen times of twenty the truth lies in it. */
const level = 0.95;
/** Each forecast is work for this process: those nearest to their limits come first, and then it is enough. */
const budgetMs = 20_000;

/** What left its seasonal band in the last day, and what is foreseen to pass a bound within two weeks. */
export async function lookAhead(
  context: Pick<DigestContext, 'database' | 'clock'>,
  figures: readonly KpiFigure[],
  at: number,
): Promise<Ahead> {
  const { clock } = context;
  const endsAt = clock.now() + budgetMs;
  const anomalies: AnomalyLine[] = [];
  const outlook: OutlookLine[] = [];
  const order = byNearness(figures);
  for (const [index, { definition, scope, value }] of order.entries()) {
    if (clock.now() > endsAt) return { anomalies, outlook, left: order.length - index };
    const hours = await hoursOf(context, definition, scope, at);
    const anomaly = findAnomaly(hours);
    if (anomaly) {
      const { hour, ...rest } = anomaly;
      anomalies.push({ definition, scope, at: momentOf(hour - historyHours, at), ...rest });
    }
    await nextTurn();
    const line = value === undefined ? undefined : crossing(definition, scope, value, hours, at);
    if (line) outlook.push(line);
    await nextTurn();
  }
  outlook.sort((a, b) => a.at.localeCompare(b.at));
  return { anomalies, outlook, left: 0 };
}

/** The stored hours before the one that runs, oldest first; a missing one is a hole. */
export async function hoursOf(
  { database }: Pick<DigestContext, 'database'>,
  definition: KpiDefinition,
  scope: KpiScope,
  at: number,
): Promise<(number | undefined)[]> {
  const last = Math.floor(at / hourMs);
  const points = await kpiSeries(database, {
    definition,
    scopes: [scope],
    from: new Date((last - historyHours) * hourMs).toISOString(),
    to: new Date(last * hourMs).toISOString(),
    grain: 'hour',
  });
  const byHour = new Map(points.map((point) => [Math.floor(Date.parse(point.at) / hourMs), point.value]));
  return Array.from({ length: historyHours }, (_, index) => byHour.get(last - historyHours + index));
}

function momentOf(hours: number, at: number): string {
  return new Date((Math.floor(at / hourMs) + hours) * hourMs).toISOString();
}

/** The first bound that is still kept and is foreseen to be passed. */
function crossing(
  definition: KpiDefinition,
  scope: KpiScope,
  value: number,
  hours: readonly (number | undefined)[],
  at: number,
): OutlookLine | undefined {
  const bound = (['target', 'alert'] as const).find((name) => !isWorse(definition, value, definition[name]));
  const expected = bound && forecastHours(hours, horizonHours, level);
  if (!bound || !expected) return undefined;
  const worseEdge = ({ low, high }: Expected) => (definition.better === 'lower' ? high : low);
  const passes = (one: number) => isWorse(definition, one, definition[bound]);
  // A season that passes its bound every day is no news; what it did in the last week, it does again.
  if (hours.slice(-7 * 24).some((one) => one !== undefined && passes(one))) return undefined;
  const first = expected.findIndex((one) => passes(one.value));
  if (first < 0) return undefined;
  const earliest = expected.findIndex((one) => passes(worseEdge(one)));
  return { definition, scope, bound, at: momentOf(first, at), earliest: momentOf(Math.min(first, earliest), at) };
}

/** A share of what failed has no season to speak of: what is left are times, rates and loads. */
function byNearness(figures: readonly KpiFigure[]): KpiFigure[] {
  const nearness = ({ definition, value }: KpiFigure) =>
    value === undefined ? Number.NEGATIVE_INFINITY : shareOfWayToAlert(definition, value);
  return figures
    .filter(({ definition }) => definition.budget.by !== 'ratio')
    .toSorted((a, b) => nearness(b) - nearness(a));
}
