import type { IncomingHttpHeaders } from 'node:http';

/**
 * `unacknowledged`: whoever had it did not end it in time. `reassigned`, `escalated`: other people were woken;
 * `delegated`: another policy has it. `other`: nothing that we know.
 */
export type PagerDeed =
  | 'acknowledged'
  | 'unacknowledged'
  | 'resolved'
  | 'reopened'
  | 'noted'
  | 'reassigned'
  | 'escalated'
  | 'delegated'
  | 'prioritised'
  | 'other';

/** Something that happened in the pager. Texts are of strangers: escape them. */
export interface PagerNews {
  /** Of the event, the same when it comes again. */
  readonly id: string;
  /** Of the delivery, the same at each of its tries. */
  readonly webhookId: string;
  /** ISO 8601, UTC, by the pager's clock. */
  readonly at: string;
  readonly what: PagerDeed;
  /** The pager's own id of the incident. */
  readonly pagerIncidentId: string;
  /** The key that it was opened with; absent: it must be asked for. */
  readonly key?: string;
  /** Who did it; absent: not a person, but an API. */
  readonly by?: { readonly id: string; readonly name: string };
  /** Of a note. */
  readonly text?: string;
  /** Names of whom it is with now: people, for `delegated` the policy, for `prioritised` the priority. */
  readonly to?: readonly string[];
}

/** Verifies and reads one webhook. Throws `not-allowed` (signature), `bad-input`. */
export type ReadPagerNews = (headers: IncomingHttpHeaders, rawBody: Buffer) => PagerNews;
