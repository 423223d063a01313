import { ruleFor } from '../domain/approval.ts';
import { type Plan, planCode } from '../domain/plan.ts';
import type { CheckReport, Run, StepReport } from '../domain/run.ts';
import { OpsError } from '../errors.ts';
import { appendAudit } from './audit.ts';
import { announce, refreshCard } from './cards.ts';
import { explained } from './change-step.ts';
import type { EngineContext } from './context.ts';
import { patiently, type Queries } from './database.ts';
import type { EnteredState } from './entered-states.ts';
import { type Attempt, fenced } from './fence.ts';
import type { Interpreter, Work } from './interpreter.ts';
import { makePlan } from './planner.ts';
import { lockRun, recordedUndo, updateRun } from './run-store.ts';
import { tellStopped, tellUndone } from './stopped-run.ts';

/** A process that dies so often at one attempt is not sent at it again; people are asked. */
const mostStarts = 6;
/** A world that changes so often under one run is not planned again by itself. */
const mostReplans = 3;

/** How a run goes from one state to the next. Every transition is one transaction with its audit record and its message. */
export interface Lifecycle {
  /** Approved: in line for its locks. Within the caller's transaction; call `dispatch` after it. */
  enqueue(tx: Queries, run: Run, actor: string): Promise<void>;
  /** Starts every queued run that is first in line for all its locks; answers with their ids. Their cards follow soon. */
  dispatch(): Promise<readonly string[]>;
  /** Takes up runs whose replica was struck out. */
  adoptOrphans(): Promise<void>;
  claim(attempt: Attempt): Promise<Work | undefined>;
  settle(attempt: Attempt, last: StepReport | undefined): Promise<void>;
}

export function createLifecycle(
  context: EngineContext,
  interpreter: () => Interpreter,
  undoAtOnce: (run: Run) => Promise<void>,
  told: { entered(entered: EnteredState): void; started(runId: string): void; tookOver(runs: number): void },
): Lifecycle {
  const { database, replica, logger, stopping } = context;

  async function enqueue(tx: Queries, run: Run, actor: string): Promise<void> {
    await updateRun(tx, run.id, { state: 'queued', state_reason: '' });
    // One order for everybody: the lines of all locks are entered at once.
    await tx.query(`select pg_advisory_xact_lock(hashtext('stamps.locks'))`);
    await tx.query(
      'insert into stamps.locks (resource, run_id) select distinct lower(r), $1 from unnest($2::text[]) as r on conflict do nothing',
      [run.id, run.plan.locks],
    );
    await appendAudit(tx, [{ kind: 'queued', runId: run.id, actor, body: { planHash: run.planHash } }]);
  }

  async function dispatch(): Promise<readonly string[]> {
    if (stopping.aborted) return [];
    const started = await patiently(
      () =>
        database.query<{ id: string; attempt: number; playbook: string }>(
          `update stamps.runs r set state = 'running', owner = $1, attempt = attempt + 1, starts = 0, touched_at = clock_timestamp()
           where r.state = 'queued'
             and not exists (select 1 from stamps.settings where key = 'pause')
             and not exists (select 1 from stamps.locks mine join stamps.locks ahead on ahead.resource = mine.resource and ahead.seq < mine.seq
                             where mine.run_id = r.id)
           returning r.id, r.attempt, r.playbook`,
          [replica.id],
        ),
      stopping,
    );
    for (const { id, playbook } of started) told.entered({ run: id, playbook, state: 'running' });
    for (const { id, attempt } of started) {
      await interpreter().start({ runId: id, attempt });
      told.started(id);
    }
    return started.map(({ id }) => id);
  }

  async function adoptOrphans(): Promise<void> {
    const orphans = await database.query<{ id: string; attempt: number }>(
      `update stamps.runs set owner = $1
       where state = 'running'
         and (owner is null
              or owner in (select executor_id from stamps.replicas where taken_over_by is not null)
              -- Dispatched here, and the start was lost.
              or (owner = $1 and starts = 0 and touched_at < clock_timestamp() - interval '10 seconds'))
       returning id, attempt`,
      [replica.id],
    );
    if (orphans.length > 0) told.tookOver(orphans.length);
    for (const { id, attempt } of orphans) {
      logger.warn({ run: id, attempt }, 'resuming a run that another process left behind');
      await interpreter().resume({ runId: id, attempt });
    }
  }

  async function claim({ runId, attempt }: Attempt): Promise<Work | undefined> {
    const [row] = await patiently(
      () =>
        database.query<{ plan: Plan; overrides: boolean; starts: number }>(
          `update stamps.runs set owner = $3, starts = starts + 1 where id = $1 and attempt = $2 and state = 'running'
           returning plan, break_glass is not null as overrides, starts`,
          [runId, attempt, replica.id],
        ),
      stopping,
    );
    if (!row) return undefined;
    if (row.starts <= mostStarts) return row;
    await stop(
      runId,
      attempt,
      `Stamps itself died ${mostStarts} times while it ran this. It is parked: look at the log before you retry.`,
    );
    return undefined;
  }

  async function stop(runId: string, attempt: number, reason: string, after?: 'a failed step'): Promise<void> {
    await patiently(
      () =>
        database.transaction(async (tx) => {
          const run = await ours(tx, runId, attempt);
          if (!run) return;
          await updateRun(tx, runId, { state: 'stopped', state_reason: reason });
          await release(tx, runId);
          const comesBack = after !== undefined && (await isTakenBack(tx, run));
          await tellStopped(context, tx, run, attempt, { reason, comesBack });
          await appendAudit(tx, [
            { key: `${runId}/${attempt}/stopped`, kind: 'stopped', runId, actor: 'stamps', body: { reason } },
          ]);
        }),
      stopping,
    );
    await afterwards(runId);
  }

  async function settle({ runId, attempt }: Attempt, last: StepReport | undefined): Promise<void> {
    if (last?.state === 'drifted') return replan(runId, attempt, last);
    if (last?.state === 'failed') return failed(runId, attempt, last);
    const cancelled = last?.state === 'skipped';
    await patiently(
      () =>
        database.transaction(async (tx) => {
          const run = await ours(tx, runId, attempt);
          if (!run) return;
          const state = cancelled ? 'cancelled' : 'succeeded';
          const reason = cancelled ? `Stopped before ${last.stepId}; what was done stays until it is undone.` : '';
          await updateRun(tx, runId, { state, state_reason: reason, finished: true });
          if (run.undoes !== undefined && !cancelled) {
            await updateRun(tx, run.undoes, {
              state: 'undone',
              state_reason: `Taken back by ${runId}.`,
              finished: true,
            });
            await tellUndone(tx, run, run.undoes);
          }
          await release(tx, runId);
          await announce(context, tx, run, `${state}-${attempt}`, [
            cancelled ? `Cancelled. ${reason}` : `Done: ${run.plan.title}.`,
          ]);
          await appendAudit(tx, [
            { key: `${runId}/${attempt}/${state}`, kind: state, runId, actor: 'stamps', body: { reason } },
          ]);
        }),
      stopping,
    );
    await afterwards(runId);
  }

  async function failed(runId: string, attempt: number, last: StepReport): Promise<void> {
    await stop(runId, attempt, `${last.stepId}: ${last.says}`, 'a failed step');
    const run = await patiently(() => database.transaction((tx) => lockRun(tx, runId)), stopping);
    if (await patiently(() => isTakenBack(database, run), stopping)) await undoAtOnce(run);
  }

  /** Does what a failed run did come back by itself? A guard that said no at the start leaves nothing to take back. */
  async function isTakenBack(db: Queries, { id, plan, undoes }: Run): Promise<boolean> {
    if (plan.onFailure !== 'undo' || undoes !== undefined) return false;
    return (await recordedUndo(db, id)).length > 0;
  }

  /** The world changed under the plan: plan anew. The same plan goes on; another one asks for approval again. */
  async function replan(runId: string, attempt: number, drift: StepReport): Promise<void> {
    const run = await patiently(() => database.transaction((tx) => lockRun(tx, runId)), stopping);
    if (run.state !== 'running') return;
    let planned: { plan: Plan; hash: string; checks: readonly CheckReport[] };
    try {
      planned = await makePlan(context, { ...run, runId, requestedAt: run.requestedAt });
    } catch (error) {
      if (!(error instanceof OpsError) || stopping.aborted) throw error;
      return stop(runId, attempt, `${drift.stepId}: ${drift.says}. No new plan could be made: ${explained(error)}`);
    }
    const rule = ruleFor(context.policy, planned.plan);
    await patiently(
      () =>
        database.transaction(async (tx) => {
          const current = await ours(tx, runId, attempt);
          if (!current) return;
          const [counted] = await tx.query<{ replans: number }>(
            'update stamps.runs set replans = replans + 1 where id = $1 returning replans',
            [runId],
          );
          await release(tx, runId);
          const { plan, hash, checks } = planned;
          const same = hash === current.planHash;
          const refusedBy = checks.find((check) => !check.ok);
          const found = `Drift at ${drift.stepId}: ${drift.says}.`;
          await appendAudit(tx, [
            {
              key: `${runId}/${attempt}/replanned`,
              kind: 'replanned',
              runId,
              actor: 'stamps',
              body: { because: { ...drift }, planHash: hash, plan: JSON.parse(JSON.stringify(plan)) },
            },
          ]);
          if ((counted?.replans ?? 0) > mostReplans || refusedBy || !rule) {
            const why =
              refusedBy?.says ??
              (rule ? 'The world keeps changing under this run.' : 'No rule of the policy covers the new plan.');
            await updateRun(tx, runId, { state: 'stopped', state_reason: `${found} ${why}` });
            await announce(context, tx, current, `drift-${attempt}`, [found, ' ', why]);
          } else if (same || (rule.approvals === 0 && current.state === 'running')) {
            await updateRun(tx, runId, { plan, plan_hash: hash, checks });
            await enqueue(tx, { ...current, plan, planHash: hash }, 'stamps');
          } else {
            const [row] = await tx.query<{ at: string }>(`select clock_timestamp() + make_interval(secs => $1) as at`, [
              rule.expiresAfterMs / 1000,
            ]);
            await updateRun(tx, runId, {
              plan,
              plan_hash: hash,
              checks,
              state: 'waiting',
              state_reason: found,
              expires_at: row?.at ?? current.expiresAt,
            });
            await tx.query('update stamps.runs set reminded_at = null where id = $1', [runId]);
            await announce(context, tx, current, `drift-${attempt}`, [
              `${found} Nothing was written there. The plan was made anew; it is another one (${planCode(hash)}) and needs approval again.`,
            ]);
          }
        }),
      stopping,
    );
    await afterwards(runId);
  }

  /** The run, locked, if this attempt is still its current one and this replica still holds it; undefined: settled already. */
  async function ours(tx: Queries, runId: string, attempt: number): Promise<Run | undefined> {
    const [row] = await tx.query<{ owner: string | null; attempt: number; state: string }>(
      'select owner, attempt, state from stamps.runs where id = $1 for update',
      [runId],
    );
    if (!row || row.attempt !== attempt || row.state !== 'running') return undefined;
    if (row.owner !== replica.id) throw fenced();
    return lockRun(tx, runId);
  }

  async function release(tx: Queries, runId: string): Promise<void> {
    await tx.query('delete from stamps.locks where run_id = $1', [runId]);
  }

  async function afterwards(runId: string): Promise<void> {
    await patiently(() => refreshCard(context, runId), stopping);
    const [row] = await patiently(
      () => database.query<{ undoes: string | null }>('select undoes from stamps.runs where id = $1', [runId]),
      stopping,
    );
    if (row?.undoes) await patiently(() => refreshCard(context, row.undoes as string), stopping);
    await dispatch();
  }

  return { enqueue, dispatch, adoptOrphans, claim, settle };
}
