import { isOfSql, type LoadWindow, type ScalingDirection, type ScalingPolicy } from './scaling.ts';
import type { SqlWindow } from './sql-scaling.ts';
import type { SqlDirection, SqlTierState } from './sql-tier.ts';

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

/** What a proposal about a SQL database was made from, and what it would do. */
export interface SqlEvidence {
  /** Oldest first, the last one the newest that was known then. */
  readonly windows: readonly SqlWindow[];
  /** The rule that it fulfils, in words. */
  readonly rule: string;
  /** Name of the database. */
  readonly database: string;
  readonly from: SqlTierState;
  /** What it would become; absent: Stamps cannot scale it, `why`. */
  readonly to?: SqlTierState;
  readonly why?: string;
  /** Names of the servers of its geo-secondaries, which are scaled along. */
  readonly secondaries: readonly string[];
}

/** About a cell's replicas. */
export interface ReplicaProposal extends AnyProposal {
  readonly direction: ScalingDirection;
  readonly evidence: ProposalEvidence;
}

/** About a cell's SQL database. */
export interface SqlProposal extends AnyProposal {
  readonly direction: SqlDirection;
  readonly evidence: SqlEvidence;
}

export type ScalingProposal = ReplicaProposal | SqlProposal;

/** What is known of a proposal before it stands. */
export type NewProposal =
  | Pick<ReplicaProposal, 'cell' | 'direction' | 'evidence' | 'picture' | 'channel'>
  | Pick<SqlProposal, 'cell' | 'direction' | 'evidence' | 'picture' | 'channel'>;

export function isAboutSql(proposal: ScalingProposal): proposal is SqlProposal {
  return isOfSql(proposal.direction);
}

interface AnyProposal {
  /** `sc-3`. */
  readonly id: string;
  readonly cell: string;
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

/** What of a cell is scaled. */
export type Scaled = 'replicas' | 'sql';

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
  /** What people want SQL databases to be at least. */
  readonly sqlFloors: readonly {
    readonly cell: string;
    readonly objective: string;
    readonly by: string;
    readonly runId: string;
  }[];
  /** Cells that are left alone, in what, and until when (ISO 8601). */
  readonly cooling: readonly { readonly cell: string; readonly what: Scaled; readonly until: string }[];
  /** End of the newest window that was looked at; absent: none yet. */
  readonly lookedAt?: string;
}
