import type { Json } from '../domain/json.ts';
import type { ResourceRef } from '../domain/plan.ts';

/** What is there now. `state` null: the resource does not exist. */
export interface Reading<State extends Json = Json> {
  readonly state: State | null;
  /** For the conditional write, where the service has one. */
  readonly etag?: string;
  /**
   * Another one after each change of `state`, by whomever, and never for anything else; absent: the service tells no
   * such thing. With it “never changed” is not taken for “there and back”.
   */
  readonly version?: string;
  /**
   * The shortest time, in milliseconds, in which it can have changed and been changed back though its `version` is the
   * same, where the service does not promise another one; absent: it promises that.
   */
  readonly roundTripMs?: number;
  /** The service is still at work on it (`provisioningState` Updating and the like): do not write yet. */
  readonly busy?: boolean;
}

export interface WriteOptions {
  readonly etag?: string | undefined;
  readonly signal: AbortSignal;
  /** The run that writes, for records of our own. */
  readonly runId: string;
}

/**
 * `operation` is what `poll` needs to follow a long-running write, even in another process; absent: it is done.
 * At most 4 KB, no secrets: it is stored.
 */
export interface WriteReceipt {
  readonly operation?: string;
}

export type OperationStatus =
  | { readonly state: 'running'; readonly retryAfterMs: number }
  | { readonly state: 'succeeded' }
  | { readonly state: 'failed'; readonly says: string };

/**
 * A kind of thing that a `change` step changes. The engine compares first, so that a repeat is safe:
 * `read` → as wanted: nothing to do; as planned: `write`; else drift.
 *
 * Errors of all calls: `not-found`, `precondition-failed` (412: read again), `conflict` (409, busy: try later),
 * `throttled`, `unavailable`, `timeout` (lost response: read before you try again), `not-allowed`, `bad-response`.
 */
export interface ResourceKind<State extends Json = Json> {
  readonly kind: string;
  read(ref: ResourceRef, signal: AbortSignal): Promise<Reading<State>>;
  /** Makes the resource be `to`; `null` removes it. */
  write(ref: ResourceRef, to: State | null, options: WriteOptions): Promise<WriteReceipt>;
  /** Follows the operation of a receipt. */
  poll?(operation: string, signal: AbortSignal): Promise<OperationStatus>;
  /** What is still missing until `state` has its effect in the world, as a line of words; null: it is there. */
  pending?(ref: ResourceRef, state: State | null, signal: AbortSignal): Promise<string | null>;
  equals(a: State | null, b: State | null): boolean;
  /** What the resource must be on the way from one state to another, each by a write of its own; absent or empty: one write does it. */
  via?(from: State, to: State): State[];
  /** What a write of this state loses for good, as a sentence; putting back what was there does not bring it back. */
  lost?(written: State): string | undefined;
  /** The difference as one line of plain text: `backends: 10.0.0.4 → 10.1.0.4`. */
  describe(before: State | null, after: State | null): string;
}
