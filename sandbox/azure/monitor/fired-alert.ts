/** One instance of trouble that a rule has seen. */
export interface FiredAlert {
  /** ARM id, new for each instance. */
  readonly id: string;
  /** The same for all instances of one rule on one target. */
  readonly originId: string;
  readonly service: 'Platform' | 'Log Alerts V2';
  readonly ruleId: string;
  readonly rule: string;
  /** 0–4, 0 worst. */
  readonly severity: number;
  readonly description: string;
  readonly targetId: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly firedAt: number;
  /** By its action groups' webhooks; how the last post of it went. */
  notified: Notified;
  resolvedAt?: number;
}

/** `silent`: an alert processing rule took the action groups away. `nobody`: no webhook is set. */
export type Notified = 'posting' | 'retrying' | 'accepted' | 'refused' | 'given-up' | 'blocked' | 'silent' | 'nobody';

/** One condition of a rule, as it was found. */
export interface Finding {
  readonly metricName: string;
  readonly metricNamespace: string;
  readonly operator: string;
  readonly threshold: number;
  readonly timeAggregation: string;
  readonly value: number;
  /** Of log alerts. */
  readonly query?: string;
}

/** The window that was looked at. */
export interface Window {
  /** `PT5M`. */
  readonly size: string;
  readonly from: number;
  readonly until: number;
}
