import type { Incident, TimelineEntry } from '../domain/incident.ts';
import { planCode } from '../domain/plan.ts';
import type { Run } from '../domain/run.ts';
import type { Queries } from '../engine/database.ts';
import { runsOf } from './incident-cards.ts';
import { readTimeline } from './incident-store.ts';

/** What was written down, and the runs on its cells, oldest first. */
export async function readWholeTimeline(db: Queries, incident: Incident): Promise<TimelineEntry[]> {
  const written = await readTimeline(db, incident.id);
  const runs = (await runsOf(db, incident)).flatMap(runEntries);
  return [...written, ...runs].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** A run as lines: asked for, each decision, its end. */
function runEntries(run: Run): TimelineEntry[] {
  const { id, plan, planHash } = run;
  const entry = (at: string, actor: string, says: string): TimelineEntry => ({ at, kind: 'run', actor, says });
  return [
    entry(run.requestedAt, run.requesterId, `${id} asked for: ${plan.title}, plan ${planCode(planHash)}`),
    ...run.decisions.map(({ at, personId, verdict, planHash: decided }) =>
      entry(at, personId, `${id}, plan ${planCode(decided)}: ${verdict === 'approve' ? 'approved' : 'denied'}`),
    ),
    ...(run.breakGlass
      ? [entry(run.breakGlass.at, run.breakGlass.by, `${id}: break-glass: ${run.breakGlass.reason}`)]
      : []),
    ...(run.finishedAt === undefined
      ? []
      : [
          entry(
            run.finishedAt,
            'stamps',
            `${id} ${run.state}: ${plan.title}${run.stateReason ? `. ${run.stateReason}` : ''}`,
          ),
        ]),
  ];
}
