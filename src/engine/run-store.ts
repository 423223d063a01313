import type { Decision } from '../domain/approval.ts';
import { shown } from '../domain/estate.ts';
import { heldKind } from '../domain/find-held.ts';
import type { Json } from '../domain/json.ts';
import type { Plan } from '../domain/plan.ts';
import type { BreakGlass, CheckReport, Lease, Run, RunState, StepReport } from '../domain/run.ts';
import { OpsError } from '../errors.ts';
import type { RecordedChange } from '../ports/playbook.ts';
import type { Queries } from './database.ts';
import { noteState } from './entered-states.ts';

interface RunRow {
  id: string;
  playbook: string;
  input: Json;
  plan: Plan;
  plan_hash: string;
  state: RunState;
  state_reason: string;
  requester_id: string;
  channel: string;
  checks: CheckReport[];
  undoes: string | null;
  break_glass: BreakGlass | null;
  cancel_requested_by: string | null;
  requested_at: string;
  expires_at: string;
  finished_at: string | null;
  steps: StepReport[];
  decisions: Decision[];
  behind: string[];
}

/** A run with all that hangs on it, in one round trip. */
const select = `
  select r.id, r.playbook, r.input, r.plan, r.plan_hash, r.state, r.state_reason, r.requester_id, r.channel, r.checks,
         r.undoes, r.break_glass, r.cancel_requested_by, r.requested_at, r.expires_at, r.finished_at,
         coalesce((select jsonb_agg(s.report) from stamps.steps s where s.run_id = r.id), '[]') as steps,
         coalesce((select jsonb_agg(jsonb_build_object('personId', d.person_id, 'verdict', d.verdict, 'planHash', d.plan_hash,
                          'groups', to_jsonb(d.groups), 'at', to_char(d.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by d.at)
                   from stamps.decisions d where d.run_id = r.id), '[]') as decisions,
         case when r.state <> 'queued' then '[]' else
           coalesce((select jsonb_agg(distinct ahead.run_id) from stamps.locks mine
                     join stamps.locks ahead on ahead.resource = mine.resource and ahead.seq < mine.seq
                     where mine.run_id = r.id), '[]') end as behind
  from stamps.runs r`;

export async function findRun(db: Queries, id: string): Promise<Run | undefined> {
  const [row] = await db.query<RunRow>(`${select} where r.id = $1`, [id]);
  return row && fromRow(row);
}

/** Throws `not-found`. */
export async function getRun(db: Queries, id: string): Promise<Run> {
  const run = await findRun(db, id);
  if (!run) throw new OpsError('not-found', `There is no run “${shown(id)}”.`, { hint: '`/stamps runs` lists them.' });
  return run;
}

/** The run, its row locked until the transaction ends: whoever is second sees what the first has done. */
export async function lockRun(tx: Queries, id: string): Promise<Run> {
  await tx.query('select 1 from stamps.runs where id = $1 for update', [id]);
  return getRun(tx, id);
}

export async function findRuns(
  db: Queries,
  filter: {
    states?: readonly RunState[] | undefined;
    cell?: string | undefined;
    limit?: number | undefined;
  },
): Promise<Run[]> {
  const rows = await db.query<RunRow>(
    `${select} where ($1::text[] is null or r.state = any($1)) and ($2::text is null or r.target_cell = $2)
     order by r.number desc limit $3`,
    [filter.states ?? null, filter.cell ?? null, filter.limit ?? 50],
  );
  return rows.map(fromRow);
}

/** Runs on any of the cells, and those on one of the regions as a whole, that went on at some time between; the newest first. */
export async function findRunsAt(
  db: Queries,
  place: { readonly cells: readonly string[]; readonly regions: readonly string[] | 'all' },
  /** ISO 8601. */
  between: { readonly from: string; readonly until?: string | undefined },
  limit = 100,
): Promise<Run[]> {
  const rows = await db.query<RunRow>(
    `${select} where (r.target_cell = any($1)
         or (r.target_cell is null and r.plan->'target'->>'region' is not null
             and ($2::text[] is null or r.plan->'target'->>'region' = any($2))))
       and (r.finished_at is null or r.finished_at >= $3) and ($4::timestamptz is null or r.requested_at <= $4)
     order by r.number desc limit $5`,
    [place.cells, place.regions === 'all' ? null : place.regions, between.from, between.until ?? null, limit],
  );
  return rows.map(fromRow);
}

/** Changes a run's row and marks its card as out of date. */
export async function updateRun(
  tx: Queries,
  id: string,
  fields: Partial<{
    state: RunState;
    state_reason: string;
    plan: Plan;
    plan_hash: string;
    checks: readonly CheckReport[];
    expires_at: string;
    break_glass: BreakGlass;
    cancel_requested_by: string;
    replans: number;
    finished: boolean;
  }>,
): Promise<void> {
  const { finished, ...columns } = fields;
  const names = Object.keys(columns);
  const values = Object.values(columns).map((value) => (typeof value === 'object' ? JSON.stringify(value) : value));
  const sets = names.map((name, index) => `${name} = $${index + 2}`);
  if (finished !== undefined) sets.push(finished ? 'finished_at = clock_timestamp()' : 'finished_at = null');
  const [row] = await tx.query<{ playbook: string }>(
    `update stamps.runs set ${[...sets, 'touched_at = clock_timestamp()'].join(', ')} where id = $1 returning playbook`,
    [id, ...values],
  );
  if (row && fields.state) noteState(tx, { run: id, playbook: row.playbook, state: fields.state });
}

export async function recordedUndo(db: Queries, runId: string): Promise<RecordedChange[]> {
  const rows = await db.query<{ step_id: string; kind: string; resource_id: string; before: Json; after: Json }>(
    'select step_id, kind, resource_id, before, after from stamps.undo where run_id = $1 order by position',
    [runId],
  );
  return rows.map((row) => ({
    stepId: row.step_id,
    resource: { kind: row.kind, id: row.resource_id },
    before: row.before,
    after: row.after,
  }));
}

export async function openLeases(db: Queries): Promise<Lease[]> {
  const rows = await db.query<{
    subject: string;
    until: string;
    on_expiry: Lease['onExpiry'];
    run_id: string;
    reason: string;
    target: Plan['target'];
  }>(
    `select l.subject, l.until, l.on_expiry, l.run_id, l.reason, r.plan->'target' as target
     from stamps.leases l join stamps.runs r on r.id = l.run_id order by l.until`,
  );
  return rows.map((row) => ({
    subject: row.subject,
    of: heldKind(row.subject, row.target),
    until: row.until,
    onExpiry: row.on_expiry,
    runId: row.run_id,
    reason: row.reason,
  }));
}

function fromRow(row: RunRow): Run {
  const order = new Map(row.plan.steps.map((step, index) => [step.id, index]));
  return {
    id: row.id,
    playbook: row.playbook,
    input: row.input,
    plan: row.plan,
    planHash: row.plan_hash,
    state: row.state,
    stateReason: row.state_reason,
    requesterId: row.requester_id,
    channel: row.channel,
    requestedAt: row.requested_at,
    expiresAt: row.expires_at,
    checks: row.checks,
    steps: row.steps
      .filter((report) => order.has(report.stepId))
      .sort((a, b) => (order.get(a.stepId) ?? 0) - (order.get(b.stepId) ?? 0)),
    decisions: row.decisions,
    behind: row.behind,
    ...(row.finished_at === null ? {} : { finishedAt: row.finished_at }),
    ...(row.undoes === null ? {} : { undoes: row.undoes }),
    ...(row.break_glass === null ? {} : { breakGlass: row.break_glass }),
    ...(row.cancel_requested_by === null ? {} : { cancelRequestedBy: row.cancel_requested_by }),
  };
}
