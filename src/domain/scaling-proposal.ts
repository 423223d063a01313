import type { LoadWindow, ScalingDirection, ScalingPolicy } from './scaling.ts';

/**
 * open: people may propose its run. snoozed: the same, later. proposed: its run waits or runs. Then the ends: done (a
 * scaling of the cell succeeded), ended (its run did not), withdrawn (the load went away), dismissed (by a person).
 */
export type ProposalState = 'open' | 'snoozed' | 'proposed' | 'done' | 'ended' | 'withdrawn' | 'dismissed';

/** States in which the cell gets no other proposal. */
export const openProposalStates: readonly ProposalState[] = ['open', 'snoozed', 'proposed'];

/** What a proposal was made from, and what it would do. */
export interface ProposalEvidence {
  /** Oldest first, the last one the newest that was known then. */
  readonly windows: readonly LoadWindow[];
  /** The rule that it fulfils, in words. */
  readonly rule: string;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Measured; absent: not known. */
  readonly running?: number;
  /** What would be kept at least. */
  readonly to: number;
  /** Requests a second that one replica serves. */
  readonly each: number;
}

export interface ScalingProposal {
  /** `sc-3`. */
  readonly id: string;
  readonly cell: string;
  readonly direction: ScalingDirection;
  readonly evidence: ProposalEvidence;
  /** Its picture; absent: there is none. */
  readonly picture?: { readonly fileId: string; readonly altText: string };
  readonly channel: string;
  readonly state: ProposalState;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly settledAt?: string;
  readonly snoozedUntil?: string;
  readonly runId?: string;
  /** Who snoozed or dismissed it. */
  readonly byPerson?: string;
  /** Why it was dismissed, or what became of its run. */
  readonly reason?: string;
}

/** How scaling stands: for who asks. */
export interface ScalingStanding {
  readonly policy: ScalingPolicy;
  /** Open ones, and those that were settled in the last day, the newest first. */
  readonly proposals: readonly ScalingProposal[];
  readonly floors: readonly {
    readonly cell: string;
    readonly replicas: number;
    readonly by: string;
    readonly runId: string;
  }[];
  /** Cells that are left alone, and until when (ISO 8601). */
  readonly cooling: readonly { readonly cell: string; readonly until: string }[];
  /** End of the newest window that was looked at; absent: none yet. */
  readonly lookedAt?: string;
}
