import type { Member } from '../domain/person.ts';
import type { Run } from '../domain/run.ts';
import type { Scaled, ScalingProposal, ScalingStanding } from '../domain/scaling-proposal.ts';

/**
 * What people do with scaling proposals and floors. Every call authorises for itself with the member's groups of this
 * moment, and throws `not-allowed`, `not-found`, and `conflict` when it is settled already.
 */
export interface ScalingDesk {
  /** Asks for the run that it proposes, by this person. One run comes of it, however often and by whom it is asked. */
  propose(id: string, member: Member): Promise<Run>;
  /** Puts it aside for so long; it comes back if the load is still so. */
  snooze(id: string, forMs: number, member: Member): Promise<ScalingProposal>;
  /** Turns it down; the cell is left alone for the cool-down. */
  dismiss(id: string, reason: string, member: Member): Promise<ScalingProposal>;
  /** Lets a floor go. Throws `not-found` where there is none. */
  release(cell: string, what: Scaled, member: Member): Promise<void>;
  standing(): Promise<ScalingStanding>;
}
