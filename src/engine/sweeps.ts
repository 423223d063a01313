import { ruleFor } from '../domain/approval.ts';
import { heldKind } from '../domain/find-held.ts';
import { undoPlaybook } from '../domain/plan.ts';
import type { Run } from '../domain/run.ts';
import { isOpsError } from '../errors.ts';
import { appendAudit } from './audit.ts';
import { announce, refreshCard } from './cards.ts';
import { approversOf, type EngineContext } from './context.ts';
import type { Queries } from './database.ts';
import { expire } from './decide-run.ts';
import { engineMember } from './engine-member.ts';
import { runCardKey, wantMessage } from './messages.ts';
import type { EngineOperations } from './operations.ts';
import { wantPage } from './pages.ts';
import { findRuns, getRun, lockRun } from './run-store.ts';

/** How long before a lease ends people are asked to extend or restore: half an hour, or a quarter of a short lease. */
const leaseReminderMs = 30 * 60_000;

/** A live process asks for the undo as soon as a run has failed, and plans it within this time. */
const undoWithinMs = 10_000;

/** What time brings. Each look acts at most once for what it finds, over all replicas; called every second or so. */
export interface Sweeps {
  approvals(): Promise<void>;
  leases(): Promise<void>;
  /** Asks for the undo of runs that failed and say so, where whoever stopped them died before it could. */
  undos(): Promise<void>;
  reviews(): Promise<void>;
}

export function createSweeps(
  context: EngineContext,
  operations: EngineOperations,
  undoAtOnce: (run: Run) => Promise<void>,
): Sweeps {
  const { database, policy, presenter, logger } = context;

  /** Those that match, each in its own transaction with its row locked, so that one replica acts. */
  async function each(sql: string, act: (tx: Queries, run: Run) => Promise<void>): Promise<void> {
    const found = await database.query<{ id: string }>(sql);
    for (const { id } of found) {
      await database.transaction(async (tx) => {
        const [still] = await tx.query(`${sql} and r.id = $1 for update of r skip locked`, [id]);
        if (still) await act(tx, await lockRun(tx, id));
      });
      await refreshCard(context, id);
    }
  }

  return {
    async approvals() {
      await each(
        `select r.id from stamps.runs r where r.state = 'waiting' and r.expires_at <= clock_timestamp()`,
        (tx, run) => expire(context, tx, run),
      );

      for (const run of await findRuns(database, { states: ['waiting'] })) {
        const rule = ruleFor(policy, run.plan);
        if (!rule) continue;
        const due = await database.query(
          `update stamps.runs set reminded_at = clock_timestamp() where id = $1 and reminded_at is null and state = 'waiting'
             and expires_at - make_interval(secs => $2) <= clock_timestamp() returning 1`,
          [run.id, rule.remindBeforeMs / 1000],
        );
        if (due.length === 0) continue;
        const whom = approversOf(policy, rule).flatMap(({ slackGroup, people }) => [
          ...(slackGroup === undefined ? [] : [{ slackGroup }, ' ']),
          ...people.flatMap((person) => [{ person }, ' ']),
        ]);
        await announce(context, database, run, 'reminder', [
          ...whom,
          `${run.id} still waits for approval, and expires soon.`,
        ]);
      }
    },

    async leases() {
      const due = await database.query<{
        subject: string;
        until: string;
        on_expiry: string;
        run_id: string;
        reason: string;
        ended: boolean;
      }>(
        `select l.subject, l.until, l.on_expiry, l.run_id, l.reason, l.until <= clock_timestamp() as ended
         from stamps.leases l join stamps.runs r on r.id = l.run_id
         where (l.reminded_at is null and l.until > clock_timestamp() and l.until - make_interval(secs => $1) <= clock_timestamp())
            or (l.ended_at is null and l.until <= clock_timestamp()
                -- What is on its way records what it does until it ends: an undo that is planned before takes back a part.
                and not (l.on_expiry = 'undo' and r.state in ('queued', 'running')))`,
        [leaseReminderMs / 1000],
      );
      for (const lease of due) {
        const run = await getRun(database, lease.run_id);
        const column = lease.ended ? 'ended_at' : 'reminded_at';
        const acted = await database.transaction(async (tx) => {
          const mine = await tx.query(
            `update stamps.leases set ${column} = clock_timestamp()
             where subject = $1 and date_trunc('milliseconds', until) = $2 and ${column} is null returning 1`,
            [lease.subject, lease.until],
          );
          if (mine.length === 0) return false;
          await wantMessage(tx, {
            key: `run:${run.id}:lease:${lease.until}:${column}`,
            channel: run.channel,
            threadOf: runCardKey(run.id),
            priority: 0,
            content: presenter.leaseReminder({
              subject: lease.subject,
              of: heldKind(lease.subject, run.plan.target),
              until: lease.until,
              runId: run.id,
              reason: lease.reason,
              ended: lease.ended,
            }),
          });
          await appendAudit(tx, [
            {
              kind: lease.ended ? 'lease-ended' : 'lease-reminded',
              runId: run.id,
              actor: 'stamps',
              body: { subject: lease.subject, until: lease.until },
            },
          ]);
          if (lease.ended && lease.on_expiry === 'page') await pageAtEnd(tx, lease, run);
          return true;
        });
        if (acted && lease.ended && lease.on_expiry === 'undo') await undoAtEnd(lease, run);
      }
    },

    async undos() {
      const owed = await database.query<{ id: string }>(
        `select r.id from stamps.runs r
         where r.state = 'stopped' and r.undoes is null and r.plan->>'onFailure' = 'undo'
           and r.touched_at < clock_timestamp() - make_interval(secs => $1)
           and exists (select 1 from stamps.steps s where s.run_id = r.id and s.attempt = r.attempt and s.report->>'state' = 'failed')
           and exists (select 1 from stamps.undo u where u.run_id = r.id)
           and not exists (select 1 from stamps.runs u where u.undoes = r.id)
           and not exists (select 1 from stamps.messages m where m.key like 'run:' || r.id || ':undo-unplanned:%')`,
        [undoWithinMs / 1000],
      );
      for (const { id } of owed) await undoAtOnce(await getRun(database, id));
    },

    async reviews() {
      const every = policy.breakGlass.remindEveryMs;
      const owed = await database.query<{ id: string; nth: number }>(
        `select id, floor(extract(epoch from clock_timestamp() - (break_glass->>'at')::timestamptz) * 1000 / $1)::int as nth from stamps.runs
         where break_glass is not null and break_glass->>'reviewedBy' is null`,
        [every],
      );
      for (const { id, nth } of owed) {
        if (nth < 1) continue;
        const run = await getRun(database, id);
        await announce(context, database, run, `review-${nth}`, [
          `The break-glass of ${id} still has no review (reminder ${nth}). Somebody other than `,
          { person: run.breakGlass?.by ?? '' },
          ' must look at it.',
        ]);
      }
    },
  };

  function pageAtEnd(tx: Queries, { subject, until }: { subject: string; until: string }, run: Run): Promise<void> {
    const page = {
      key: `stamps/lease/${subject}/${until}`,
      summary: `${subject} is still out of service: its lease ended at ${until}`,
      source: 'Stamps',
      severity: 'error' as const,
      details: { run: run.id, reason: run.plan.reason },
    };
    return wantPage(tx, page, 'ended', { run });
  }

  async function undoAtEnd({ subject, until }: { subject: string; until: string }, run: Run): Promise<void> {
    try {
      await operations.requestAsDeclared(
        {
          requestKey: `lease/${subject}/${until}`,
          playbook: undoPlaybook,
          input: { run: run.id },
          requester: engineMember,
          channel: run.channel,
        },
        run.id,
      );
    } catch (error) {
      if (!isOpsError(error)) throw error;
      logger.error({ err: error, run: run.id }, 'the undo at the end of a lease could not be planned');
      await announce(context, database, run, `lease-undo-${until}`, [
        `The lease ended, and its undo could not be planned: ${error.message}`,
      ]);
    }
  }
}
