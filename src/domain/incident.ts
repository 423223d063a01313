import type { AlertPlace } from './alert.ts';
import type { Severity } from './severity.ts';

/** open: nobody has taken it. acknowledged: somebody has. resolved, merged (into another): the ends. */
export type IncidentState = 'open' | 'acknowledged' | 'resolved' | 'merged';

/** Does anybody still have to do something about it? */
export function isLive(state: IncidentState): boolean {
  return state === 'open' || state === 'acknowledged';
}

/** Who is hurt, in counts. */
export interface Hurt {
  readonly tenants: number;
  readonly byTier: Readonly<Record<string, number>>;
  readonly bySla: Readonly<Record<string, number>>;
}

/** What people work on. Times are ISO 8601, UTC, by the database's clock, but for `startedAt`: the first alert's own. */
export interface Incident {
  /** Short and sayable: `i-17`. */
  readonly id: string;
  readonly title: string;
  readonly state: IncidentState;
  readonly severity: Severity;
  /** `evidence`, or the Slack id of the person who chose it: a person's choice stays. */
  readonly severityBy: string;
  /** Since when it has this severity: the response clock counts from here. */
  readonly severitySince: string;
  readonly place: AlertPlace;
  /** Cells concerned by its alerts, sorted. */
  readonly cells: readonly string[];
  /** Where its card stands. */
  readonly channel: string;
  /** A channel of its own, when policy gives it one. */
  readonly ownChannel?: string;
  /** Slack id of who declared it; absent: alerts did. */
  readonly declaredBy?: string;
  readonly startedAt: string;
  readonly detectedAt: string;
  readonly acknowledgedAt?: string;
  readonly acknowledgedBy?: string;
  /** When somebody said that the harm is over. */
  readonly mitigatedAt?: string;
  readonly resolvedAt?: string;
  readonly resolvedBy?: string;
  readonly assigneeId?: string;
  readonly mergedInto?: string;
  /** How far up the ladder it was taken: 0, nobody beyond the first. */
  readonly escalation: number;
  /** Undefined: not known yet, or the registry can't be asked. */
  readonly hurt?: Hurt;
  readonly alerts: { readonly firing: number; readonly total: number };
  /** Id of the incident on the status page, once published. */
  readonly statusPageId?: string;
}

export const timelineKinds = [
  'opened',
  'alert-fired',
  'alert-resolved',
  'joined',
  'split',
  'merged',
  'severity',
  'acknowledged',
  'unacknowledged',
  'assigned',
  'note',
  'message',
  'page',
  'escalated',
  'status-page',
  'run',
  'mitigated',
  'resolved',
  'reopened',
] as const;
export type TimelineKind = (typeof timelineKinds)[number];

/** One line of an incident's timeline. */
export interface TimelineEntry {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly kind: TimelineKind;
  /** A Slack user id, `stamps`, `azure-monitor`, `pagerduty`, … */
  readonly actor: string;
  /** What happened, as a line of plain text of strangers: escape it. */
  readonly says: string;
}

/** By when somebody must have acknowledged it, ISO 8601; a changed severity starts the clock anew. */
export function acknowledgeBy({ severitySince }: Incident, withinMs: number): string {
  return new Date(Date.parse(severitySince) + withinMs).toISOString();
}
