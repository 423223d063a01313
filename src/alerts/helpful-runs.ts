import { findRun } from '../engine/run-store.ts';
import type { IncidentContext } from './incident-context.ts';
import { tellIncident } from './incident-notices.ts';
import { getIncident } from './incident-store.ts';

/**
 * Asks in an incident's thread whether the harm is over, once for each isolation of one of its cells that was done
 * since it began. Only a person knows: the run says what was done, not whom it helped.
 */
export async function askAfterRuns(context: IncidentContext): Promise<number> {
  const { database } = context;
  const done = await database.query<{ incident: string; run: string }>(
    `select i.id as incident, r.id as run
     from stamps.incidents i join stamps.runs r on r.target_cell = any(i.cells)
     where i.state in ('open', 'acknowledged') and i.mitigated_at is null
       and r.playbook = 'isolate-cell' and r.state = 'succeeded' and r.finished_at > i.started_at
       and not exists (select 1 from stamps.messages m where m.key like 'incident:' || i.id || ':helped-' || r.id || ':%')
     order by i.number limit 20`,
  );
  for (const { incident: id, run: runId } of done) {
    const [incident, run] = await Promise.all([getIncident(database, id), findRun(database, runId)]);
    if (!run) continue;
    await tellIncident(context, database, incident, `helped-${runId}`, [
      `${runId} is done: ${run.plan.title}. Is the harm over? Then say `,
      '@stamps mitigate here.',
    ]);
  }
  return done.length;
}
