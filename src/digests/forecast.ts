import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { initSync, MSTL } from '@bsull/augurs/mstl';

/** What is to be expected at a step ahead. */
export interface Expected {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const dayHours = 24;
const weekHours = 168;
const weekDays = 7;
/** A season must be seen three times, and so the interval be measured on what the model has not seen. */
const leastSeasons = 4;
/** The interval is measured on so many of the shortest seasons at most. */
const heldSeasons = 7;
/** With more holes than this the seasons are guesses. */
const leastKnownShare = 0.7;
/** How far the measured interval may differ from the model's own. */
const scales = { least: 0.5, most: 10 } as const;

let loaded = false;

/**
 * The next `horizon` hours, from hourly values, oldest first (undefined: not known). `level` of the truth, 0–1, should
 * lie in the interval. Undefined when the history is too short or has too many holes.
 *
 * MSTL (Bandara, Hyndman and Bergmeir 2021): seasons of a day and of a week are taken off by Loess, and the rest is
 * forecast by the exponential smoothing that fits it best. The model's own intervals are too narrow, as they stand on
 * what it was fitted to; they are stretched by what the last days, forecast without having been seen, show to be
 * right (split conformal prediction, Vovk and others 2005).
 */
export function forecastHours(
  values: readonly (number | undefined)[],
  horizon: number,
  level: number,
): Expected[] | undefined {
  return forecastLevels(values, horizon, [level])?.[0];
}

/** The same at several levels, for the work of one. */
export function forecastLevels(
  values: readonly (number | undefined)[],
  horizon: number,
  levels: readonly number[],
): Expected[][] | undefined {
  return forecast(values, horizon, levels, [dayHours, weekHours]);
}

/** The same of daily values, which have a week. Under four weeks of history nothing is said. */
export function forecastDays(
  values: readonly (number | undefined)[],
  horizon: number,
  level: number,
): Expected[] | undefined {
  return forecast(values, horizon, [level], [weekDays])?.[0];
}

function forecast(
  values: readonly (number | undefined)[],
  horizon: number,
  levels: readonly number[],
  seasons: readonly [number, ...number[]],
): Expected[][] | undefined {
  const [season] = seasons;
  const history = withoutLeadingHoles(values);
  const known = history.filter((value) => value !== undefined).length;
  if (history.length < leastSeasons * season || known < history.length * leastKnownShare) return undefined;
  const held = Math.min(heldSeasons, Math.floor(history.length / (leastSeasons * season))) * season;
  // The model is the same with and without what is held back: each of its seasons is seen three times in both.
  const periods = seasons.filter((each, index) => index === 0 || history.length - held >= 3 * each);
  const checked = fitted(history.slice(0, -held), held, levels, periods);
  return fitted(history, horizon, levels, periods).map((expected, index) => {
    const scale = stretch(history.slice(-held), checked[index] ?? [], levels[index] ?? 0);
    return expected.map(({ value, low, high }) => ({
      value,
      low: value - (value - low) * scale,
      high: value + (high - value) * scale,
    }));
  });
}

/** By level. */
function fitted(
  history: readonly (number | undefined)[],
  horizon: number,
  levels: readonly number[],
  periods: readonly number[],
): Expected[][] {
  load();
  const model = MSTL.ets([...periods], { impute: true });
  try {
    model.fit(history.map((value) => value ?? Number.NaN));
    return levels.map((level) => {
      const { point, intervals } = model.predict(horizon, level);
      return point.map((value, step) => ({
        value,
        low: intervals?.lower[step] ?? value,
        high: intervals?.upper[step] ?? value,
      }));
    });
  } finally {
    model.free();
  }
}

/** By how much the intervals must be stretched so that `level` of the truth lies in them. */
function stretch(truth: readonly (number | undefined)[], expected: readonly Expected[], level: number): number {
  const misses = expected
    .flatMap(({ value, high }, step) => {
      const found = truth[step];
      const half = high - value;
      return found === undefined || half <= 0 ? [] : [Math.abs(found - value) / half];
    })
    .sort((a, b) => a - b);
  if (misses.length === 0) return 1;
  const rank = Math.min(misses.length, Math.ceil((misses.length + 1) * level));
  return Math.min(scales.most, Math.max(scales.least, misses[rank - 1] as number));
}

function withoutLeadingHoles(values: readonly (number | undefined)[]): readonly (number | undefined)[] {
  const first = values.findIndex((value) => value !== undefined);
  return first < 0 ? [] : values.slice(first);
}

/** augurs' model is WebAssembly, in a file beside its module. */
function load(): void {
  if (loaded) return;
  const folder = dirname(createRequire(import.meta.url).resolve('@bsull/augurs/mstl'));
  initSync({ module: readFileSync(join(folder, 'mstl_bg.wasm')) });
  loaded = true;
}
