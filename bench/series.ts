import { seededRandom } from './seeded-random.ts';

/** Hourly values whose making is known: what they would be without noise, and what was measured. */
export interface Series {
  readonly name: string;
  readonly measured: number[];
}

const day = 24;
const seasonOfDay = (hour: number) => Math.sin((2 * Math.PI * (hour - 8)) / day);
const isWeekend = (hour: number) => Math.floor(hour / day) % 7 >= 5;

/** Latency with a daily peak; demand with days, weekends and growth; load that grows in proportion; a restless one. */
export const seriesKinds = ['daily', 'weekly-growing', 'proportional', 'restless'] as const;

export function makeSeries(kind: (typeof seriesKinds)[number], hours: number, seed: number): Series {
  const random = seededRandom(seed);
  const noise = () => Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
  let drift = 0;
  const value = (hour: number): number => {
    switch (kind) {
      case 'daily':
        return 100 + 30 * seasonOfDay(hour) + 3 * noise();
      case 'weekly-growing':
        return 100 + 0.03 * hour + 25 * seasonOfDay(hour) - (isWeekend(hour) ? 30 : 0) + 4 * noise();
      case 'proportional':
        return (100 + 0.05 * hour) * (1 + 0.3 * seasonOfDay(hour)) + 5 * noise();
      case 'restless':
        drift += 1.2 * noise();
        return 200 + drift + 20 * seasonOfDay(hour) + 2 * noise();
    }
  };
  return { name: kind, measured: Array.from({ length: hours }, (_, hour) => value(hour)) };
}

/** How much of a series is noise: the standard deviation of its differences over a week, which take off every season. */
export function noiseOf(values: readonly number[]): number {
  const differences = values.slice(168).map((value, index) => value - (values[index] as number));
  const mean = differences.reduce((sum, one) => sum + one, 0) / differences.length;
  return Math.sqrt(differences.reduce((sum, one) => sum + (one - mean) ** 2, 0) / differences.length / 2);
}

/** The same series with a trouble in its last day: some hours are off by so many times its noise. */
export function withTrouble(values: readonly number[], seed: number, noises: number): number[] {
  const random = seededRandom(seed);
  const length = 3 + Math.floor(random() * 4);
  const first = values.length - day + Math.floor(random() * (day - length));
  const size = noiseOf(values) * noises * (random() < 0.25 ? -1 : 1);
  return values.map((value, hour) => (hour >= first && hour < first + length ? value + size : value));
}
