import type { MinuteValue } from '../domain/metric-window.ts';

/** What an alert's rule saw, over time. */
export interface RulePoints {
  /** Of the metric, or of a query's column. */
  readonly name: string;
  readonly aggregation: 'average' | 'total' | 'maximum' | 'minimum' | 'count';
  readonly windowMinutes: number;
  /** From one point to the next: a longer gap is shown as one. */
  readonly everyMs: number;
  readonly threshold: number | undefined;
  readonly operator: string | undefined;
  readonly readings: readonly MinuteValue[];
}
