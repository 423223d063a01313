import { type AnomalyLine, type KpiFigure, type OutlookLine, shareOfWayToAlert } from '../domain/digest.ts';
import { hourMs } from '../domain/duration.ts';
import type { KpiId, KpiScope } from '../domain/kpi.ts';
import type { Queries } from '../engine/database.ts';
import { digestRule, lookedAtHours, outRuns } from './anomalies.ts';
import type { DigestContext } from './digest-context.ts';
import { hasSeason, hoursOut, renew, type Series } from './expectations.ts';
import type { Forecaster } from './forecaster.ts';

export interface Ahead {
  readonly anomalies: readonly AnomalyLine[];
  readonly outlook: readonly OutlookLine[];
  /** How many indicators have no forecast yet, for want of time. */
  readonly left: number;
}

/** Forecasts are made ahead of reports; what is still without one just after a first start may take so long. */
const budgetMs = 5_000;

export type AheadContext = Pick<DigestContext, 'database' | 'clock'> & { readonly forecast: Forecaster };

/** What left its seasonal band since then (ms since 1970), and what is foreseen to pass a bound within two weeks. */
export async function lookAhead(
  context: AheadContext,
  figures: readonly KpiFigure[],
  at: number,
  since = at - lookedAtHours * hourMs,
): Promise<Ahead> {
  const { database } = context;
  const all = byNearness(figures);
  const left = await catchUp(context, all, at);
  const hour = (ms: number) => new Date(Math.floor(ms / hourMs) * hourMs).toISOString();
  const [out, outlook] = await Promise.all([hoursOut(database, hour(since), hour(at)), outlookOf(database, all, at)]);
  const bySeries = Map.groupBy(out, ({ kpi, scope }) => `${kpi} ${scope}`);
  const anomalies = all.flatMap(({ definition, scope }): AnomalyLine[] => {
    const runs = outRuns(bySeries.get(`${definition.id} ${scope}`) ?? [], digestRule);
    const furthest = runs
      .map((run) => run.furthest)
      .sort((a, b) => Math.abs(b.value - b.expected) - Math.abs(a.value - a.expected))[0];
    if (!furthest) return [];
    const { at: when, value, low, high } = furthest;
    return [{ definition, scope, at: when, value, low, high }];
  });
  return { anomalies, outlook, left };
}

/** Forecasts what has none yet, those nearest to their limits first; answers with how many are left. */
async function catchUp(
  { database, clock, forecast }: AheadContext,
  all: readonly Series[],
  at: number,
): Promise<number> {
  const endsAt = clock.now() + budgetMs;
  const fresh = await missing(database, all);
  for (const [index, series] of fresh.entries()) {
    if (clock.now() > endsAt) return fresh.length - index;
    await renew(database, forecast, series, at);
  }
  return 0;
}

async function missing(queries: Queries, all: readonly Series[]): Promise<Series[]> {
  const rows = await queries.query<{ kpi: KpiId; scope: KpiScope }>(
    'select kpi, scope from stamps.kpi_outlooks where made_to is not null',
  );
  const made = new Set(rows.map(({ kpi, scope }) => `${kpi} ${scope}`));
  return all.filter(({ definition, scope }) => !made.has(`${definition.id} ${scope}`));
}

async function outlookOf(queries: Queries, all: readonly Series[], at: number): Promise<OutlookLine[]> {
  const rows = await queries.query<{
    kpi: KpiId;
    scope: KpiScope;
    bound: 'target' | 'alert';
    passes_at: string;
    earliest_at: string;
  }>(
    `select kpi, scope, bound, passes_at, earliest_at from stamps.kpi_outlooks
     where bound is not null and passes_at >= $1 order by passes_at`,
    [new Date(at).toISOString()],
  );
  const known = new Map(all.map((series) => [`${series.definition.id} ${series.scope}`, series]));
  return rows.flatMap(({ kpi, scope, bound, passes_at, earliest_at }): OutlookLine[] => {
    const series = known.get(`${kpi} ${scope}`);
    return series ? [{ ...series, bound, at: passes_at, earliest: earliest_at }] : [];
  });
}

function byNearness(figures: readonly KpiFigure[]): Series[] {
  const nearness = ({ definition, value }: KpiFigure) =>
    value === undefined ? Number.NEGATIVE_INFINITY : shareOfWayToAlert(definition, value);
  return figures
    .filter(({ definition }) => hasSeason(definition))
    .toSorted((a, b) => nearness(b) - nearness(a))
    .map(({ definition, scope }) => ({ definition, scope }));
}
