import { decided } from '../blocks/answers.ts';
import { approvalState, type Policy, ruleFor } from '../domain/approval.ts';
import type { Member } from '../domain/person.ts';
import type { MessageContent } from '../ports/chat.ts';
import type { Clock } from '../ports/clock.ts';
import type { Operations } from '../ports/operations.ts';

interface Deciding {
  readonly operations: Pick<Operations, 'decide'>;
  readonly policy: Policy;
  readonly clock: Clock;
  readonly member: Member;
}

/** One verdict on one plan, whatever way it came; says what it did and how many approvals are still missing. */
export async function decide(
  { operations, policy, clock, member }: Deciding,
  runId: string,
  seenCode: string | undefined,
  verdict: 'approve' | 'deny',
): Promise<MessageContent> {
  const run = await operations.decide(runId, seenCode, member, verdict);
  const rule = ruleFor(policy, run.plan);
  const stands = rule && approvalState(rule, { ...run, now: new Date(clock.now()).toISOString() });
  return decided(run, verdict, stands?.state === 'waiting' ? stands.missing : undefined);
}
