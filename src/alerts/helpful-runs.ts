import type { Queries } from '../engine/database.ts';
import { findRun } from '../engine/run-store.ts';
import type { IncidentContext } from './incident-context.ts';
import { askIncident } from './incident-notices.ts';
import { getIncident } from './incident-store.ts';

/** A run `r` that took the place of an incident `i` out of harm's way since that began: its cell, or its region. */
const helped = `r.state = 'succeeded' and r.finished_at > i.started_at and (
  (r.playbook = 'isolate-cell' and r.target_cell = any(i.cells))
  or (r.playbook = 'failover-region'
      and (i.place->>'scope' = 'global' or i.place->>'region' = r.plan->'target'->>'region')))`;

/**
 * Asks in an incident's thread whether the harm is over, once for each isolation or failover of its place that was done
 * since it began. Only a person knows: the run says what was done, not whom it helped.
 */
export async function askAfterRuns(context: IncidentContext): Promise<number> {
  const { database } = context;
  const done = await database.query<{ incident: string; run: string }>(
    `select i.id as incident, r.id as run
     from stamps.incidents i join stamps.runs r on ${helped}
     where i.state in ('open', 'acknowledged') and i.mitigated_at is null
       and not exists (select 1 from stamps.messages m where m.key like 'incident:' || i.id || ':helped-' || r.id || ':%')
     order by i.number limit 20`,
  );
  for (const { incident: id, run: runId } of done) {
    const [incident, run] = await Promise.all([getIncident(database, id), findRun(database, runId)]);
    if (!run) continue;
    await askIncident(context, database, incident, `helped-${runId}`, {
      says: `${runId} is done: ${run.plan.title}. Is the harm over?`,
      run: runId,
    });
  }
  return done.length;
}

/** When such a run was done, ISO 8601; undefined: it is none of this incident's. */
export async function endOfHelp(tx: Queries, incidentId: string, runId: string): Promise<string | undefined> {
  const [row] = await tx.query<{ at: string }>(
    `select r.finished_at as at from stamps.incidents i join stamps.runs r on ${helped} where i.id = $1 and r.id = $2`,
    [incidentId, runId],
  );
  return row?.at;
}
