import { scalingCard } from '../blocks/scaling-card.ts';
import { shown } from '../domain/estate.ts';
import type { ScalingPolicy } from '../domain/scaling.ts';
import type { NewProposal, ProposalState, Scaled, ScalingProposal } from '../domain/scaling-proposal.ts';
import { appendAudit } from '../engine/audit.ts';
import type { Queries } from '../engine/database.ts';
import { wantMessage } from '../engine/messages.ts';
import { OpsError } from '../errors.ts';

interface Row {
  id: string;
  cell: string;
  direction: ScalingProposal['direction'];
  evidence: ScalingProposal['evidence'];
  file_id: string | null;
  alt_text: string | null;
  channel: string;
  state: ProposalState;
  snoozed_until: string | null;
  run_id: string | null;
  by_person: string | null;
  reason: string | null;
  created_at: string;
  settled_at: string | null;
}

const select = 'select p.* from stamps.scaling_proposals p';

function fromRow(row: Row): ScalingProposal {
  const { id, cell, direction, evidence, channel, state } = row;
  // Evidence is of its direction's kind: that is how it is stored.
  return {
    ...({ id, cell, direction, evidence, channel, state } as ScalingProposal),
    createdAt: row.created_at,
    ...(row.file_id !== null && { picture: { fileId: row.file_id, altText: row.alt_text ?? '' } }),
    ...(row.settled_at !== null && { settledAt: row.settled_at }),
    ...(row.snoozed_until !== null && { snoozedUntil: row.snoozed_until }),
    ...(row.run_id !== null && { runId: row.run_id }),
    ...(row.by_person !== null && { byPerson: row.by_person }),
    ...(row.reason !== null && { reason: row.reason }),
  };
}

export async function openProposals(db: Queries): Promise<ScalingProposal[]> {
  return (await db.query<Row>(`${select} where state in ('open', 'snoozed', 'proposed') order by created_at desc`)).map(
    fromRow,
  );
}

/** Open ones, and those that were settled within a day, the newest first. */
export async function lateProposals(db: Queries): Promise<ScalingProposal[]> {
  return (
    await db.query<Row>(
      `${select} where settled_at is null or settled_at > clock_timestamp() - interval '1 day'
       order by created_at desc limit 50`,
    )
  ).map(fromRow);
}

/** The proposal, its row locked until the transaction ends. Throws `not-found`. */
export async function lockProposal(tx: Queries, id: string): Promise<ScalingProposal> {
  const [row] = await tx.query<Row>(`${select} where id = $1 for update`, [id]);
  if (row) return fromRow(row);
  throw new OpsError('not-found', `There is no scaling proposal “${shown(id)}”.`, {
    hint: '`/stamps scaling` lists them.',
  });
}

/** Stores a proposal, unless its cell has an open one about the same; draws its card. */
export async function addProposal(
  tx: Queries,
  { cell, direction, evidence, picture, channel }: NewProposal,
): Promise<void> {
  const [row] = await tx.query<Row>(
    `insert into stamps.scaling_proposals as p (id, cell, direction, evidence, file_id, alt_text, channel, state)
     values ('sc-' || nextval('stamps.scaling_number'), $1, $2, $3, $4, $5, $6, 'open')
     on conflict do nothing returning p.*`,
    [cell, direction, JSON.stringify(evidence), picture?.fileId ?? null, picture?.altText ?? null, channel],
  );
  if (!row) return;
  await draw(tx, fromRow(row));
  await audit(tx, 'scaling-proposed', fromRow(row), 'stamps');
}

/** Moves a proposal on, draws its card anew and writes it down. */
export async function moveProposal(
  tx: Queries,
  id: string,
  to: {
    readonly state: ProposalState;
    readonly by?: string;
    readonly reason?: string;
    readonly runId?: string;
    readonly snoozeMs?: number;
  },
): Promise<ScalingProposal> {
  const [row] = await tx.query<Row>(
    `update stamps.scaling_proposals as p
     set state = $2, by_person = coalesce($3, by_person), reason = coalesce($4, reason), run_id = coalesce($5, run_id),
         snoozed_until = case when $6::float8 is null then snoozed_until else clock_timestamp() + make_interval(secs => $6::float8) end,
         settled_at = case when $2 in ('done', 'ended', 'withdrawn', 'dismissed') then clock_timestamp() end
     where id = $1 returning p.*`,
    [
      id,
      to.state,
      to.by ?? null,
      to.reason ?? null,
      to.runId ?? null,
      to.snoozeMs === undefined ? null : to.snoozeMs / 1000,
    ],
  );
  if (!row) throw new Error(`the scaling proposal ${id} is gone`);
  const proposal = fromRow(row);
  await draw(tx, proposal);
  await audit(tx, `scaling-${to.state}`, proposal, to.by ?? 'stamps');
  return proposal;
}

const directions: Readonly<Record<Scaled, readonly string[]>> = { replicas: ['out', 'in'], sql: ['up', 'down'] };

/** Cells that are left alone in one of the two, and until when; by the database's clock. */
export async function coolingCells(db: Queries, policy: ScalingPolicy, what: Scaled): Promise<Map<string, string>> {
  const { coolDownMs } = what === 'sql' ? policy.sql : policy;
  const until = (ended: string) => Date.parse(ended) + coolDownMs;
  const rows = await db.query<{ cell: string; ended: string; now: string }>(
    `select cell, max(ended) as ended, clock_timestamp() as now from (
       select target_cell as cell, finished_at as ended from stamps.runs
       where plan->>'scale' = any($2) and state in ('succeeded', 'undone') and target_cell is not null
         and finished_at > clock_timestamp() - make_interval(secs => $1)
       union all
       select cell, settled_at from stamps.scaling_proposals
       where direction = any($2) and state in ('dismissed', 'ended') and settled_at > clock_timestamp() - make_interval(secs => $1)
     ) e group by cell`,
    [coolDownMs / 1000, directions[what]],
  );
  return new Map(
    rows
      .filter(({ ended, now }) => until(ended) > Date.parse(now))
      .map(({ cell, ended }) => [cell, new Date(until(ended)).toISOString()]),
  );
}

export const proposalKey = (id: string): string => `scaling:${id}`;

async function draw(tx: Queries, proposal: ScalingProposal): Promise<void> {
  await wantMessage(tx, {
    key: proposalKey(proposal.id),
    channel: proposal.channel,
    content: scalingCard(proposal),
  });
}

function audit(
  tx: Queries,
  kind: string,
  { id, cell, direction, evidence, reason, runId }: ScalingProposal,
  actor: string,
) {
  const { to } = evidence;
  const body = {
    ...{ proposal: id, cell, direction },
    ...(to !== undefined && { to: typeof to === 'number' ? to : to.objective }),
    ...(reason !== undefined && { reason }),
    ...(runId !== undefined && { run: runId }),
  };
  return appendAudit(tx, [{ kind, actor, body }]);
}
