import { approvalState, type Decision, mayDecide, ruleFor } from '../domain/approval.ts';
import type { Member } from '../domain/person.ts';
import { planCode } from '../domain/plan.ts';
import type { Run } from '../domain/run.ts';
import { OpsError } from '../errors.ts';
import { appendAudit } from './audit.ts';
import { announce } from './cards.ts';
import type { EngineContext } from './context.ts';
import { databaseNow, type Queries } from './database.ts';
import { hasRequester } from './engine-member.ts';
import { notYours, type RunDesk } from './run-desk.ts';
import { getRun, lockRun, updateRun } from './run-store.ts';

/** A person approves or denies the plan that they saw. */
export function createDecide({ context, lifecycle, moved }: RunDesk) {
  const { database, policy } = context;

  return decide;

  async function decide(
    runId: string,
    seenHash: string | undefined,
    member: Member,
    verdict: Decision['verdict'],
  ): Promise<Run> {
    const tooLate = await database.transaction(async (tx) => {
      const run = await lockRun(tx, runId);
      const rule = ruleFor(policy, run.plan);
      if (!rule || !mayDecide(rule, run.requesterId, member)) throw notYourDecision(run, member, rule?.approvers);
      const mine = run.decisions.find(
        (decision) => decision.personId === member.id && decision.planHash === run.planHash,
      );
      if (mine?.verdict === verdict && run.state !== 'expired') return undefined;
      if (run.state !== 'waiting')
        throw new OpsError('conflict', `${runId} no longer waits for approval: it is ${run.state}.`, {
          hint: run.stateReason || `See \`/stamps run ${runId}\`.`,
        });
      if (seenHash !== undefined && !run.planHash.startsWith(seenHash)) {
        throw new OpsError('conflict', `The plan has changed since you saw it: it is ${planCode(run.planHash)} now.`, {
          hint: 'Look at the card, then decide.',
        });
      }
      const now = await databaseNow(tx);
      if (now >= run.expiresAt) {
        await expire(context, tx, run);
        return new OpsError('expired', `The approval of ${runId} ran out.`, {
          hint: 'Nothing was done. Ask for it again.',
        });
      }
      await tx.query(
        `insert into stamps.decisions (run_id, plan_hash, person_id, verdict, groups, at) values ($1, $2, $3, $4, $5, $6)
         on conflict (run_id, plan_hash, person_id) do update set verdict = excluded.verdict, groups = excluded.groups, at = excluded.at`,
        [runId, run.planHash, member.id, verdict, member.groups, now],
      );
      await appendAudit(tx, [
        {
          kind: verdict === 'approve' ? 'approved' : 'denied',
          runId,
          actor: member.id,
          body: { planHash: run.planHash, groups: [...member.groups] },
        },
      ]);
      const decided = await getRun(tx, runId);
      const standing = approvalState(rule, { ...decided, now });
      if (standing.state === 'approved') await lifecycle().enqueue(tx, decided, member.id);
      else if (standing.state === 'denied')
        await updateRun(tx, runId, { state: 'denied', state_reason: '', finished: true });
      else await updateRun(tx, runId, {});
      const missing = standing.state === 'waiting' ? ` ${standing.missing} more to go.` : '';
      await announce(context, tx, run, 'decision', [
        verdict === 'approve' ? 'Approved by ' : 'Denied by ',
        { person: member.id },
        `, plan ${planCode(run.planHash)}.${missing}`,
      ]);
      return undefined;
    });
    const run = await moved(runId);
    if (tooLate) throw tooLate;
    return run;
  }
}

/** The approval's time is up. */
export async function expire(context: EngineContext, tx: Queries, run: Run): Promise<void> {
  await updateRun(tx, run.id, {
    state: 'expired',
    state_reason: 'Nobody approved it in time; nothing was done.',
    finished: true,
  });
  await announce(context, tx, run, 'expired', [
    'Expired: nobody approved it in time. Nothing was done',
    ...(hasRequester(run) ? [', ', { person: run.requesterId }, '.'] : ['.']),
  ]);
  await appendAudit(tx, [{ kind: 'expired', runId: run.id, actor: 'stamps', body: { planHash: run.planHash } }]);
}

function notYourDecision(run: Run, member: Member, approvers: readonly string[] | undefined): OpsError {
  if (member.id === run.requesterId) {
    return new OpsError('not-allowed', 'You asked for this run, so somebody else must decide.', {
      hint: `Approvers: ${approvers?.join(', ') ?? 'nobody'}.`,
    });
  }
  return notYours(approvers);
}
