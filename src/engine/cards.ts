import { approvalState, ruleFor } from '../domain/approval.ts';
import type { Run } from '../domain/run.ts';
import type { NoticePart, RunView } from '../ports/presenter.ts';
import { approversOf, type EngineContext } from './context.ts';
import type { Queries } from './database.ts';
import { hasRequester } from './engine-member.ts';
import { digest, runCardKey, wantMessage } from './messages.ts';
import { getRun } from './run-store.ts';

/** What the run's messages are drawn from. */
export function viewOf(context: Pick<EngineContext, 'policy'>, run: Run, paused: boolean): RunView {
  const rule = ruleFor(context.policy, run.plan);
  const needed = rule?.approvals ?? 0;
  const standing = rule && approvalState(rule, { ...run, now: run.requestedAt });
  const given = standing?.state === 'waiting' ? needed - standing.missing : standing?.state === 'approved' ? needed : 0;
  return { run, approvers: approversOf(context.policy, rule), approvals: { needed, given }, paused };
}

export async function isPaused(db: Queries): Promise<boolean> {
  return (await db.query(`select 1 from stamps.settings where key = 'pause'`)).length > 0;
}

/**
 * Draws the run's card, and what belongs to it in its thread, anew from what is so now. One at a time for each run:
 * who drew from an older state never writes over a newer one.
 */
export async function refreshCard(context: EngineContext, runId: string): Promise<void> {
  const { presenter } = context;
  const card = runCardKey(runId);
  await context.database.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock(hashtext($1))', [card]);
    const run = await getRun(tx, runId);
    const { channel } = run;
    const view = viewOf(context, run, await isPaused(tx));
    await wantMessage(tx, { key: card, channel, content: presenter.runCard(view) });
    if (isAsked(run) && view.approvals.needed > 0) {
      const content = presenter.approvalRequest(view);
      await wantMessage(tx, { key: `${card}:approval`, channel, threadOf: card, content });
    }
    if (run.breakGlass) {
      await wantMessage(tx, { key: `${card}:review`, channel, threadOf: card, content: presenter.reviewRequest(view) });
    }
  });
}

/** Was anybody asked to approve it, or is? Not where a guard said no, nor where an undo comes by itself as its plan said. */
function isAsked(run: Run): boolean {
  if (run.decisions.length > 0 || run.state === 'waiting' || run.breakGlass !== undefined) return true;
  return run.state !== 'refused' && (run.undoes === undefined || hasRequester(run));
}

/** Soon for a reader, late enough for the first steps of a run that just started, which draw from the same connections. */
const soonMs = 200;

/** Draws cards a moment later, once for all that changes meanwhile; one that fails is drawn by `refreshStale`. */
export function createSoonDrawn(context: EngineContext): (runId: string) => void {
  const { stopping, logger } = context;
  const due = new Set<string>();

  return (runId) => {
    if (due.has(runId)) return;
    due.add(runId);
    setTimeout(() => {
      due.delete(runId);
      if (stopping.aborted) return;
      refreshCard(context, runId).catch((error) =>
        logger.warn({ err: error, run: runId }, 'a card will be drawn later'),
      );
    }, soonMs);
  };
}

/** Says something in the run's thread, once for its name. */
export async function announce(
  context: Pick<EngineContext, 'presenter'>,
  tx: Queries,
  run: Pick<Run, 'id' | 'channel'>,
  name: string,
  parts: readonly NoticePart[],
): Promise<void> {
  await wantMessage(tx, {
    key: `run:${run.id}:${name}:${digest(parts)}`,
    channel: run.channel,
    threadOf: runCardKey(run.id),
    content: context.presenter.notice(parts),
  });
}

/** Runs whose card was drawn before they last changed: what a crash kept from being shown. */
export async function refreshStale(context: EngineContext): Promise<void> {
  const stale = await context.database.query<{ id: string }>(
    `select r.id from stamps.runs r left join stamps.messages m on m.key = 'run:' || r.id
     where r.touched_at > clock_timestamp() - interval '1 day' and r.touched_at < clock_timestamp() - interval '3 seconds'
       and (m.key is null or m.rendered_at < r.touched_at) limit 50`,
  );
  for (const { id } of stale) await refreshCard(context, id);
}
