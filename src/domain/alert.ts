/** What an alert is about, found by the estate's topology; `unknown`: the estate file has no such resource. */
export type AlertPlace =
  | { readonly scope: 'cell'; readonly region: string; readonly cell: string }
  | { readonly scope: 'region'; readonly region: string }
  | { readonly scope: 'global' }
  | { readonly scope: 'unknown' };

export const alertKinds = [
  'metric',
  'log',
  'activity-log',
  'service-health',
  'resource-health',
  'smart-detection',
  'generic',
] as const;
export type AlertKind = (typeof alertKinds)[number];

/** What was measured, for the graph on the card. */
export interface AlertMetric {
  /** As the vendor calls it: `CpuPercentage`. */
  readonly name: string;
  readonly namespace?: string;
  readonly value?: number;
  readonly threshold?: number;
  /** `GreaterThan`, `LessThan`, … as Azure says. */
  readonly operator?: string;
  readonly aggregation?: string;
  /** Over how many minutes. */
  readonly windowMinutes?: number;
}

/**
 * One signal that something is wrong, or that it is over. Every text in it was written by strangers: escape it.
 * Times are ISO 8601, UTC, by the sender's clock.
 */
export interface Alert {
  /** The same for a repeated delivery; differs between fired and resolved. At most 512 characters. */
  readonly key: string;
  /** The same for fired and resolved of one instance of trouble. */
  readonly instance: string;
  readonly kind: AlertKind;
  readonly condition: 'fired' | 'resolved';
  /** Name of the rule that fired. */
  readonly rule: string;
  /** ARM id of that rule, where Azure says it. */
  readonly ruleId?: string;
  readonly description: string;
  /** Azure's Sev0–4, 0 worst. */
  readonly azureSeverity: 0 | 1 | 2 | 3 | 4;
  readonly firedAt: string;
  readonly resolvedAt?: string;
  readonly place: AlertPlace;
  /** ARM ids of what it is about, as sent. */
  readonly resources: readonly string[];
  readonly metric?: AlertMetric;
  /** Where the sender shows more; https only. */
  readonly link?: string;
  /** What the signal was split by: `BackendPool` → `cell-banking-backend`. */
  readonly dimensions?: readonly { readonly name: string; readonly value: string }[];
}

/** An alert as its sender tells it, before the estate says where that is. */
export interface SentAlert extends Omit<Alert, 'place'> {
  /** What the sender says about where it is, besides ARM ids: names of a cell or of regions, as people write them. */
  readonly said?: { readonly cell?: string; readonly regions?: readonly string[] };
}
