import { dayMs } from '../domain/duration.ts';
import {
  type BudgetSums,
  type ErrorBudget,
  errorBudget,
  type KpiDefinition,
  type KpiId,
  type KpiReading,
  type KpiScope,
  type KpiState,
  kpiState,
  ratioOf,
} from '../domain/kpi.ts';
import type { Queries } from '../engine/database.ts';

/** How an indicator stands: the samples of `judgedOverMs` before `to`, put together. */
export interface KpiStanding {
  readonly definition: KpiDefinition;
  readonly scope: KpiScope;
  readonly reading: KpiReading;
  readonly state: KpiState;
}

/** All standings as of the newest snapshot. */
export interface KpiSnapshot {
  /** End of its window, ISO 8601. */
  readonly at: string;
  readonly standings: readonly KpiStanding[];
}

/** A point of a series; without a value nothing was known in that time. */
export interface KpiPoint {
  /** End of a window, or beginning of an hour or day (UTC); ISO 8601. */
  readonly at: string;
  /** Of an hour or day: the mean of its windows; of a ratio, the whole. Of several scopes: the worst of them. */
  readonly value?: number;
  /** Lowest and highest window in it. */
  readonly least?: number;
  readonly most?: number;
}

export type Grain = 'window' | 'hour' | 'day';

/** What is kept how long. */
export const kept: Readonly<Record<Grain, number>> = { window: 3 * dayMs, hour: 35 * dayMs, day: 400 * dayMs };

/** The error budget's period. */
export const budgetPeriodMs = 30 * dayMs;

interface SampleRow {
  readonly kpi: KpiId;
  readonly scope: KpiScope;
  readonly value: number | null;
  readonly good: number | null;
  readonly total: number | null;
  readonly of: string | null;
  readonly reason: string | null;
  readonly at: string;
}

/**
 * The newest snapshot; undefined before the first one. `scopes` undefined: all of them.
 * What the newest snapshot does not hold (a cell that was added since) is absent.
 */
export async function latestSnapshot(
  queries: Queries,
  definitions: readonly KpiDefinition[],
  scopes?: readonly KpiScope[],
): Promise<KpiSnapshot | undefined> {
  const [newest] = await queries.query<{ at: string | null }>(
    'select max(at) as at from stamps.kpi_slots where done_at is not null',
  );
  if (!newest?.at) return undefined;
  const { at } = newest;
  const rows = await queries.query<SampleRow>(
    `select kpi, scope, value, good, total, of, reason, at from stamps.kpi_samples
     where at = $1 and ($2::text[] is null or scope = any($2))`,
    [at, scopes ?? null],
  );
  const standings = await Promise.all(
    definitions.flatMap((definition) =>
      rows
        .filter(({ kpi }) => kpi === definition.id)
        .map(async (row): Promise<KpiStanding> => {
          const reading =
            definition.judgedOverMs > definition.windowMs
              ? await judged(queries, definition, row)
              : readingOf(definition, row);
          return { definition, scope: row.scope, reading, state: kpiState(definition, reading.value) };
        }),
    ),
  );
  return { at, standings };
}

function readingOf(
  definition: KpiDefinition,
  { kpi, scope, at, value, good, total, of, reason }: SampleRow,
): KpiReading {
  const from = new Date(Date.parse(at) - definition.windowMs).toISOString();
  const about = { kpi, scope, from, to: at };
  if (value === null) return { ...about, reason: reason ?? 'not known' };
  return {
    ...about,
    value,
    ...(good !== null && { good }),
    ...(total !== null && { total }),
    ...(of !== null && { of }),
  };
}

/** The samples of the time that is judged, put together: a ratio by its sums, all else by its mean. */
async function judged(queries: Queries, definition: KpiDefinition, newest: SampleRow): Promise<KpiReading> {
  const from = new Date(Date.parse(newest.at) - definition.judgedOverMs).toISOString();
  const [sums] = await queries.query<{ mean: number | null; good: number | null; total: number | null }>(
    `select avg(value) as mean, sum(good) as good, sum(total) as total from stamps.kpi_samples
     where kpi = $1 and scope = $2 and at > $3 and at <= $4 and value is not null`,
    [definition.id, newest.scope, from, newest.at],
  );
  const about = { kpi: definition.id, scope: newest.scope, from, to: newest.at };
  const { mean = null, good = null, total = null } = sums ?? {};
  const value = definition.budget.by === 'ratio' ? ratioOf(definition, good ?? 0, total ?? 0) : (mean ?? undefined);
  if (value === undefined) return { ...about, reason: newest.reason ?? 'there was nothing to measure' };
  return { ...about, value, ...(good !== null && { good }), ...(total !== null && { total }) };
}

/**
 * Points of time in order, those that were measured; of several scopes the worst at each. Windows are kept for 3 days,
 * hours for 35, days for 400.
 */
export async function kpiSeries(
  queries: Queries,
  wanted: {
    readonly definition: KpiDefinition;
    readonly scopes: readonly KpiScope[];
    /** ISO 8601; from excluded for windows, which are named by their end, and included for hours and days. */
    readonly from: string;
    readonly to: string;
    readonly grain: Grain;
  },
): Promise<KpiPoint[]> {
  const { definition, scopes, from, to, grain } = wanted;
  const worst = definition.better === 'lower' ? 'max' : 'min';
  const whole = definition.better === 'higher' ? 'good' : '(total - good)';
  const value = definition.budget.by === 'ratio' ? `100 * ${whole} / nullif(total, 0)` : 'mean';
  const rows =
    grain === 'window'
      ? await queries.query<{ at: string; value: number | null; least: number | null; most: number | null }>(
          `select at, ${worst}(value) as value, min(value) as least, max(value) as most from stamps.kpi_samples
           where kpi = $1 and scope = any($2) and at > $3 and at <= $4 group by at order by at`,
          [definition.id, scopes, from, to],
        )
      : await queries.query<{ at: string; value: number | null; least: number | null; most: number | null }>(
          `select at, ${worst}(${value}) as value, min(least) as least, max(most) as most from stamps.kpi_rollups
           where grain = $5 and kpi = $1 and scope = any($2) and at >= $3 and at < $4 group by at order by at`,
          [definition.id, scopes, from, to, grain],
        );
  return rows.map(({ at, value, least, most }) => ({
    at,
    ...(value !== null && { value }),
    ...(least !== null && { least }),
    ...(most !== null && { most }),
  }));
}

/** What the samples of whole days (UTC) sum up to, each scope by itself. */
export async function budgetSums(
  queries: Queries,
  wanted: { readonly kpi: KpiId; readonly scopes: readonly KpiScope[]; readonly from: string; readonly to: string },
): Promise<Map<KpiScope, BudgetSums>> {
  const rows = await queries.query<BudgetSums & { scope: KpiScope }>(
    `select scope, coalesce(sum(good), 0) as good, coalesce(sum(total), 0) as total,
            sum(known)::int as known, sum(met)::int as met
     from stamps.kpi_rollups
     where grain = 'day' and kpi = $1 and scope = any($2) and at >= date_trunc('day', $3::timestamptz, 'UTC') and at < $4
     group by scope`,
    [wanted.kpi, wanted.scopes, wanted.from, wanted.to],
  );
  return new Map(rows.map(({ scope, ...sums }) => [scope, sums]));
}

/** The error budget of the last 30 days before `to`, each scope by itself; absent where nothing is known. */
export async function errorBudgets(
  queries: Queries,
  definition: KpiDefinition,
  scopes: readonly KpiScope[],
  to: string,
): Promise<Map<KpiScope, ErrorBudget>> {
  const from = new Date(Date.parse(to) - budgetPeriodMs).toISOString();
  const sums = await budgetSums(queries, { kpi: definition.id, scopes, from, to });
  return new Map(
    [...sums].flatMap(([scope, each]) => {
      const budget = errorBudget(definition, each, budgetPeriodMs);
      return budget === undefined ? [] : [[scope, budget] as const];
    }),
  );
}
