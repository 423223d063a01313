/** How a level grew, week by week. */
export interface Growth {
  /** Of the newest week. */
  readonly last: number;
  readonly perWeek: number;
  /** Standard deviation of a week's step around `perWeek`. */
  readonly spread: number;
  /** Weeks from the first to the last known one, and how many steps between them are known. */
  readonly weeks: number;
  readonly steps: number;
}

/** When a limit is reached, in days from now; undefined: not within a year. */
export interface Reached {
  readonly inDays?: number;
  /** By the higher edge of the 80 % interval, and by its lower edge. */
  readonly earliestDays?: number;
  readonly latestDays?: number;
}

/** Four weeks: three steps, the least from which a spread can be told. */
const leastSteps = 3;
const leastKnownShare = 0.7;
const yearDays = 365;

/**
 * The growth of weekly values, oldest first; undefined: not known. Undefined under four weeks, with too many holes, or
 * when the newest week is not known. The values are a random walk with drift (Hyndman and Athanasopoulos, “Forecasting:
 * Principles and Practice”, 3rd edition, 5.2): storage and tenants have no season, and of a load its busiest hour in a
 * whole week is taken, which leaves none.
 */
export function growthOf(weeks: readonly (number | undefined)[]): Growth | undefined {
  const known = weeks.flatMap((value, week) => (value === undefined ? [] : [{ week, value }]));
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last || last.week !== weeks.length - 1) return undefined;
  const span = last.week - first.week;
  const steps = known.length - 1;
  if (steps < leastSteps || known.length < (span + 1) * leastKnownShare) return undefined;
  const perWeek = (last.value - first.value) / span;
  const squares = known.slice(1).reduce((sum, { week, value }, index) => {
    const before = known[index] as (typeof known)[number];
    const gap = week - before.week;
    return sum + (value - before.value - perWeek * gap) ** 2 / gap;
  }, 0);
  return { last: last.value, perWeek, spread: Math.sqrt(squares / (steps - 1)), weeks: span, steps };
}

/** What is to be expected so many days from now, with its 80 % interval. */
export function expectedIn(growth: Growth, days: number): { value: number; low: number; high: number } {
  const { last, perWeek, spread, weeks, steps } = growth;
  const ahead = days / 7;
  const value = last + perWeek * ahead;
  const half = studentsT90(steps - 1) * spread * Math.sqrt(ahead * (1 + ahead / weeks));
  return { value, low: value - half, high: value + half };
}

/** When `limit` is reached from below. */
export function whenReached(growth: Growth, limit: number): Reached {
  const first = (edge: 'value' | 'low' | 'high') => {
    for (let day = 0; day <= yearDays; day += 1) if (expectedIn(growth, day)[edge] >= limit) return day;
    return undefined;
  };
  const [inDays, earliestDays, latestDays] = [first('value'), first('high'), first('low')];
  return {
    ...(inDays !== undefined && { inDays }),
    ...(earliestDays !== undefined && { earliestDays }),
    ...(latestDays !== undefined && { latestDays }),
  };
}

/** 90th percentile of Student's t: Cornish and Fisher's expansion, Abramowitz and Stegun 26.7.5; 2 % low at 2 degrees. */
function studentsT90(degrees: number): number {
  const z = 1.2816;
  return z + (z ** 3 + z) / (4 * degrees) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2);
}
