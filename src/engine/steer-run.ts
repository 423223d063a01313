import { mayDecide, mayOperate, mayRequest, ruleFor } from '../domain/approval.ts';
import type { Member } from '../domain/person.ts';
import { isOpen, type Run } from '../domain/run.ts';
import { OpsError } from '../errors.ts';
import { appendAudit } from './audit.ts';
import { announce } from './cards.ts';
import { notYours, type RunDesk } from './run-desk.ts';
import { lockRun, updateRun } from './run-store.ts';

/** Stops a run before its next step, or sends a stopped one on. */
export function createSteering({ context, lifecycle, moved }: RunDesk) {
  const { database, policy } = context;

  return { cancel, retry };

  async function cancel(runId: string, member: Member): Promise<Run> {
    await database.transaction(async (tx) => {
      const run = await lockRun(tx, runId);
      mustConcern(run, member);
      if (!isOpen(run.state)) throw new OpsError('conflict', `${runId} has ended already: ${run.state}.`);
      if (run.state === 'running') {
        await updateRun(tx, runId, { cancel_requested_by: member.id });
        await announce(context, tx, run, 'cancel', [
          { person: member.id },
          ' asked to cancel: it stops before its next step.',
        ]);
      } else {
        await updateRun(tx, runId, {
          state: 'cancelled',
          state_reason: run.state === 'stopped' ? 'What was done stays until it is undone.' : 'Nothing was done.',
          finished: true,
        });
        await tx.query('delete from stamps.locks where run_id = $1', [runId]);
        await announce(context, tx, run, 'cancel', ['Cancelled by ', { person: member.id }, '.']);
      }
      await appendAudit(tx, [{ kind: 'cancel-requested', runId, actor: member.id, body: { state: run.state } }]);
    });
    return moved(runId);
  }

  async function retry(runId: string, member: Member): Promise<Run> {
    await database.transaction(async (tx) => {
      const run = await lockRun(tx, runId);
      mustConcern(run, member);
      if (run.state !== 'stopped') throw new OpsError('conflict', `${runId} is not stopped: it is ${run.state}.`);
      await tx.query('update stamps.runs set replans = 0 where id = $1', [runId]);
      await lifecycle().enqueue(tx, run, member.id);
      await announce(context, tx, run, 'retry', [{ person: member.id }, ' retries the rest of it.']);
      await appendAudit(tx, [{ kind: 'retried', runId, actor: member.id, body: { planHash: run.planHash } }]);
    });
    return moved(runId);
  }

  /** Requester, approvers and operators may stop, retry and take back a run. */
  function mustConcern(run: Run, member: Member): void {
    const rule = ruleFor(policy, run.plan);
    if (mayRequest(rule, member) || mayDecide(rule, run.requesterId, member) || mayOperate(policy, member)) return;
    throw notYours([...(rule?.requesters ?? []), ...(rule?.approvers ?? [])]);
  }
}
