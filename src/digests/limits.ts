import {
  accountLimitBytes,
  type CellLimit,
  cellLimit,
  comingLimits,
  type DataVolume,
  dataVolume,
  type LimitKind,
  limitKinds,
  type WeeklySeries,
} from '../domain/cell-limits.ts';
import { dayMs } from '../domain/duration.ts';
import type { Cell } from '../domain/estate.ts';
import { cellScope, type KpiScope } from '../domain/kpi.ts';
import type { DigestContext } from './digest-context.ts';

/** How the cells stand against what they may run out of. */
export interface Limits {
  readonly limits: readonly CellLimit[];
  readonly data: DataVolume;
}

const historyWeeks = 13;
/** A past week of fewer days says too little; the newest says what is now from its first day on. */
const leastDays = 4;
const gigabyte = 1024 ** 3;

const series: Readonly<Record<LimitKind, string>> = {
  tenants: 'capacity.tenants',
  cpu: 'containerCpu',
  sqlLoad: 'capacity.sqlLoad',
  sqlStorage: 'capacity.sqlStorage',
  account: 'capacity.accountBytes',
  requests: 'capacity.requests',
};
/** Of a load its busiest hour of the week counts, of a level the newest day's mean. */
const loads = [series.cpu, series.sqlLoad, series.requests];
const volumes = ['capacity.sqlBytes', 'capacity.accountBytes', 'capacity.cosmosBytes'];

/**
 * From the stored days; asks Azure nothing. `requestsAtMost`: requests a second of a cell at all the replicas that it
 * may have, by its name, where that is known.
 */
export async function readLimits(
  { database, estate, definitions }: Pick<DigestContext, 'database' | 'estate' | 'definitions'>,
  at: number,
  requestsAtMost: ReadonlyMap<string, number>,
): Promise<Limits> {
  const weekly = await weeklySeries(database, at);
  const cpuAlert = definitions.find(({ id }) => id === 'containerCpu')?.alert;
  const limitOf = (kind: LimitKind, { name, mostTenants }: Cell): number | undefined => {
    if (kind === 'tenants') return mostTenants;
    if (kind === 'requests') return requestsAtMost.get(name);
    if (kind === 'account') return accountLimitBytes;
    return kind === 'cpu' ? cpuAlert : 100;
  };
  const limits = estate.cells.flatMap((cell) =>
    limitKinds.map((kind) =>
      cellLimit(
        { cell: cell.name, region: cell.region, kind },
        limitOf(kind, cell),
        weekly.get(`${series[kind]} ${cellScope(cell.name)}`),
      ),
    ),
  );
  const bytes = estate.cells.flatMap(({ name }) =>
    together(volumes.flatMap((kpi) => weekly.get(`${kpi} ${cellScope(name)}`) ?? [])),
  );
  return { limits, data: dataVolume(estate.cells.length, bytes) };
}

/** Those that come within so many days; when none can be foreseen, `missing` says so, as that is no good news. */
export function limitsWithin(limits: Limits | undefined, days: number, missing: string[]): CellLimit[] | undefined {
  const coming = limits && comingLimits(limits.limits, days);
  if (limits && !coming) missing.push('Limits of cells: none can be foreseen yet, that takes four weeks of figures.');
  return coming;
}

/** A cell's volumes as one, in gigabytes: of a week in which one of them is not known, nothing is. */
function together(parts: readonly WeeklySeries[]): WeeklySeries[] {
  const [first] = parts;
  if (!first) return [];
  const weeks = first.weeks.map((_, week) => {
    const values = parts.map((part) => part.weeks[week]);
    return values.includes(undefined)
      ? undefined
      : values.reduce<number>((sum, value) => sum + (value ?? 0) / gigabyte, 0);
  });
  return [{ weeks, knownFrom: first.knownFrom }];
}

async function weeklySeries(database: DigestContext['database'], at: number): Promise<Map<string, WeeklySeries>> {
  const today = Math.floor(at / dayMs);
  const rows = await database.query<{
    kpi: string;
    scope: KpiScope;
    from: string;
    weeks: number[];
    values: number[];
  }>(
    `with days as (
       select kpi, scope, at, case when kpi = any($2) then most else mean end as value,
              greatest(0, $3::int - 1 - floor(extract(epoch from at) / 86400)::int) / 7 as week
       from stamps.kpi_rollups
       where grain = 'day' and kpi = any($1) and at >= to_timestamp(($3::int - 7 * $4::int) * 86400.0) and at <= to_timestamp($3::int * 86400.0)
         and mean is not null and scope <> 'global'
     ), weeks as (
       select kpi, scope, week, min(at) as since,
              case when kpi = any($2) then max(value) else (array_agg(value order by at desc))[1] end as value
       from days group by kpi, scope, week having count(*) >= $5 or week = 0
     )
     select kpi, scope, min(since) as from, array_agg(week) as weeks, array_agg(value) as values
     from weeks group by kpi, scope`,
    [[...Object.values(series), ...volumes], loads, today, historyWeeks, leastDays],
  );
  return new Map(
    rows.map(({ kpi, scope, from, weeks, values }) => {
      const byWeek = new Map(weeks.map((week, index) => [week, values[index]]));
      return [
        `${kpi} ${scope}`,
        {
          weeks: Array.from({ length: historyWeeks }, (_, index) => byWeek.get(historyWeeks - 1 - index)),
          knownFrom: from,
        },
      ];
    }),
  );
}
