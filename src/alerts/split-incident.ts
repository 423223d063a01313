import type { Alert } from '../domain/alert.ts';
import { findCell } from '../domain/estate.ts';
import { evidentSeverity } from '../domain/evidence.ts';
import { placeOfCells } from '../domain/incident-place.ts';
import { worse } from '../domain/severity.ts';
import { databaseNow, type Queries } from '../engine/database.ts';
import { OpsError } from '../errors.ts';
import type { IncidentContext } from './incident-context.ts';
import { tellIncident } from './incident-notices.ts';
import { addToTimeline, lockIncident, openIncident, updateIncident } from './incident-store.ts';
import { audit, mustBeLive, opened } from './transitions.ts';

/**
 * Takes one cell's alerts out of an incident, into one of their own, and keeps them apart. Answers with the new id.
 * Its severity is what its own alerts show. Throws `bad-input` when the
 * incident is of that cell alone or has no alert of it.
 */
export async function splitIncident(
  tx: Queries,
  context: Pick<IncidentContext, 'policy' | 'presenter' | 'estate'>,
  id: string,
  named: string,
  actor: string,
): Promise<string> {
  const incident = await lockIncident(tx, id);
  mustBeLive(incident);
  const cell = findCell(context.estate, named).name;
  const rest = incident.cells.filter((name) => name !== cell);
  if (rest.length === incident.cells.length)
    throw new OpsError('bad-input', `${id} has nothing to do with ${cell}.`, {
      hint: incident.cells.length > 0 ? `Its cells are ${incident.cells.join(', ')}.` : 'It has no cells.',
    });
  if (rest.length === 0) throw new OpsError('bad-input', `${id} is of ${cell} alone: there is nothing to split.`);

  const alerts = await tx.query<{ alert: Alert; fired_at: string }>(
    `select alert, fired_at from stamps.alerts
     where incident_id = $1 and place->>'cell' = $2 and condition = 'fired' order by fired_at, seq`,
    [id, cell],
  );
  const [first] = alerts;
  if (!first) throw new OpsError('bad-input', `${id} has no alert of ${cell}: there is nothing to split.`);
  const { incident: fresh } = await openIncident(tx, {
    requestKey: `split/${id}/${cell}/${await databaseNow(tx)}`,
    title: `${cell}: ${first.alert.rule}`,
    severity: alerts.map(({ alert }) => evidentSeverity('cell', alert.azureSeverity)).reduce(worse, 'P3'),
    severityBy: 'evidence',
    place: placeOfCells(context.estate, [cell]) ?? { scope: 'unknown' },
    cells: [cell],
    channel: incident.channel,
    startedAt: first.fired_at,
  });
  await tx.query(
    `update stamps.alerts set incident_id = $3, placed_by = $4 where incident_id = $1 and place->>'cell' = $2`,
    [id, cell, fresh.id, actor],
  );
  const place = placeOfCells(context.estate, rest);
  await updateIncident(tx, id, { cells: rest, ...(place && { place }) });
  await addToTimeline(tx, id, [{ kind: 'split', actor, says: `${cell} split off into ${fresh.id}` }]);
  await addToTimeline(tx, fresh.id, [{ kind: 'split', actor, says: `Split from ${id}` }]);
  await opened(tx, context, fresh, `split from ${id}`);
  await tellIncident(context, tx, incident, `split-${fresh.id}`, [
    `${cell} was split off into ${fresh.id} by `,
    { person: actor },
    '.',
  ]);
  await audit(tx, 'incident-split', actor, incident, { cell, into: fresh.id });
  return fresh.id;
}
