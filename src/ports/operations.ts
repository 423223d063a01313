import type { Json } from '../domain/json.ts';
import type { Member } from '../domain/person.ts';
import type { Lease, Run, RunState } from '../domain/run.ts';

export interface RunRequest {
  /** Stable over repeated deliveries of the same click or command: one run comes of it. */
  readonly requestKey: string;
  readonly playbook: string;
  /** Checked against the playbook's schema. */
  readonly input: Json;
  readonly requester: Member;
  /** Where its card stands. */
  readonly channel: string;
}

export interface RunFilter {
  readonly states?: readonly RunState[];
  readonly cell?: string;
  readonly limit?: number;
}

/**
 * What a person can ask of the engine. Every call authorises for itself with the member's groups of this moment
 * and throws `not-allowed`, `not-found`, `conflict` (too late, or somebody was faster), `expired`, `refused`.
 */
export interface Operations {
  /** Plans, checks the guards, and puts the run up for approval. Answers with the run, refused ones too. */
  request(request: RunRequest): Promise<Run>;
  /** `seenHash` is the plan code or hash that the person saw; another plan: `conflict`. The same verdict twice changes nothing. */
  decide(runId: string, seenHash: string | undefined, member: Member, verdict: 'approve' | 'deny'): Promise<Run>;
  /** Stops at the next step, or at once when it has not begun. Requester and approvers may. */
  cancel(runId: string, member: Member): Promise<Run>;
  /** For a stopped run: try the rest again. A changed world gives a new plan, which asks again. */
  retry(runId: string, member: Member): Promise<Run>;
  /** A new run that takes back what this one did. */
  undo(runId: string, member: Member, requestKey: string, channel: string): Promise<Run>;
  breakGlass(runId: string, member: Member, reason: string): Promise<Run>;
  reviewBreakGlass(runId: string, member: Member): Promise<Run>;
  pause(member: Member, reason: string): Promise<void>;
  resume(member: Member): Promise<void>;
  paused(): Promise<{ by: string; reason: string; at: string } | undefined>;
  run(id: string): Promise<Run>;
  runs(filter: RunFilter): Promise<Run[]>;
  /** Runs that wait for an approval which this person may give. */
  awaiting(member: Member): Promise<Run[]>;
  leases(): Promise<Lease[]>;
  /** The audit log as JSON lines, its head's hash in the last line. Operators only; the export is itself audited. */
  exportAudit(member: Member): Promise<string>;
}
