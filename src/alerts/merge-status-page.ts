import type { Incident } from '../domain/incident.ts';
import { type ComponentStatus, componentStatuses, type StatusUpdate } from '../domain/status-update.ts';
import type { Queries } from '../engine/database.ts';
import { addToTimeline, updateIncident } from './incident-store.ts';
import { openUpdate, wantStatusUpdate } from './status-updates.ts';

const keyPrefix = 'statuspage/merge/';

/**
 * What customers are told of an incident that is merged must neither stay open for ever nor break off. When the other
 * is not on the page, its incident there becomes the other's. When both are, it says where it goes on and is resolved
 * there; its components stay as they are, and the other's next words take them over. `actor`: who merged.
 */
export async function mergeStatusPage(tx: Queries, gone: Incident, stays: Incident, actor: string): Promise<void> {
  const open = await openUpdate(tx, gone.id);
  if (!open) return;
  const other = await openUpdate(tx, stays.id);
  if (!other) {
    await tx.query(
      `update stamps.status_updates set incident_id = $2, seq = nextval('stamps.status_updates_seq_seq')
       where seq = (select max(seq) from stamps.status_updates where incident_id = $1 and state <> 'failed')`,
      [gone.id, stays.id],
    );
    await updateIncident(tx, stays.id, gone.statusPageId === undefined ? {} : { status_page_id: gone.statusPageId });
    const says = `What customers are told of ${gone.id} goes on here (${open.update.status}: ${open.update.name})`;
    await addToTimeline(tx, stays.id, [{ kind: 'status-page', actor, says }]);
    return;
  }
  const { name, impact } = open.update;
  const last: StatusUpdate = { name, impact, status: 'resolved', body: continuedAt(other), components: {} };
  await wantStatusUpdate(tx, `${keyPrefix}${gone.id}/${stays.id}`, gone, last, { id: actor });
}

function continuedAt({ update, link }: { update: StatusUpdate; link?: string }): string {
  const where = link === undefined || link === '' ? '.' : `: ${link}`;
  return `This is part of a larger problem. We go on about it under “${update.name}”${where}`;
}

/** Components that merges left as customers were told, by id; the words of the incident that stays end them. */
export async function componentsTakenOver(db: Queries, incidentId: string): Promise<Record<string, ComponentStatus>> {
  const rows = await db.query<{ components: Record<string, string> }>(
    `with recursive merged(id) as (
       select id from stamps.incidents where merged_into = $1
       union select i.id from stamps.incidents i join merged m on i.merged_into = m.id)
     select before.update->'components' as components
     from stamps.status_updates last
     join lateral (select u.update from stamps.status_updates u
                   where u.incident_id = last.incident_id and u.seq < last.seq and u.state <> 'failed'
                   order by u.seq desc limit 1) before on true
     where last.key like $2 and last.incident_id in (select id from merged) order by last.seq`,
    [incidentId, `${keyPrefix}%`],
  );
  const all = rows.flatMap(({ components }) => Object.entries(components));
  const known = all.flatMap(([id, told]) => {
    const status = componentStatuses.find((one) => one === told);
    return status === undefined || status === 'operational' ? [] : [[id, status] as const];
  });
  return Object.fromEntries(known);
}
