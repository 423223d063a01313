import {
  approvalState,
  type Decision,
  mayBreakGlass,
  mayDecide,
  mayOperate,
  mayRequest,
  ruleFor,
} from '../domain/approval.ts';
import { shown } from '../domain/estate.ts';
import type { Member } from '../domain/person.ts';
import { planCode } from '../domain/plan.ts';
import { isOpen, type Run } from '../domain/run.ts';
import { OpsError } from '../errors.ts';
import type { Operations, RunRequest } from '../ports/operations.ts';
import { appendAudit, exportChain } from './audit.ts';
import { announce, refreshCard } from './cards.ts';
import type { EngineContext } from './context.ts';
import { databaseNow, type Queries } from './database.ts';
import type { Lifecycle } from './lifecycle.ts';
import { wantPage } from './pages.ts';
import { makePlan } from './planner.ts';
import { findRuns, getRun, lockRun, openLeases, updateRun } from './run-store.ts';

/** Who asks when nobody does: the engine itself, for undo on failure or at a lease's end. */
export const engineMember: Member = { id: 'stamps', teamId: '', name: 'Stamps', groups: [] };

export interface EngineOperations extends Operations {
  /** A run that nobody has to approve, because the plan that was approved says that it comes. */
  requestAsDeclared(request: RunRequest, undoes: string): Promise<Run>;
  /**
   * A run that nobody asked for by name. It waits for at least two approvals, as two people stand behind every run; a
   * policy that wants fewer is `refused`. People have this long to give them.
   */
  requestByCalendar(request: Omit<RunRequest, 'requester'>, expiresAfterMs: number): Promise<Run>;
}

export function createOperations(context: EngineContext, lifecycle: () => Lifecycle): EngineOperations {
  const { database, policy } = context;

  async function request(
    wanted: RunRequest,
    options: { undoes?: string; declared?: boolean; calendarMs?: number } = {},
  ): Promise<Run> {
    const [known] = await database.query<{ id: string }>('select id from stamps.runs where request_key = $1', [
      wanted.requestKey,
    ]);
    if (known) return getRun(database, known.id);

    const [named] = await database.query<{ number: number; at: string }>(
      `select nextval('stamps.run_number') as number, clock_timestamp() as at`,
    );
    if (!named) throw new Error('the run number sequence gave nothing');
    const id = `r-${named.number}`;
    const requestedAt = named.at;
    const { plan, hash, checks } = await makePlan(context, { ...wanted, runId: id, requestedAt });

    const rule = ruleFor(policy, plan);
    if (options.calendarMs !== undefined) refuseTooFew(rule?.approvals ?? 0);
    else if (!options.declared && !mayRequest(rule, wanted.requester)) throw notYours(rule?.requesters);
    const refused = checks.filter((check) => !check.ok);
    const livesMs = options.calendarMs ?? rule?.expiresAfterMs ?? 30 * 60_000;
    const expiresAt = new Date(Date.parse(requestedAt) + livesMs).toISOString();

    await database.transaction(async (tx) => {
      await tx.query(`select pg_advisory_xact_lock(hashtext('stamps.request.' || $1))`, [
        plan.target.cell ?? wanted.playbook,
      ]);
      await refuseSecond(tx, plan.target.cell, options.undoes);
      const inserted = await tx.query(
        `insert into stamps.runs (id, number, request_key, playbook, input, plan, plan_hash, state, state_reason, requester_id, channel,
                                  target_cell, checks, undoes, requested_at, expires_at, finished_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, case when $8 = 'refused' then clock_timestamp() end)
         on conflict (request_key) do nothing returning 1`,
        [
          id,
          named.number,
          wanted.requestKey,
          wanted.playbook,
          JSON.stringify(wanted.input),
          JSON.stringify(plan),
          hash,
          refused.length > 0 ? 'refused' : 'waiting',
          refused.map((check) => check.says).join(' '),
          wanted.requester.id,
          wanted.channel,
          plan.target.cell ?? null,
          JSON.stringify(checks),
          options.undoes ?? null,
          requestedAt,
          expiresAt,
        ],
      );
      if (inserted.length === 0) return;
      const run = await lockRun(tx, id);
      if (refused.length === 0 && (options.declared || rule?.approvals === 0))
        await lifecycle().enqueue(tx, run, wanted.requester.id);
      await appendAudit(tx, [
        {
          kind: refused.length > 0 ? 'run-refused' : 'run-requested',
          runId: id,
          actor: wanted.requester.id,
          body: JSON.parse(
            JSON.stringify({
              playbook: wanted.playbook,
              input: wanted.input,
              channel: wanted.channel,
              planHash: hash,
              plan,
              checks,
            }),
          ),
        },
      ]);
    });
    const [kept] = await database.query<{ id: string }>('select id from stamps.runs where request_key = $1', [
      wanted.requestKey,
    ]);
    return moved(kept?.id ?? id);
  }

  /** One open run a cell; taking back a run is not in its own way. */
  async function refuseSecond(tx: Queries, cell: string | undefined, undoes: string | undefined): Promise<void> {
    if (cell === undefined) return;
    const [other] = await findRuns(tx, { cell, states: ['waiting', 'queued', 'running', 'stopped'], limit: 5 }).then(
      (runs) => runs.filter((run) => run.id !== undoes),
    );
    if (!other) return;
    throw new OpsError(
      'conflict',
      `${other.id} is open on ${cell} already: “${shown(other.plan.title)}”, ${other.state}.`,
      {
        hint:
          other.state === 'stopped'
            ? `Retry or undo ${other.id} first, or \`/stamps cancel ${other.id}\`.`
            : `See \`/stamps run ${other.id}\`.`,
      },
    );
  }

  /** After a transition: show it, and start what may start. */
  async function moved(runId: string): Promise<Run> {
    await refreshCard(context, runId);
    await lifecycle().dispatch();
    return getRun(database, runId);
  }

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
      await appendAudit(tx, [
        {
          kind: verdict === 'approve' ? 'approved' : 'denied',
          runId,
          actor: member.id,
          body: { planHash: run.planHash, groups: [...member.groups] },
        },
      ]);
      return undefined;
    });
    const run = await moved(runId);
    if (tooLate) throw tooLate;
    return run;
  }

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
      if (run.state === 'refused') await refuseSecond(tx, run.plan.target.cell, run.undoes);
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

  async function setPause(member: Member, value: { reason: string } | null): Promise<void> {
    if (!mayOperate(policy, member)) throw notYours(policy.operators);
    await database.transaction(async (tx) => {
      if (value) {
        const pause = { by: member.id, reason: value.reason, at: await databaseNow(tx) };
        await tx.query(
          `insert into stamps.settings (key, value) values ('pause', $1) on conflict (key) do update set value = excluded.value`,
          [JSON.stringify(pause)],
        );
      } else {
        await tx.query(`delete from stamps.settings where key = 'pause'`);
      }
      await tx.query(
        `update stamps.runs set touched_at = clock_timestamp() where state in ('waiting', 'queued', 'running', 'stopped')`,
      );
      await appendAudit(tx, [{ kind: value ? 'paused' : 'resumed', actor: member.id, body: value ?? {} }]);
    });
    await lifecycle().dispatch();
    for (const run of await findRuns(database, { states: ['waiting', 'queued', 'running', 'stopped'] }))
      await refreshCard(context, run.id);
  }

  const paused = async () =>
    (
      await database.query<{ value: { by: string; reason: string; at: string } }>(
        `select value from stamps.settings where key = 'pause'`,
      )
    )[0]?.value;

  /** Requester, approvers and operators may stop, retry and take back a run. */
  function mustConcern(run: Run, member: Member): void {
    const rule = ruleFor(policy, run.plan);
    if (mayRequest(rule, member) || mayDecide(rule, run.requesterId, member) || mayOperate(policy, member)) return;
    throw notYours([...(rule?.requesters ?? []), ...(rule?.approvers ?? [])]);
  }

  return {
    request: (wanted) => request(wanted),
    requestAsDeclared: (wanted, undoes) => request(wanted, { undoes, declared: true }),
    requestByCalendar: (wanted, calendarMs) => request({ ...wanted, requester: engineMember }, { calendarMs }),
    decide,
    cancel,
    retry,
    async undo(runId, member, requestKey, channel) {
      const run = await getRun(database, runId);
      if (['waiting', 'queued', 'running', 'refused', 'denied', 'expired', 'undone'].includes(run.state)) {
        throw new OpsError('conflict', `${runId} can’t be taken back: it is ${run.state}.`, {
          hint: isOpen(run.state) ? `\`/stamps cancel ${runId}\` stops it first.` : 'There is nothing to undo.',
        });
      }
      const wanted = { requestKey, playbook: 'undo-run', input: { run: runId }, requester: member, channel };
      return request(wanted, { undoes: runId });
    },
    breakGlass,
    reviewBreakGlass,
    pause: (member, reason) => setPause(member, { reason }),
    resume: (member) => setPause(member, null),
    paused,
    run: (id) => getRun(database, id),
    runs: (filter) => findRuns(database, filter),
    async awaiting(member) {
      const runs = await findRuns(database, { states: ['waiting'] });
      return runs.filter(
        (run) =>
          mayDecide(ruleFor(policy, run.plan), run.requesterId, member) &&
          !run.decisions.some((decision) => decision.personId === member.id && decision.planHash === run.planHash),
      );
    },
    leases: () => openLeases(database),
    async exportAudit(member) {
      if (!mayOperate(policy, member)) throw notYours(policy.operators);
      await database.transaction((tx) => appendAudit(tx, [{ kind: 'audit-exported', actor: member.id, body: {} }]));
      return exportChain(database);
    },
  };
}

/** The approval's time is up. */
export async function expire(context: EngineContext, tx: Queries, run: Run): Promise<void> {
  await updateRun(tx, run.id, {
    state: 'expired',
    state_reason: 'Nobody approved it in time; nothing was done.',
    finished: true,
  });
  await announce(context, tx, run, 'expired', [
    'Expired: nobody approved it in time. Nothing was done, ',
    { person: run.requesterId },
    '.',
  ]);
  await appendAudit(tx, [{ kind: 'expired', runId: run.id, actor: 'stamps', body: { planHash: run.planHash } }]);
}

function refuseTooFew(approvals: number): void {
  if (approvals >= leastApprovalsByCalendar) return;
  throw new OpsError(
    'refused',
    `The policy wants ${approvals} approvals of this; what the calendar asks for needs two.`,
    {
      hint: 'Raise `approvals` of its rule in the policy file.',
    },
  );
}

/** Two people stand behind every run; here neither of them has asked for it. */
const leastApprovalsByCalendar = 2;

function notYours(groups: readonly string[] | undefined): OpsError {
  return new OpsError('not-allowed', 'The policy does not let you do this.', {
    hint:
      groups && groups.length > 0
        ? `It is for ${[...new Set(groups)].join(', ')}.`
        : 'No rule of the policy covers it, so nobody may.',
  });
}

function notYourDecision(run: Run, member: Member, approvers: readonly string[] | undefined): OpsError {
  if (member.id === run.requesterId) {
    return new OpsError('not-allowed', 'You asked for this run, so somebody else must decide.', {
      hint: `Approvers: ${approvers?.join(', ') ?? 'nobody'}.`,
    });
  }
  return notYours(approvers);
}
