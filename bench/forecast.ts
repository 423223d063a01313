import { findAnomaly } from '../src/digests/anomalies.ts';
import { forecastHours } from '../src/digests/forecast.ts';
import { percentile } from './percentile.ts';
import { makeSeries, seriesKinds, withTrouble } from './series.ts';

const historyHours = 35 * 24;
const horizons = [24, 168] as const;
const level = 0.9;

export interface ForecastFigures {
  /** By kind and horizon: mean absolute error ÷ that of the naive seasonal forecast (the same hour a week ago). */
  readonly errors: { kind: string; horizon: number; share: number; againstBetterNaive: number }[];
  /** Share of the truth in the 90 % interval, over all. */
  readonly covered: number;
  readonly anomalies: { precision: number; recall: number; series: number };
  /** Milliseconds a forecast. */
  readonly took: number[];
}

/** Back-tested on series whose making is known, so many of each kind; half of them with a trouble in the last day. */
export function benchForecast(seeds: number): ForecastFigures {
  const took: number[] = [];
  let inside = 0;
  let all = 0;
  const errors = seriesKinds.flatMap((kind) =>
    horizons.map((horizon) => {
      const sums = { ours: 0, week: 0, day: 0 };
      for (let seed = 1; seed <= seeds; seed += 1) {
        const { measured } = makeSeries(kind, historyHours + horizon, seed);
        const known = measured.slice(0, historyHours);
        const began = performance.now();
        const expected = forecastHours(known, horizon, level) ?? [];
        took.push(performance.now() - began);
        for (const [step, { value, low, high }] of expected.entries()) {
          const truth = measured[historyHours + step] as number;
          sums.ours += Math.abs(truth - value);
          sums.week += Math.abs(truth - (known[historyHours - 168 + (step % 168)] as number));
          sums.day += Math.abs(truth - (known[historyHours - 24 + (step % 24)] as number));
          if (truth >= low && truth <= high) inside += 1;
          all += 1;
        }
      }
      return {
        kind,
        horizon,
        share: sums.ours / sums.week,
        againstBetterNaive: sums.ours / Math.min(sums.week, sums.day),
      };
    }),
  );
  return { errors, covered: inside / all, anomalies: labelled(seeds), took };
}

function labelled(seeds: number): ForecastFigures['anomalies'] {
  let found = 0;
  let right = 0;
  let troubled = 0;
  for (const kind of seriesKinds) {
    for (let seed = 1; seed <= seeds; seed += 1) {
      const { measured } = makeSeries(kind, historyHours, 1_000 + seed);
      const quiet = findAnomaly(measured);
      const loud = findAnomaly(withTrouble(measured, seed, 5));
      troubled += 1;
      found += (quiet ? 1 : 0) + (loud ? 1 : 0);
      right += loud ? 1 : 0;
    }
  }
  return { precision: found === 0 ? 1 : right / found, recall: right / troubled, series: troubled * 2 };
}

export function forecastLine({ errors, covered, anomalies, took }: ForecastFigures): string {
  const each = errors.map(
    ({ kind, horizon, share, againstBetterNaive }) =>
      `${kind} ${horizon} h ${share.toFixed(2)} (${againstBetterNaive.toFixed(2)})`,
  );
  return [
    `error ÷ naive seasonal forecast of a week ago (÷ the better of a week and a day ago): ${each.join(', ')}`,
    `${(covered * 100).toFixed(0)} % of the truth in the 90 % interval`,
    `anomalies on ${anomalies.series} labelled series: precision ${anomalies.precision.toFixed(2)}, recall ${anomalies.recall.toFixed(2)}`,
    `one forecast p50 ${percentile(took, 0.5).toFixed(0)} ms, p99 ${percentile(took, 0.99).toFixed(0)} ms`,
  ].join('; ');
}
