import type { KpiDefinition, KpiScope } from './kpi.ts';

/** When an indicator that left its seasonal band is told by a card of its own. */
export interface AnomalyPolicy {
  /** Slack id of the channel; absent: that of the first daily report. */
  readonly channel?: string;
  /** New cards in 24 hours, over the whole estate; 0: none at all. */
  readonly mostPerDay: number;
}

export const defaultAnomalyPolicy: AnomalyPolicy = { mostPerDay: 3 };

/** One indicator that is out of its band, or was. */
export interface Anomaly {
  /** Names it for ever. */
  readonly id: string;
  readonly definition: KpiDefinition;
  readonly scope: KpiScope;
  /** The last hour that was out, ISO 8601, and how many in a row were. */
  readonly lastHour: string;
  readonly hours: number;
  /** The hour furthest out: its beginning, value and band. */
  readonly worst: { readonly at: string; readonly value: number; readonly low: number; readonly high: number };
  /** It is over: back in its band, or nothing is known of it any more. ISO 8601. */
  readonly closedAt?: string;
  readonly snoozedUntil?: string;
  readonly snoozedBy?: string;
}

/** Of the target: what differs less from what was expected is nobody's concern, however unusual it is. */
const leastShareOfTarget = 0.1;

/** Whether a value is worse than was expected, and by enough to call somebody. */
export function isWorthACard(
  { better, target }: Pick<KpiDefinition, 'better' | 'target'>,
  { value, expected }: { readonly value: number; readonly expected: number },
): boolean {
  const worse = better === 'lower' ? value - expected : expected - value;
  return worse >= Math.abs(target) * leastShareOfTarget;
}
