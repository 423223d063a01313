import { isLive } from '../domain/incident.ts';
import { jointPlace } from '../domain/incident-place.ts';
import { worse } from '../domain/severity.ts';
import type { Queries } from '../engine/database.ts';
import { OpsError } from '../errors.ts';
import type { IncidentContext } from './incident-context.ts';
import { tellPager } from './incident-effects.ts';
import { tellIncident } from './incident-notices.ts';
import { addToTimeline, lockIncident, updateIncident } from './incident-store.ts';
import { mergeStatusPage } from './merge-status-page.ts';
import { audit, by, mustBeLive, severityChanged } from './transitions.ts';

/**
 * Everything of one incident goes over to another: alerts (a person's hand keeps them there), cells, timeline.
 * The other gets the worse severity of the two unless a person chose its own. Throws `conflict` when either has ended.
 * `actor` as in transitions; `because` stands in both timelines.
 */
export async function mergeIncidents(
  tx: Queries,
  context: Pick<IncidentContext, 'policy' | 'presenter'>,
  id: string,
  into: string,
  actor: string,
  because = '',
): Promise<void> {
  // Always in one order, so that two merges never wait for each other.
  for (const each of [id, into].sort()) await lockIncident(tx, each);
  const gone = await lockIncident(tx, id);
  const stays = await lockIncident(tx, into);
  if (gone.state === 'merged' && gone.mergedInto === into) return;
  mustBeLive(gone);
  if (!isLive(stays.state)) throw new OpsError('conflict', `${into} has ended: nothing can be merged into it.`);

  const byPerson = actor === 'stamps' ? null : actor;
  await tx.query(
    'update stamps.alerts set incident_id = $2, placed_by = coalesce($3, placed_by) where incident_id = $1',
    [id, into, byPerson],
  );
  // What it went through itself stays with it: by it is counted how often the pager was told.
  await tx.query(
    `update stamps.timeline set incident_id = $2
     where incident_id = $1 and kind not in ('opened', 'reopened', 'unacknowledged')`,
    [id, into],
  );
  await updateIncident(tx, into, {
    cells: [...new Set([...stays.cells, ...gone.cells])].sort(),
    place: jointPlace(stays.place, gone.place),
    started_at: earlier(gone.startedAt, stays.startedAt),
  });
  await updateIncident(tx, id, { state: 'merged', merged_into: into });

  const why = because === '' ? '' : `: ${because}`;
  await addToTimeline(tx, id, [{ kind: 'merged', actor, says: `Merged into ${into}${why}` }]);
  await addToTimeline(tx, into, [{ kind: 'merged', actor, says: `${id} merged into this one (${gone.title})${why}` }]);
  // The evidence may merge many at once, and says so once for all; the card of what is gone shows it in any case.
  if (byPerson !== null) {
    await tellIncident(context, tx, gone, 'merged', [
      `Merged into ${into} by `,
      by(actor),
      `${why}. It goes on there.`,
    ]);
    await tellIncident(context, tx, stays, `merged-${id}`, [
      `${id} (${gone.title}) was merged into this by `,
      by(actor),
      `${why}.`,
    ]);
  }
  await tellPager(tx, id, 'resolved');
  await mergeStatusPage(tx, gone, stays, actor);
  const severity = worse(stays.severity, gone.severity);
  if (severity !== stays.severity)
    await severityChanged(tx, context, await lockIncident(tx, into), severity, 'stamps', `as ${id} was`);
  await audit(tx, 'incident-merged', actor, gone, { into, because });
}

function earlier(a: string, b: string): string {
  return Date.parse(a) <= Date.parse(b) ? a : b;
}
