import type { Decision } from './approval.ts';
import type { Json } from './json.ts';
import type { Plan } from './plan.ts';

/**
 * refused: a guard said no (break-glass may go on). waiting: for approvals. queued: approved, in line
 * for its locks. running. stopped: a step failed or drifted, a person is asked. Then the ends.
 */
export type RunState =
  | 'refused'
  | 'waiting'
  | 'queued'
  | 'running'
  | 'stopped'
  | 'succeeded'
  | 'undone'
  | 'denied'
  | 'expired'
  | 'cancelled';

/** States from which nothing more happens. */
export const endStates: readonly RunState[] = ['succeeded', 'undone', 'denied', 'expired', 'cancelled'];

export function isOpen(state: RunState): boolean {
  return !endStates.includes(state) && state !== 'refused';
}

/** What became of one step. */
export interface StepReport {
  readonly stepId: string;
  readonly state: 'running' | 'done' | 'already' | 'failed' | 'drifted' | 'undone' | 'skipped';
  /** What was found or done, as a line of words. */
  readonly says: string;
  readonly startedAt: string;
  readonly finishedAt?: string;
  /** For a drift: what was found instead. */
  readonly found?: Json;
}

/** A check's answer while planning. */
export interface CheckReport {
  readonly stepId: string;
  readonly ok: boolean;
  readonly says: string;
  /** It holds, and its words stand on the card. */
  readonly warns?: true;
  readonly override: 'break-glass' | 'never';
}

/** One execution of a plan, from the request to its end. Times are ISO 8601, UTC, by the database's clock. */
export interface Run {
  /** Short and sayable: `r-17`. */
  readonly id: string;
  readonly playbook: string;
  readonly input: Json;
  readonly plan: Plan;
  readonly planHash: string;
  readonly state: RunState;
  /** Why it is in that state, for people; empty when the state says it all. */
  readonly stateReason: string;
  readonly requesterId: string;
  readonly channel: string;
  readonly requestedAt: string;
  /** When an approval is no longer taken. */
  readonly expiresAt: string;
  readonly finishedAt?: string;
  readonly checks: readonly CheckReport[];
  readonly steps: readonly StepReport[];
  readonly decisions: readonly Decision[];
  /** Runs that this one waits behind for its locks, nearest first. */
  readonly behind: readonly string[];
  /** The run that this one takes back. */
  readonly undoes?: string;
  readonly breakGlass?: BreakGlass;
  /** Somebody asked it to stop at its next step. */
  readonly cancelRequestedBy?: string;
}

export interface BreakGlass {
  readonly by: string;
  readonly reason: string;
  readonly at: string;
  /** Somebody else who looked at it afterwards; absent while the review is owed. */
  readonly reviewedBy?: string;
  readonly reviewedAt?: string;
}

/** A temporary state with an end. */
export interface Lease {
  /** What is held: the name of a cell or a region, or `recovery/<cell>`. */
  readonly subject: string;
  readonly of: 'cell' | 'region' | 'recovery';
  readonly until: string;
  readonly onExpiry: 'remind' | 'page' | 'undo';
  /** The run that took it, whose recorded undo gives back what was there. */
  readonly runId: string;
  readonly reason: string;
}

/** State of the resource kind `lease`, ref id `lease/<subject>`: null when nothing is held. */
export type LeaseState = { until: string; onExpiry: 'remind' | 'page' | 'undo'; reason: string };
