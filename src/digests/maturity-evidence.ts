import type { IncidentPolicy } from '../domain/incident-policy.ts';
import type { MaturityEvidence } from '../domain/maturity.ts';
import type { Queries } from '../engine/database.ts';

/** Counts of what happened from `from` to `to`, ISO 8601. `cpuAlert`: percent of its CPU at which a cell alerts. */
export async function maturityEvidence(
  queries: Queries,
  { severities }: IncidentPolicy,
  cpuAlert: number,
  from: string,
  to: string,
): Promise<MaturityEvidence> {
  const within = Object.entries(severities).map(([severity, rule]) => [severity, rule.acknowledgeWithinMs / 1000]);
  const [incidents] = await queries.query<
    Pick<MaturityEvidence, 'incidents' | 'foundByAlerts' | 'acknowledged' | 'acknowledgedInTime'>
  >(
    `select count(*) as incidents, count(*) filter (where declared_by is null) as "foundByAlerts",
            count(acknowledged_at) as acknowledged,
            count(*) filter (where acknowledged_at - detected_at <= make_interval(secs => ($3::jsonb ->> severity)::float8)) as "acknowledgedInTime"
     from stamps.incidents where detected_at >= $1 and detected_at < $2 and state <> 'merged'`,
    [from, to, JSON.stringify(Object.fromEntries(within))],
  );
  const [runs] = await queries.query<Pick<MaturityEvidence, 'runs' | 'beforeTrouble' | 'byStamps'>>(
    `select count(*) as runs, count(*) filter (where requester_id = 'stamps') as "byStamps",
            count(*) filter (where not exists (
              select 1 from stamps.incidents i
              where r.target_cell = any(i.cells) and i.detected_at <= r.requested_at
                and coalesce(i.resolved_at, 'infinity') > r.requested_at)) as "beforeTrouble"
     from stamps.runs r where requested_at >= $1 and requested_at < $2 and state in ('succeeded', 'undone')`,
    [from, to],
  );
  // By the hours' highest values, that of the request and the one before: samples are not kept for a month.
  const [scaled] = await queries.query<Pick<MaturityEvidence, 'scaleOuts' | 'scaledBefore'>>(
    `select count(peak.most) as "scaleOuts", count(*) filter (where peak.most <= $3) as "scaledBefore"
     from stamps.runs r, lateral (
       select max(most) as most from stamps.kpi_rollups
       where grain = 'hour' and kpi = 'containerCpu' and scope = 'cell/' || r.target_cell
         and at > r.requested_at - interval '2 hours' and at <= r.requested_at
     ) peak
     where r.requested_at >= $1 and r.requested_at < $2 and r.state in ('succeeded', 'undone') and r.plan->>'scale' = 'out'`,
    [from, to, cpuAlert],
  );
  const [proposals] = await queries.query<Pick<MaturityEvidence, 'proposed' | 'taken'>>(
    `select count(*) as proposed, count(*) filter (where state = 'done') as taken
     from stamps.scaling_proposals where created_at >= $1 and created_at < $2`,
    [from, to],
  );
  const [measured] = await queries.query<Pick<MaturityEvidence, 'windows' | 'known'>>(
    `select coalesce(sum(windows), 0)::int as windows, coalesce(sum(known), 0)::int as known
     from stamps.kpi_rollups where grain = 'day' and at >= $1 and at < $2`,
    [from, to],
  );
  return {
    ...(incidents ?? { incidents: 0, foundByAlerts: 0, acknowledged: 0, acknowledgedInTime: 0 }),
    ...(runs ?? { runs: 0, beforeTrouble: 0, byStamps: 0 }),
    ...(scaled ?? { scaleOuts: 0, scaledBefore: 0 }),
    ...(proposals ?? { proposed: 0, taken: 0 }),
    ...(measured ?? { windows: 0, known: 0 }),
  };
}
