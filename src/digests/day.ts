import type { IncidentLine, ProposalLine, RunLine } from '../domain/digest.ts';
import type { Queries } from '../engine/database.ts';

const most = 50;

/** Incidents that are open, or that ended or came in the time; the worst first. */
export function incidentsOf(queries: Queries, from: string, to: string): Promise<IncidentLine[]> {
  return queries.query<IncidentLine>(
    `select id, title, severity, state, detected_at as "detectedAt" from stamps.incidents
     where state in ('open', 'acknowledged') or (state = 'resolved' and (resolved_at >= $1 or detected_at >= $1) and detected_at < $2)
     order by severity, number desc limit $3`,
    [from, to, most],
  );
}

/** Runs that were asked for in the time, the newest first. */
export function runsOf(queries: Queries, from: string, to: string): Promise<RunLine[]> {
  return queries.query<RunLine>(
    `select id, plan->>'title' as title, state, requester_id as "requesterId" from stamps.runs
     where requested_at >= $1 and requested_at < $2 order by number desc limit $3`,
    [from, to, most],
  );
}

/** Scaling proposals that are open, or that came or were settled in the time; open ones first, then the newest. */
export async function proposalsOf(queries: Queries, from: string, to: string): Promise<ProposalLine[]> {
  type Optional = 'to' | 'runId' | 'byPerson' | 'reason' | 'snoozedUntil';
  const rows = await queries.query<
    Omit<ProposalLine, Optional> & Record<Exclude<Optional, 'to'>, string | null> & { to: number | string | null }
  >(
    `select id, cell, direction, case jsonb_typeof(evidence->'to') when 'object' then evidence->'to'->'objective' else evidence->'to' end as "to", state, run_id as "runId", by_person as "byPerson", reason,
            snoozed_until as "snoozedUntil"
     from stamps.scaling_proposals
     where created_at < $2 and (settled_at is null or created_at >= $1 or settled_at >= $1)
     order by settled_at is null desc, created_at desc limit $3`,
    [from, to, most],
  );
  return rows.map(({ to, runId, byPerson, reason, snoozedUntil, ...line }) => ({
    ...line,
    ...(to !== null && { to }),
    ...(runId !== null && { runId }),
    ...(byPerson !== null && { byPerson }),
    ...(reason !== null && { reason }),
    ...(snoozedUntil !== null && { snoozedUntil }),
  }));
}
