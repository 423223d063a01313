import type { AlertPlace } from '../domain/alert.ts';
import { shown } from '../domain/estate.ts';
import type { Hurt, Incident, IncidentState, TimelineEntry, TimelineKind } from '../domain/incident.ts';
import type { Severity } from '../domain/severity.ts';
import type { Queries } from '../engine/database.ts';
import { OpsError } from '../errors.ts';
import type { IncidentFilter } from '../ports/incidents.ts';

interface IncidentRow {
  id: string;
  title: string;
  state: IncidentState;
  severity: Severity;
  severity_by: string;
  severity_at: string;
  place: AlertPlace;
  cells: string[];
  channel: string;
  own_channel: string | null;
  declared_by: string | null;
  started_at: string;
  detected_at: string;
  acknowledged_at: string | null;
  acknowledged_by: string | null;
  mitigated_at: string | null;
  resolved_at: string | null;
  resolved_by: string | null;
  assignee_id: string | null;
  merged_into: string | null;
  escalation: number;
  hurt: Hurt | null;
  status_page_id: string | null;
  firing: number;
  total: number;
}

/** An incident with its counts of alerts, in one round trip. */
const select = `
  select i.id, i.title, i.state, i.severity, i.severity_by, i.severity_at, i.place, i.cells, i.channel, i.own_channel, i.declared_by,
         i.started_at, i.detected_at, i.acknowledged_at, i.acknowledged_by, i.mitigated_at, i.resolved_at, i.resolved_by,
         i.assignee_id, i.merged_into, i.escalation, i.hurt, i.status_page_id,
         (select count(*) from stamps.alerts a where a.incident_id = i.id and a.condition = 'fired') as total,
         (select count(*) from stamps.alerts a where a.incident_id = i.id and a.condition = 'fired' and a.over_at is null) as firing
  from stamps.incidents i`;

export interface NewIncident {
  /** Of the alert or request that opens it: the same again opens nothing. */
  readonly requestKey: string;
  readonly title: string;
  readonly severity: Severity;
  readonly severityBy: string;
  readonly place: AlertPlace;
  readonly cells: readonly string[];
  readonly channel: string;
  readonly declaredBy?: string;
  /** ISO 8601. */
  readonly startedAt: string;
}

/** Opens an incident, or answers with the one that this key opened before. */
export async function openIncident(tx: Queries, wanted: NewIncident): Promise<{ incident: Incident; opened: boolean }> {
  const [row] = await tx.query<{ id: string }>(
    `with n as (select nextval('stamps.incident_number') as number)
     insert into stamps.incidents (id, number, request_key, title, state, severity, severity_by, place, cells, channel, declared_by, started_at)
     select 'i-' || n.number, n.number, $1, $2, 'open', $3, $4, $5, $6, $7, $8, $9 from n
     on conflict (request_key) do nothing returning id`,
    [
      wanted.requestKey,
      wanted.title,
      wanted.severity,
      wanted.severityBy,
      JSON.stringify(wanted.place),
      wanted.cells,
      wanted.channel,
      wanted.declaredBy ?? null,
      wanted.startedAt,
    ],
  );
  if (row) return { incident: await getIncident(tx, row.id), opened: true };
  const [known] = await tx.query<{ id: string }>('select id from stamps.incidents where request_key = $1', [
    wanted.requestKey,
  ]);
  return { incident: await getIncident(tx, known?.id ?? ''), opened: false };
}

/** Throws `not-found`. */
export async function getIncident(db: Queries, id: string): Promise<Incident> {
  const [row] = await db.query<IncidentRow>(`${select} where i.id = $1`, [id]);
  if (!row) {
    throw new OpsError('not-found', `There is no incident “${shown(id)}”.`, {
      hint: '`/stamps incidents` lists them.',
    });
  }
  return fromRow(row);
}

/** The incident, its row locked until the transaction ends: whoever is second sees what the first has done. */
export async function lockIncident(tx: Queries, id: string): Promise<Incident> {
  await tx.query('select 1 from stamps.incidents where id = $1 for update', [id]);
  return getIncident(tx, id);
}

/** Where what concerns an incident belongs now: itself, or what it was merged into. */
export async function followMerges(db: Queries, id: string): Promise<Incident> {
  const incident = await getIncident(db, id);
  return incident.mergedInto === undefined ? incident : followMerges(db, incident.mergedInto);
}

/** Newest first. */
export async function findIncidents(db: Queries, filter: IncidentFilter = {}): Promise<Incident[]> {
  const states: readonly IncidentState[] = filter.ended ? ['resolved', 'merged'] : ['open', 'acknowledged'];
  const rows = await db.query<IncidentRow>(
    `${select} where i.state = any($1) and ($2::text is null or $2 = any(i.cells)) order by i.number desc limit $3`,
    [states, filter.cell ?? null, filter.limit ?? 50],
  );
  return rows.map(fromRow);
}

/** Changes an incident's row, by column, and marks its card as out of date. */
export async function updateIncident(
  tx: Queries,
  id: string,
  fields: Partial<{
    title: string;
    state: IncidentState;
    severity: Severity;
    severity_by: string;
    severity_at: string;
    place: AlertPlace;
    cells: readonly string[];
    own_channel: string | null;
    started_at: string;
    acknowledged_at: string;
    acknowledged_by: string;
    mitigated_at: string;
    resolved_at: string | null;
    resolved_by: string | null;
    assignee_id: string | null;
    merged_into: string;
    escalation: number;
    reminded_at: string | null;
    hurt: Hurt;
    status_page_id: string;
  }>,
): Promise<void> {
  const names = Object.keys(fields);
  const values = Object.entries(fields).map(([name, value]) =>
    typeof value === 'object' && value !== null && name !== 'cells' ? JSON.stringify(value) : value,
  );
  const sets = [...names.map((name, index) => `${name} = $${index + 2}`), 'touched_at = clock_timestamp()'];
  await tx.query(`update stamps.incidents set ${sets.join(', ')} where id = $1`, [id, ...values]);
}

export interface NewTimelineEntry {
  /** The same again is one line. */
  readonly key?: string;
  readonly kind: TimelineKind;
  readonly actor: string;
  readonly says: string;
  /** ISO 8601; default: now, by the database's clock. */
  readonly at?: string;
}

export async function addToTimeline(
  tx: Queries,
  incidentId: string,
  entries: readonly NewTimelineEntry[],
): Promise<void> {
  await tx.query(
    `insert into stamps.timeline (incident_id, key, kind, actor, says, at)
     select $1, e->>'key', e->>'kind', e->>'actor', e->>'says', coalesce((e->>'at')::timestamptz, clock_timestamp())
     from jsonb_array_elements($2::jsonb) as e on conflict (key) do nothing`,
    [incidentId, JSON.stringify(entries)],
  );
}

/** What was written down for it, oldest first. */
export async function readTimeline(db: Queries, incidentId: string): Promise<TimelineEntry[]> {
  return db.query<TimelineEntry & object>(
    'select at, kind, actor, says from stamps.timeline where incident_id = $1 order by at, seq',
    [incidentId],
  );
}

function fromRow(row: IncidentRow): Incident {
  return {
    id: row.id,
    title: row.title,
    state: row.state,
    severity: row.severity,
    severityBy: row.severity_by,
    severitySince: row.severity_at,
    place: row.place,
    cells: row.cells,
    channel: row.channel,
    startedAt: row.started_at,
    detectedAt: row.detected_at,
    escalation: row.escalation,
    alerts: { firing: row.firing, total: row.total },
    ...(row.own_channel === null ? {} : { ownChannel: row.own_channel }),
    ...(row.declared_by === null ? {} : { declaredBy: row.declared_by }),
    ...(row.acknowledged_at === null ? {} : { acknowledgedAt: row.acknowledged_at }),
    ...(row.acknowledged_by === null ? {} : { acknowledgedBy: row.acknowledged_by }),
    ...(row.mitigated_at === null ? {} : { mitigatedAt: row.mitigated_at }),
    ...(row.resolved_at === null ? {} : { resolvedAt: row.resolved_at }),
    ...(row.resolved_by === null ? {} : { resolvedBy: row.resolved_by }),
    ...(row.assignee_id === null ? {} : { assigneeId: row.assignee_id }),
    ...(row.merged_into === null ? {} : { mergedInto: row.merged_into }),
    ...(row.hurt === null ? {} : { hurt: row.hurt }),
    ...(row.status_page_id === null ? {} : { statusPageId: row.status_page_id }),
  };
}
