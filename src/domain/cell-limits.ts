import { type Growth, growthOf, type Reached, whenReached } from './growth.ts';

/** What a cell may run out of. */
export const limitKinds = ['tenants', 'cpu', 'sqlLoad', 'sqlStorage', 'account', 'requests'] as const;
export type LimitKind = (typeof limitKinds)[number];

/** What people call it. */
export const limitNames: Readonly<Record<LimitKind, string>> = {
  tenants: 'Tenants',
  cpu: 'Container CPU',
  sqlLoad: 'SQL load (DTU, or CPU where it is bought by vCores)',
  sqlStorage: 'SQL storage',
  account: 'Storage account',
  requests: 'Requests a second',
};

/** A storage account holds 5 PiB by default (learn.microsoft.com, “Scalability and performance targets for standard storage accounts”). */
export const accountLimitBytes = 5 * 1024 ** 5;

/** One series of a cell: a value a week, oldest first, the newest ends now. */
export interface WeeklySeries {
  readonly weeks: readonly (number | undefined)[];
  /** First day with a value, ISO 8601. */
  readonly knownFrom: string;
}

/** How a cell stands against one limit. What is not known is absent. */
export interface CellLimit {
  readonly cell: string;
  readonly region: string;
  readonly kind: LimitKind;
  readonly now?: number;
  readonly limit?: number;
  readonly knownFrom?: string;
  /** Absent: too little is known to foresee anything. */
  readonly growth?: Growth;
  readonly reached?: Reached;
}

export function cellLimit(
  about: Pick<CellLimit, 'cell' | 'region' | 'kind'>,
  limit: number | undefined,
  series: WeeklySeries | undefined,
): CellLimit {
  const now = series?.weeks.at(-1);
  const growth = series && growthOf(series.weeks);
  return {
    ...about,
    ...(now !== undefined && { now }),
    ...(limit !== undefined && { limit }),
    ...(series && { knownFrom: series.knownFrom }),
    ...(growth && { growth }),
    ...(growth && limit !== undefined && { reached: whenReached(growth, limit) }),
  };
}

/**
 * Those that are reached within so many days, by the forecast or the earlier edge of its interval; the first first.
 * Undefined: nothing can be foreseen of any.
 */
export function comingLimits(limits: readonly CellLimit[], days: number): CellLimit[] | undefined {
  if (!limits.some(({ reached }) => reached !== undefined)) return undefined;
  const soonest = ({ reached }: CellLimit) => reached?.inDays ?? Number.POSITIVE_INFINITY;
  const earliest = ({ reached }: CellLimit) => reached?.earliestDays ?? Number.POSITIVE_INFINITY;
  return limits
    .filter((one) => earliest(one) <= days)
    .toSorted((a, b) => compare(soonest(a), soonest(b)) || compare(earliest(a), earliest(b)));
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** The volume of data of the estate, against the plan. */
export interface DataVolume {
  /** Of the cells that are known, in gigabytes (1024³); absent: of none. */
  readonly gigabytes?: number;
  readonly knownCells: number;
  readonly cells: number;
  readonly growth?: Growth;
}

/**
 * The volumes of cells put together. It grows as those cells did that were known in every week: one that is missing
 * for a week must not look like data that went away.
 */
export function dataVolume(cells: number, series: readonly WeeklySeries[]): DataVolume {
  const current = series.flatMap(({ weeks }) => weeks.at(-1) ?? []);
  if (current.length === 0) return { knownCells: 0, cells };
  const gigabytes = current.reduce((sum, bytes) => sum + bytes, 0);
  const first = Math.min(...series.map(({ weeks }) => weeks.findIndex((value) => value !== undefined)));
  const whole = series.filter(({ weeks }) => weeks.slice(first).every((value) => value !== undefined));
  const growth = growthOf(
    (series[0]?.weeks ?? []).map((_, week) =>
      week < first || whole.length === 0 ? undefined : whole.reduce((sum, { weeks }) => sum + (weeks[week] ?? 0), 0),
    ),
  );
  return { gigabytes, knownCells: current.length, cells, ...(growth && { growth: { ...growth, last: gigabytes } }) };
}
