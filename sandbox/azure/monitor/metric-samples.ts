import type { Measurement } from './measurements.ts';
import type { Aggregation } from './metric-catalog.ts';

interface Sample {
  readonly from: number;
  readonly until: number;
  readonly value: number;
}

/** One combination of a metric's dimensions over a window. */
export interface SeriesValue {
  /** Only the dimensions that were asked for. */
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Series extends Omit<Measurement, 'value'> {
  readonly samples: Sample[];
}

/** What was measured, as far back as the longest window of a rule reaches. */
export class MetricSamples {
  /** By resource and metric, then by dimensions. */
  readonly #series = new Map<string, Map<string, Series>>();
  readonly #keptMs: () => number;

  constructor(keptMs: () => number) {
    this.#keptMs = keptMs;
  }

  /** Adds what holds from one moment to the next. */
  add(measurements: readonly Measurement[], from: number, until: number): void {
    for (const { value, ...rest } of measurements) {
      const key = keyOf(rest.resourceId, rest.metric);
      const byDimensions = this.#series.get(key) ?? new Map<string, Series>();
      const combination = JSON.stringify(rest.dimensions);
      const series = byDimensions.get(combination) ?? { ...rest, samples: [] };
      series.samples.push({ from, until, value });
      while (series.samples[0] && series.samples[0].until < until - this.#keptMs()) series.samples.shift();
      byDimensions.set(combination, series);
      this.#series.set(key, byDimensions);
    }
  }

  /**
   * A metric's value over a window, for each combination of the dimensions named. `windowMs` is how long it lasts
   * here, `minutes` what it stands for: a rate's total is that of so many whole minutes. Series without a sample in
   * the window are absent.
   */
  over(
    resourceId: string,
    metric: string,
    aggregation: Aggregation,
    window: { readonly from: number; readonly until: number; readonly minutes: number },
    splitBy: readonly string[],
    wanted: (dimensions: Readonly<Record<string, string>>) => boolean,
  ): SeriesValue[] {
    const groups = new Map<
      string,
      { dimensions: Record<string, string>; members: { isRate: boolean; in: Sample[] }[] }
    >();
    for (const series of this.#series.get(keyOf(resourceId, metric))?.values() ?? []) {
      if (!wanted(series.dimensions)) continue;
      const inside = series.samples.filter(({ from, until }) => until > window.from && from < window.until);
      if (inside.length === 0) continue;
      const dimensions = Object.fromEntries(splitBy.map((name) => [name, series.dimensions[name] ?? '']));
      const key = JSON.stringify(dimensions);
      const group = groups.get(key) ?? { dimensions, members: [] };
      group.members.push({ isRate: series.isRate, in: inside });
      groups.set(key, group);
    }
    return [...groups.values()].map(({ dimensions, members }) => ({
      dimensions,
      value: aggregate(members, aggregation, window),
    }));
  }
}

function aggregate(
  members: readonly { isRate: boolean; in: readonly Sample[] }[],
  aggregation: Aggregation,
  { from, until, minutes }: { from: number; until: number; minutes: number },
): number {
  const values = members.flatMap((member) => member.in.map(({ value }) => value));
  switch (aggregation) {
    case 'Maximum':
      return Math.max(...values);
    case 'Minimum':
      return Math.min(...values);
    case 'Average': {
      const means = members.map((member) => meanOf(member.in, from, until));
      return means.reduce((sum, mean) => sum + mean, 0) / means.length;
    }
    case 'Count':
      return minutes * members.length;
    case 'Total':
      // What was not yet seen of the window counts as nothing, as Azure has no points there either.
      return members.reduce(
        (sum, { isRate, in: inside }) =>
          sum + meanOf(inside, from, until) * seenShare(inside, from, until) * minutes * (isRate ? 60 : 1),
        0,
      );
  }
}

function meanOf(samples: readonly Sample[], from: number, until: number): number {
  let sum = 0;
  let weight = 0;
  for (const sample of samples) {
    const ms = Math.min(sample.until, until) - Math.max(sample.from, from);
    sum += sample.value * ms;
    weight += ms;
  }
  return weight === 0 ? 0 : sum / weight;
}

function seenShare(samples: readonly Sample[], from: number, until: number): number {
  const seen = samples.reduce((sum, sample) => sum + Math.min(sample.until, until) - Math.max(sample.from, from), 0);
  return seen / (until - from);
}

function keyOf(resourceId: string, metric: string): string {
  return `${resourceId.toLowerCase()} ${metric.toLowerCase()}`;
}
