import type { ChangeStep } from '../domain/plan.ts';
import { OpsError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import { appendAudit } from './audit.ts';
import type { ChangeRecords } from './change-step.ts';
import { type Database, patiently } from './database.ts';
import type { Replica } from './replica.ts';

export interface Attempt {
  readonly runId: string;
  readonly attempt: number;
}

const pausePollMs = 1_000;

/** Thrown into whatever a replica still does once others have taken over: it must not write any more. */
export function fenced(): OpsError {
  return new OpsError('fenced', 'This replica no longer holds the run.');
}

/** The records of one change, kept in PostgreSQL, and the one gate before every write. */
export function createChangeRecords(
  database: Database,
  replica: Replica,
  clock: Clock,
  signal: AbortSignal,
  { runId, attempt }: Attempt,
  step: ChangeStep,
): ChangeRecords {
  const where = [runId, step.resource.kind, step.resource.id] as const;

  const ask = (version: string | undefined) =>
    database.transaction(async (tx) => {
      const [row] = await tx.query<{ ours: boolean; live: boolean; cancelled: boolean; paused: boolean }>(
        `select r.owner = $2 and r.attempt = $3 and r.state = 'running' as ours,
                exists (select 1 from stamps.replicas where executor_id = $2 and taken_over_by is null
                        and lease_until > clock_timestamp()) as live,
                r.cancel_requested_by is not null as cancelled,
                exists (select 1 from stamps.settings where key = 'pause') as paused
         from stamps.runs r where r.id = $1 for update`,
        [runId, replica.id, attempt],
      );
      if (!row?.ours) throw fenced();
      if (!row.live) return 'renew';
      if (row.cancelled) return 'cancelled';
      if (row.paused) return 'paused';
      // The first thing found is what is given back, however often the step is tried.
      await tx.query(
        `insert into stamps.undo (run_id, step_id, kind, resource_id, before, after, sent_on)
         values ($1, $2, $3, $4, $5, $6, jsonb_set($7, '{at}', to_jsonb(clock_timestamp())))
         on conflict (run_id, kind, resource_id) do update set after = excluded.after, sent_on = excluded.sent_on`,
        [
          runId,
          step.id,
          step.resource.kind,
          step.resource.id,
          JSON.stringify(step.before),
          JSON.stringify(step.after),
          JSON.stringify({ attempt, step: step.id, version }),
        ],
      );
      await appendAudit(tx, [
        {
          key: `${runId}/${attempt}/${step.id}/intended`,
          kind: 'change-intended',
          runId,
          actor: 'stamps',
          body: { step: step.id, resource: { ...step.resource }, before: step.before, after: step.after },
        },
      ]);
      return 'go';
    });

  return {
    async earlier() {
      const [row] = await patiently(
        () =>
          database.query<{ operation: string | null; version: string | null; ago_ms: number | null }>(
            `select operation, case when sent_on @> $4 then sent_on ->> 'version' end as version,
                    case when sent_on @> $4 then
                      extract(epoch from clock_timestamp() - (sent_on ->> 'at')::timestamptz)::float8 * 1000 end as ago_ms
             from stamps.undo where run_id = $1 and kind = $2 and resource_id = $3`,
            [...where, JSON.stringify({ attempt, step: step.id })],
          ),
        signal,
      );
      return {
        intended: row !== undefined,
        ...(row?.version != null && { version: row.version }),
        ...(row?.ago_ms != null && { agoMs: row.ago_ms }),
        ...(row?.operation != null && { operation: row.operation }),
      };
    },
    async intend(version) {
      for (;;) {
        const answer = await patiently(() => ask(version), signal);
        if (answer === 'cancelled') return answer;
        if (answer === 'go' && replica.holds(0)) return answer;
        if (answer !== 'paused' && !(await patiently(() => replica.beat(), signal))) throw fenced();
        if (answer === 'paused') await clock.sleep(pausePollMs, signal);
      }
    },
    holds: () => replica.holds(0),
    async withdraw() {
      await patiently(
        () =>
          database.query(
            'delete from stamps.undo where run_id = $1 and kind = $2 and resource_id = $3 and step_id = $4',
            [...where, step.id],
          ),
        signal,
      );
    },
    async operation(operation) {
      await patiently(
        () =>
          database.query('update stamps.undo set operation = $4 where run_id = $1 and kind = $2 and resource_id = $3', [
            ...where,
            operation,
          ]),
        signal,
      );
    },
  };
}
