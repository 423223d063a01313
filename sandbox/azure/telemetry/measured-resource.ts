import type { RequestMinute } from './request-history.ts';

/** A metric of a minute: a rate has a total, a level an average. Undefined: it had no value in that minute. */
export type Value = (minute: RequestMinute) => number | undefined;
export type Measure = {
  readonly unit: string;
  /** Told as a count: Azure has no total of it. */
  readonly counted?: true;
  /** The shortest interval that it can be asked for, in minutes; absent: one. */
  readonly grainMinutes?: number;
  /** The series of one value of a dimension; undefined: there is none. */
  readonly split?: (dimension: Dimension) => { readonly total: Value } | { readonly average: Value } | undefined;
} & ({ readonly total: Value } | { readonly average: Value });

export interface Dimension {
  readonly name: string;
  readonly value: string;
}

/** A resource that has metrics. */
export interface MeasuredResource {
  readonly id: string;
  readonly type: string;
  /** `global` where it is in none. */
  readonly region: string;
  /** By name in small letters. */
  readonly metrics: ReadonlyMap<string, Measure & { readonly name: string }>;
}

export function resource(
  id: string,
  type: string,
  region: string,
  metrics: Readonly<Record<string, Measure>>,
): MeasuredResource {
  return {
    id,
    type,
    region,
    metrics: new Map(Object.entries(metrics).map(([name, measure]) => [name.toLowerCase(), { ...measure, name }])),
  };
}
