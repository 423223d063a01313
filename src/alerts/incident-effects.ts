import { cutList } from '../blocks/cut.ts';
import type { Incident } from '../domain/incident.ts';
import type { Queries } from '../engine/database.ts';
import { wantEffect } from '../engine/effects.ts';
import { incidentPageKey, wantPage, wantPageAcknowledged, wantPageResolved } from '../engine/pages.ts';
import type { IncidentContext } from './incident-context.ts';
import { wantEarlierNotes } from './pager-notes.ts';
import { endRungPages } from './rung-pages.ts';

const mostCells = 50;
const pagerSeverities = { P0: 'critical', P1: 'error', P2: 'warning', P3: 'info' } as const;

/** How often it was opened again, or its acknowledgement was taken back: then the pager is told once more. */
export async function timesOf(db: Queries, incidentId: string, kind: 'reopened' | 'unacknowledged'): Promise<number> {
  const [row] = await db.query<{ n: number }>(
    'select count(*) as n from stamps.timeline where incident_id = $1 and kind = $2',
    [incidentId, kind],
  );
  return row?.n ?? 0;
}

const occasion = (what: string, round: number): string => (round === 0 ? what : `${what}-again-${round}`);
/** The effect that wakes the on-call for an incident: once each time it opens, however often it becomes worse. */
const pageEffectKey = (incidentId: string, round: number): string =>
  `pagerduty/${incidentPageKey(incidentId)}/trigger/${occasion('incident', round)}`;

/** Wakes the on-call, once each time the incident opens, and brings them what was noted before. `because`: what happened, in words. */
export async function pageIncident(tx: Queries, incident: Incident, because: string): Promise<void> {
  const { id, title, severity, place, cells } = incident;
  const page = {
    key: incidentPageKey(id),
    summary: `${severity} ${id}: ${title}`,
    source: 'Stamps',
    severity: pagerSeverities[severity],
    details: {
      incident: id,
      because,
      scope: place.scope,
      ...(cells.length > 0 && { cells: cutList(cells, mostCells) }),
    },
  };
  await wantPage(tx, page, occasion('incident', await timesOf(tx, id, 'reopened')), { incident: id });
  await wantEarlierNotes(tx, incident);
}

/**
 * Tells PagerDuty of it when it was told of the incident. `except`: the page of which PagerDuty itself told, since said
 * back late it would take back what has happened there since.
 */
export async function tellPager(
  tx: Queries,
  incidentId: string,
  did: 'acknowledged' | 'resolved',
  except?: string,
): Promise<void> {
  const round = await timesOf(tx, incidentId, 'reopened');
  // Each acknowledgement after one that timed out there is news to it.
  const again = did === 'acknowledged' ? await timesOf(tx, incidentId, 'unacknowledged') : 0;
  const name = again === 0 ? did : `${did}-after-${again}`;
  await endRungPages(tx, incidentId, { to: did, occasion: name, round, ...(except !== undefined && { except }) });
  if (except === incidentPageKey(incidentId)) return;
  const paged = await tx.query('select 1 from stamps.effects where key = $1', [pageEffectKey(incidentId, round)]);
  if (paged.length === 0) return;
  const want = did === 'acknowledged' ? wantPageAcknowledged : wantPageResolved;
  await want(tx, incidentPageKey(incidentId), occasion(name, round), { incident: incidentId });
}

/** How far the page of an incident is, in words; undefined: nobody was paged since it last opened. */
export async function pageStanding(db: Queries, incidentId: string): Promise<string | undefined> {
  const [row] = await db.query<{ outcome: string | null; last_error: string | null }>(
    'select outcome, last_error from stamps.effects where key = $1',
    [pageEffectKey(incidentId, await timesOf(db, incidentId, 'reopened'))],
  );
  if (!row) return undefined;
  return row.outcome ?? (row.last_error === null ? 'The page is on its way.' : 'The page is not through yet.');
}

/** A channel of its own when policy gives its severity one and it has none. `archived`: how many it had before. */
export async function wantOwnChannel(
  tx: Queries,
  { policy }: Pick<IncidentContext, 'policy'>,
  incident: Pick<Incident, 'id' | 'severity' | 'ownChannel'>,
): Promise<void> {
  if (!policy.incidents.severities[incident.severity].ownChannel || incident.ownChannel !== undefined) return;
  const stream = channelStream(incident.id);
  const [row] = await tx.query<{ n: number }>(
    'select count(*) as n from stamps.effects where stream = $1 and kind = $2',
    [stream, archiveKind],
  );
  const archived = row?.n ?? 0;
  await wantEffect(tx, {
    key: archived === 0 ? stream : `${stream}/again-${archived}`,
    stream,
    kind: 'incident-channel',
    args: { incident: incident.id, archived },
  });
}

export const archiveKind = 'incident-archive';
export const channelStream = (incidentId: string): string => `incident-channel/${incidentId}`;
