import { mayBreakGlass, mayDecide, mayOperate, ruleFor } from '../domain/approval.ts';
import type { Member } from '../domain/person.ts';
import type { Run } from '../domain/run.ts';
import { OpsError } from '../errors.ts';
import { appendAudit } from './audit.ts';
import { announce } from './cards.ts';
import { databaseNow } from './database.ts';
import { refuseSecond } from './one-open-run.ts';
import { wantPage } from './pages.ts';
import { notYours, type RunDesk } from './run-desk.ts';
import { lockRun, updateRun } from './run-store.ts';

/** Goes on without approval, with a page, and with a review by somebody else afterwards. */
export function createBreakGlass({ context, lifecycle, moved }: RunDesk) {
  const { database, policy } = context;

  return { breakGlass, reviewBreakGlass };

  async function breakGlass(runId: string, member: Member, reason: string): Promise<Run> {
    if (!mayBreakGlass(policy, member)) throw notYours(policy.breakGlass.who);
    if (reason.trim().length < 10)
      throw new OpsError('bad-input', 'Break-glass needs a reason that the review can judge: at least 10 characters.');
    await database.transaction(async (tx) => {
      const run = await lockRun(tx, runId);
      if (run.state !== 'waiting' && run.state !== 'refused')
        throw new OpsError('conflict', `${runId} needs no break-glass: it is ${run.state}.`);
      const never = run.checks.find((check) => !check.ok && check.override === 'never');
      if (never) throw new OpsError('refused', `Not even break-glass goes past this: ${never.says}`);
      if (run.state === 'refused') await refuseSecond(tx, run.plan, run);
      await updateRun(tx, runId, {
        break_glass: { by: member.id, reason, at: await databaseNow(tx) },
        finished: false,
      });
      await lifecycle().enqueue(tx, run, member.id);
      await announce(context, tx, run, 'break-glass', [
        { person: member.id },
        ` broke the glass: ${reason}. Somebody else must review it.`,
      ]);
      await appendAudit(tx, [
        { kind: 'break-glass', runId, actor: member.id, body: { reason, planHash: run.planHash } },
      ]);
      await wantPage(
        tx,
        {
          key: `stamps/break-glass/${runId}`,
          summary: `Break-glass by ${member.name}: ${run.plan.title}`,
          source: 'Stamps',
          severity: 'critical',
          details: { run: runId, reason },
        },
        'broken',
        { run },
      );
    });
    return moved(runId);
  }

  async function reviewBreakGlass(runId: string, member: Member): Promise<Run> {
    await database.transaction(async (tx) => {
      const run = await lockRun(tx, runId);
      if (!run.breakGlass) throw new OpsError('conflict', `Nobody broke the glass for ${runId}.`);
      if (run.breakGlass.reviewedBy !== undefined) return;
      const rule = ruleFor(policy, run.plan);
      const mayReview =
        mayDecide(rule, run.breakGlass.by, member) || (member.id !== run.breakGlass.by && mayOperate(policy, member));
      if (!mayReview)
        throw new OpsError('not-allowed', 'The review is for somebody else who may approve this kind of run.', {
          hint: 'Ask an approver or an operator.',
        });
      await updateRun(tx, runId, {
        break_glass: { ...run.breakGlass, reviewedBy: member.id, reviewedAt: await databaseNow(tx) },
      });
      await announce(context, tx, run, 'reviewed', ['Break-glass reviewed by ', { person: member.id }, '.']);
      await appendAudit(tx, [{ kind: 'break-glass-reviewed', runId, actor: member.id, body: {} }]);
    });
    return moved(runId);
  }
}
