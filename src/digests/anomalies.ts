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
/** One hour out of a hundred lies outside by chance: two in a row and one of them far out are news. */
const leastHours = 2;
const leastHalfWidths = 1.2;

/** What was to be expected of the last day; undefined: the history says too little. */
export function expectedDay(values: readonly (number | undefined)[]) {
  return forecastHours(values.slice(0, -lookedAtHours), lookedAtHours, level);
}

/** The clearest anomaly of the last day of hourly values; undefined: there is none, or too little is known. */
export function findAnomaly(values: readonly (number | undefined)[]): Anomaly | undefined {
  const expected = expectedDay(values);
  if (!expected) return undefined;
  const first = values.length - lookedAtHours;
  let furthest: (Anomaly & { readonly out: number }) | undefined;
  let row: (Anomaly & { readonly out: number })[] = [];
  for (const [step, { value: middle, low, high }] of expected.entries()) {
    const value = values[first + step];
    const half = Math.max((high - low) / 2, Number.EPSILON);
    const out = value === undefined ? 0 : Math.abs(value - middle) / half;
    if (value === undefined || out <= 1) {
      row = [];
      continue;
    }
    row.push({ hour: first + step, value, low, high, out });
    if (row.length < leastHours) continue;
    for (const one of row) {
      if (one.out >= leastHalfWidths && one.out > (furthest?.out ?? 0)) furthest = one;
    }
  }
  if (!furthest) return undefined;
  const { hour, value, low, high } = furthest;
  return { hour, value, low, high };
}
