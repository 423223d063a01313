import { hourMs } from '../domain/duration.ts';
import { forecastHours } from './forecast.ts';

/** A time in which the values left what was to be expected of them. */
export interface Anomaly {
  /** Index of the hour that is furthest out, in the values given. */
  readonly hour: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Looked at; what came before says what is to be expected. */
export const lookedAtHours = 24;
const level = 0.99;
/** An hour that was outside of its band. */
export interface HourOut {
  /** ISO 8601, the hour's beginning. */
  readonly at: string;
  readonly value: number;
  readonly expected: number;
  readonly low: number;
  readonly high: number;
}

/** How much must be out to be told. */
export interface AnomalyRule {
  /** Hours in a row. */
  readonly leastHours: number;
  /** Of them, one so many half widths of the band away from its middle. */
  readonly leastHalfWidths: number;
}

/** One hour out of a hundred lies outside by chance: two in a row and one of them far out are news for a digest. */
export const digestRule: AnomalyRule = { leastHours: 2, leastHalfWidths: 1.2 };
/** A card calls somebody: so it needs more. docs/indicators.md has the false alarms of both. */
export const cardRule: AnomalyRule = { leastHours: 3, leastHalfWidths: 1.5 };

/** What hardly ever moves has a band without width: a hundredth is no news. */
export const leastShareOut = 0.01;

/** Hours in a row that were outside of their band on one side. */
export interface OutRun {
  /** The first and the last, ISO 8601. */
  readonly from: string;
  readonly to: string;
  readonly hours: number;
  readonly above: boolean;
  readonly furthest: HourOut;
}

/** The runs among a series' hours that are out, which are in order; each long and far enough for the rule. */
export function outRuns(out: readonly HourOut[], rule: AnomalyRule): OutRun[] {
  const runs: HourOut[][] = [];
  for (const hour of out) {
    const run = runs.at(-1);
    const before = run?.at(-1);
    const follows =
      before && Date.parse(hour.at) - Date.parse(before.at) === hourMs && isAbove(before) === isAbove(hour);
    if (run && follows) run.push(hour);
    else runs.push([hour]);
  }
  return runs.flatMap((run) => {
    const furthest = run.reduce((most, one) => (halfWidths(one) > halfWidths(most) ? one : most));
    const [first, last] = [run[0], run.at(-1)];
    if (!first || !last || run.length < rule.leastHours || halfWidths(furthest) < rule.leastHalfWidths) return [];
    return [{ from: first.at, to: last.at, hours: run.length, above: isAbove(first), furthest }];
  });
}

function isAbove({ value, expected }: HourOut): boolean {
  return value > expected;
}

function halfWidths({ value, expected, low, high }: HourOut): number {
  return Math.abs(value - expected) / Math.max((high - low) / 2, Number.EPSILON);
}

/** What was to be expected of the last day; undefined: the history says too little. */
export function expectedDay(values: readonly (number | undefined)[]) {
  return forecastHours(values.slice(0, -lookedAtHours), lookedAtHours, level);
}

/** The clearest anomaly of the last day of hourly values; undefined: there is none, or too little is known. */
export function findAnomaly(
  values: readonly (number | undefined)[],
  rule = digestRule,
  expectedOfDay = expectedDay(values),
): Anomaly | undefined {
  const first = values.length - lookedAtHours;
  const out = (expectedOfDay ?? []).flatMap((expected, step): HourOut[] => {
    const value = values[first + step];
    if (value === undefined || (value >= expected.low && value <= expected.high)) return [];
    if (Math.abs(value - expected.value) <= leastShareOut * Math.abs(expected.value)) return [];
    const { low, high } = expected;
    const at = new Date((first + step) * hourMs).toISOString();
    return [{ at, value, expected: expected.value, low, high }];
  });
  const [furthest] = outRuns(out, rule)
    .map((run) => run.furthest)
    .sort((a, b) => halfWidths(b) - halfWidths(a));
  if (!furthest) return undefined;
  const { at, value, low, high } = furthest;
  return { hour: Date.parse(at) / hourMs, value, low, high };
}
