import type { AlertPlace } from '../domain/alert.ts';
import { placeName } from '../domain/trouble.ts';
import { appendAudit } from '../engine/audit.ts';
import type { Queries } from '../engine/database.ts';
import { digest } from '../engine/messages.ts';
import type { Change, Outcome, UnhandledAlert } from './decided.ts';
import type { IncidentContext } from './incident-context.ts';
import { tellIncident } from './incident-notices.ts';
import { addToTimeline, lockIncident, type NewTimelineEntry, openIncident, updateIncident } from './incident-store.ts';
import { mergeIncidents } from './merge-incidents.ts';
import { opened, reopened, severityChanged } from './transitions.ts';

/**
 * Writes down what a batch of alerts means: incidents, their timelines, the audit chain, and each alert's own fate.
 * Answers with the incidents that became P0 or P1.
 */
export async function writeDecisions(
  tx: Queries,
  context: IncidentContext,
  changes: readonly Change[],
  outcomes: readonly Outcome[],
  resolutions: readonly UnhandledAlert[],
): Promise<string[]> {
  const all = [...outcomes];
  const urgent: string[] = [];
  for (const change of changes) {
    const id = await writeChange(tx, context, change);
    const { trouble, openedBy, was } = change;
    if (trouble.severity <= 'P1' && (openedBy || trouble.severity !== was.severity)) urgent.push(id);
    all.push(...change.joined.map(({ alert, because }) => ({ seq: alert.seq, incident: id, outcome: because })));
  }
  await writeOutcomes(tx, all);
  if (resolutions.length > 0) await endFired(tx, resolutions);
  return urgent;
}

async function writeChange(tx: Queries, context: IncidentContext, change: Change): Promise<string> {
  const { trouble, openedBy, joined, absorbed, was } = change;
  const fresh = openedBy && (await open(tx, context, change, openedBy));
  const id = fresh ?? trouble.id;
  for (const gone of absorbed) await mergeIncidents(tx, context, gone.id, id, 'stamps', gone.because);
  if (absorbed.length > 0) await tellMerged(tx, context, id, absorbed);
  if (fresh === undefined) {
    const moved = JSON.stringify(trouble.place) !== JSON.stringify(was.place);
    await grow(tx, change, id, moved);
    if (change.reopens !== undefined) await reopened(tx, context, await lockIncident(tx, id), change.reopens);
    if (trouble.severity !== was.severity) {
      const because = joined.at(-1)?.because ?? absorbed.at(-1)?.because ?? '';
      await severityChanged(tx, context, await lockIncident(tx, id), trouble.severity, 'stamps', because);
    }
  }
  await addToTimeline(tx, id, timelineOf(change, id));
  const alerts = joined.map(({ alert }) => alert.key);
  const body = { incident: id, alerts: alerts.length, digest: digest(alerts) };
  await appendAudit(tx, [{ kind: 'alerts-correlated', actor: 'stamps', body }]);
  return id;
}

async function open(tx: Queries, context: IncidentContext, change: Change, by: UnhandledAlert): Promise<string> {
  const { trouble } = change;
  const { incident } = await openIncident(tx, {
    requestKey: `alert/${by.key}`,
    title: titleOf(trouble.place, by, trouble.storm),
    severity: trouble.severity,
    severityBy: 'evidence',
    place: trouble.place,
    cells: [...trouble.allCells].sort(),
    // Checked where it was decided to open it.
    channel: context.policy.incidents.channel ?? '',
    startedAt: earliest(change),
  });
  if (trouble.storm) await tx.query('update stamps.incidents set storm = true where id = $1', [incident.id]);
  await opened(tx, context, incident, `the alert “${by.alert.rule}” fired on ${placeName(by.alert.place)}`);
  return incident.id;
}

/** What it reached now; a new place is a new title, and shown at once. */
async function grow(tx: Queries, { trouble, joined, absorbed }: Change, id: string, moved: boolean): Promise<void> {
  const first = joined[0];
  const title = moved && first && !trouble.declared && !trouble.storm && titleOf(trouble.place, first.alert, false);
  if (moved || absorbed.length > 0) await updateIncident(tx, id, { place: trouble.place, ...(title && { title }) });
  await tx.query(
    `update stamps.incidents
     set cells = $2, unseen_since = coalesce(unseen_since, clock_timestamp()),
         started_at = least(started_at, $3::timestamptz),
         hurt_stale_at = case when cells = $2 and not $4 then hurt_stale_at else coalesce(hurt_stale_at, clock_timestamp()) end
     where id = $1`,
    [id, [...trouble.allCells].sort(), joined.length > 0 ? earliest({ joined }) : null, moved],
  );
}

/** In the thread of what goes on, once for all that went into it; after the cards and calls of what it became. */
async function tellMerged(
  tx: Queries,
  context: IncidentContext,
  id: string,
  absorbed: Change['absorbed'],
): Promise<void> {
  const ids = absorbed.map((gone) => gone.id);
  const named = ids.length > 5 ? `${ids.slice(0, 5).join(', ')} and ${ids.length - 5} more` : ids.join(', ');
  const incident = await lockIncident(tx, id);
  const says = `The same trouble as ${named}, which ${ids.length === 1 ? 'goes' : 'go'} on here: ${absorbed[0]?.because}.`;
  await tellIncident(context, tx, incident, `merged-${ids[0]}`, [says], 2);
}

function titleOf(place: AlertPlace, { alert }: UnhandledAlert, storm: boolean): string {
  if (storm) return 'Alert storm: more troubles at once than a channel can show';
  const [resource = ''] = alert.resources;
  const where = place.scope === 'unknown' ? resource.split('/').at(-1) : placeName(place);
  // Rules are often named after what they watch: once is enough.
  const said = where !== undefined && alert.rule.toLowerCase().includes(where.toLowerCase());
  return [said ? '' : where, alert.rule].filter(Boolean).join(': ').slice(0, 300).toWellFormed();
}

function earliest({ joined }: Pick<Change, 'joined'>): string {
  // By its own clock, unless that is ahead of ours.
  const moments = joined.map(({ alert: { fired_at, received_at } }) => [fired_at, received_at].sort()[0] as string);
  return moments.sort()[0] ?? '';
}

/** Every alert has its line; why it belongs here is told once for each spot and batch. */
function timelineOf({ joined, openedBy }: Change, id: string): NewTimelineEntry[] {
  const told = new Set<string>();
  return joined.flatMap(({ alert, because }) => {
    const { rule, description, place } = alert.alert;
    const fired: NewTimelineEntry = {
      key: `alert/${alert.key}`,
      kind: 'alert-fired',
      actor: alert.alert.kind === 'generic' ? 'alerts' : 'azure-monitor',
      says: `${placeName(place)}: ${[rule, description].filter(Boolean).join(': ')}`.slice(0, 1_000).toWellFormed(),
      at: alert.at,
    };
    if (alert === openedBy || told.has(alert.spot)) return [fired];
    told.add(alert.spot);
    const says = `“${rule}” joined because ${because}`.slice(0, 1_000).toWellFormed();
    return [fired, { key: `${id}/joined/${alert.key}`, kind: 'joined', actor: 'stamps', says }];
  });
}

async function writeOutcomes(tx: Queries, outcomes: readonly Outcome[]): Promise<void> {
  const rows = outcomes.map(({ seq, incident = null, outcome, overAt = null, silencedBy = null }) => ({
    seq,
    incident,
    outcome,
    over_at: overAt,
    silenced_by: silencedBy,
  }));
  await tx.query(
    `update stamps.alerts a
     set handled_at = clock_timestamp(), incident_id = r.incident, outcome = r.outcome, over_at = r.over_at,
         silenced_by = r.silenced_by
     from jsonb_to_recordset($1::jsonb)
       as r(seq bigint, incident text, outcome text, over_at timestamptz, silenced_by text)
     where a.seq = r.seq`,
    [JSON.stringify(rows)],
  );
}

/** Resolved alerts end those of their instance that fired before; with the last one, people see that it is calm. */
async function endFired(tx: Queries, resolutions: readonly UnhandledAlert[]): Promise<void> {
  const ended = await tx.query<{ seq: number; incident_id: string | null }>(
    `update stamps.alerts f set over_at = greatest(f.at, r.at)
     from stamps.alerts r
     where r.seq = any($1) and f.instance = r.instance and f.condition = 'fired' and f.over_at is null
       and f.fired_at <= r.fired_at
     returning r.seq, f.incident_id`,
    [resolutions.map(({ seq }) => seq)],
  );
  const incidentOf = new Map(ended.map(({ seq, incident_id }) => [seq, incident_id]));
  await writeOutcomes(
    tx,
    resolutions.map(({ seq }) => {
      const incident = incidentOf.get(seq);
      const outcome = incident
        ? 'ends its alert'
        : incidentOf.has(seq)
          ? 'ends a silenced alert'
          : 'came before its alert';
      return { seq, outcome, ...(incident && { incident }) };
    }),
  );
  for (const id of new Set(incidentOf.values())) {
    if (id === null) continue;
    await addToTimeline(tx, id, resolutions.filter(({ seq }) => incidentOf.get(seq) === id).map(lineOfEnd));
    await tx.query(
      `update stamps.incidents i
       set unseen_since = coalesce(unseen_since, clock_timestamp()),
           touched_at = case when exists (select 1 from stamps.alerts a where a.incident_id = i.id
                                            and a.condition = 'fired' and a.over_at is null)
                             then touched_at else clock_timestamp() end
       where id = $1`,
      [id],
    );
  }
}

function lineOfEnd(alert: UnhandledAlert): NewTimelineEntry {
  const { kind, rule, place } = alert.alert;
  const actor = kind === 'generic' ? 'alerts' : 'azure-monitor';
  const says = `${placeName(place)}: ${rule} is over`.slice(0, 1_000).toWellFormed();
  return { key: `alert/${alert.key}`, kind: 'alert-resolved', actor, says, at: alert.at };
}
