import { cardRule, digestRule, expectedDay, findAnomaly } from '../src/digests/anomalies.ts';
import { forecastHours } from '../src/digests/forecast.ts';
import { percentile } from './percentile.ts';
import { makeSeries, seriesKinds, withTrouble } from './series.ts';

const historyHours = 35 * 24;
const horizons = [24, 168] as const;
const level = 0.9;

interface Labelled {
  precision: number;
  recall: number;
  /** Alarms in 100 quiet days of a series. */
  falseAlarms: number;
  series: number;
}

export interface ForecastFigures {
  /** By kind and horizon: mean absolute error ÷ that of the naive seasonal forecast (the same hour a week ago). */
  readonly errors: { kind: string; horizon: number; share: number; againstBetterNaive: number }[];
  /** Share of the truth in the 90 % interval, over all. */
  readonly covered: number;
  readonly anomalies: Readonly<Record<'digest' | 'card', Labelled>>;
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
  const sums = { digest: { quiet: 0, right: 0 }, card: { quiet: 0, right: 0 } };
  const rules = { digest: digestRule, card: cardRule };
  let troubled = 0;
  for (const kind of seriesKinds) {
    for (let seed = 1; seed <= seeds; seed += 1) {
      const { measured } = makeSeries(kind, historyHours, 1_000 + seed);
      const expected = expectedDay(measured);
      const loud = withTrouble(measured, seed, 5);
      troubled += 1;
      for (const name of ['digest', 'card'] as const) {
        if (findAnomaly(measured, rules[name], expected)) sums[name].quiet += 1;
        if (findAnomaly(loud, rules[name], expected)) sums[name].right += 1;
      }
    }
  }
  const figures = ({ quiet, right }: { quiet: number; right: number }): Labelled => ({
    precision: right + quiet === 0 ? 1 : right / (right + quiet),
    recall: right / troubled,
    falseAlarms: (100 * quiet) / troubled,
    series: troubled * 2,
  });
  return { digest: figures(sums.digest), card: figures(sums.card) };
}

export function forecastLine({ errors, covered, anomalies, took }: ForecastFigures): string {
  const each = errors.map(
    ({ kind, horizon, share, againstBetterNaive }) =>
      `${kind} ${horizon} h ${share.toFixed(2)} (${againstBetterNaive.toFixed(2)})`,
  );
  return [
    `error ÷ naive seasonal forecast of a week ago (÷ the better of a week and a day ago): ${each.join(', ')}`,
    `${(covered * 100).toFixed(0)} % of the truth in the 90 % interval`,
    ...(['digest', 'card'] as const).map((name) => {
      const { precision, recall, falseAlarms, series } = anomalies[name];
      return `anomalies by the rule of the ${name} on ${series} labelled series: precision ${precision.toFixed(2)}, recall ${recall.toFixed(2)}, ${falseAlarms.toFixed(1)} false alarms in 100 quiet days`;
    }),
    `one forecast p50 ${percentile(took, 0.5).toFixed(0)} ms, p99 ${percentile(took, 0.99).toFixed(0)} ms`,
  ].join('; ');
}
