import { makeSeries, seriesKinds, withTrouble } from '../../bench/series.ts';
import { findAnomaly, lookedAtHours } from '../../src/digests/anomalies.ts';
import { forecastHours } from '../../src/digests/forecast.ts';

jest.setTimeout(30_000);
const hours = 35 * 24;
const meanError = (truth: readonly number[], guess: readonly number[]) =>
  truth.reduce((sum, value, step) => sum + Math.abs(value - (guess[step] as number)), 0) / truth.length;

describe('a forecast', () => {
  it.each(seriesKinds)('of a %s series is nearer than the same hour of a week ago', (kind) => {
    const { measured } = makeSeries(kind, hours + 168, 3);
    const [known, truth] = [measured.slice(0, hours), measured.slice(hours)];
    const expected = forecastHours(known, 168, 0.9) ?? [];
    expect(
      meanError(
        truth,
        expected.map(({ value }) => value),
      ),
    ).toBeLessThan(meanError(truth, known.slice(-168)));
  });

  it('has an interval that holds about as much of the truth as it says', () => {
    let inside = 0;
    const seeds = [1, 2, 3, 4];
    for (const kind of seriesKinds) {
      for (const seed of seeds) {
        const { measured } = makeSeries(kind, hours + 24, seed);
        for (const [step, { low, high }] of (forecastHours(measured.slice(0, hours), 24, 0.9) ?? []).entries()) {
          const truth = measured[hours + step] as number;
          if (truth >= low && truth <= high) inside += 1;
        }
      }
    }
    const share = inside / (seriesKinds.length * seeds.length * 24);
    expect(share).toBeGreaterThan(0.8);
    expect(share).toBeLessThan(0.98);
  });

  it('bears holes', () => {
    const { measured } = makeSeries('weekly-growing', hours + 24, 5);
    const holed = measured.slice(0, hours).map((value, hour) => (hour % 7 === 0 ? undefined : value));
    const expected = forecastHours(holed, 24, 0.9) ?? [];
    expect(
      meanError(
        measured.slice(hours),
        expected.map(({ value }) => value),
      ),
    ).toBeLessThan(15);
  });

  it.each([
    ['nothing', []],
    ['three days', makeSeries('daily', 72, 1).measured],
    [
      'five weeks, mostly unknown',
      makeSeries('daily', hours, 1).measured.map((value, hour) => (hour % 3 ? undefined : value)),
    ],
    ['a new cell', [...Array(hours - 48).fill(undefined), ...makeSeries('daily', 48, 1).measured]],
  ])('is not made of %s', (_, values) => {
    expect(forecastHours(values, 24, 0.9)).toBeUndefined();
    expect(findAnomaly(values)).toBeUndefined();
  });

  it('of what never changes is the same, without width', () => {
    const expected = forecastHours(Array(hours).fill(5), 24, 0.9) ?? [];
    expect(expected).toHaveLength(24);
    for (const { value } of expected) expect(value).toBeCloseTo(5, 2);
  });
});

describe('an anomaly', () => {
  const { measured } = makeSeries('weekly-growing', hours, 11);

  it('is found in the last day, with its band', () => {
    const found = findAnomaly(withTrouble(measured, 11, 6));
    expect(found?.hour).toBeGreaterThanOrEqual(hours - lookedAtHours);
    expect(found && (found.value > found.high || found.value < found.low)).toBe(true);
  });

  it('is not a day like any other, nor a single hour', () => {
    expect(findAnomaly(measured)).toBeUndefined();
    const once = measured.map((value, hour) => (hour === hours - 6 ? value * 3 : value));
    expect(findAnomaly(once)).toBeUndefined();
  });
});
