import type { AlertPlace } from '../domain/alert.ts';
import type { IncidentState } from '../domain/incident.ts';
import type { Severity } from '../domain/severity.ts';
import { absorb, addSpan, type OpenTrouble, type Span, spotOf, whole } from '../domain/trouble.ts';
import type { Queries } from '../engine/database.ts';

/** Incidents as correlation sees them, with what is to be written back. */
export interface StoredTrouble extends OpenTrouble {
  readonly title: string;
  readonly declared: boolean;
  /** Cells of any of its alerts. */
  readonly allCells: Set<string>;
}

interface IncidentRow {
  id: string;
  number: number;
  title: string;
  state: IncidentState;
  severity: Severity;
  place: AlertPlace;
  cells: string[];
  storm: boolean;
  declared_by: string | null;
  by_hand: boolean;
  started_at: string;
}

/** A stretch of time in which alerts of an incident fired or lasted, in milliseconds since 1970. */
interface MarkRow {
  incident_id: string;
  /** A spot, or a region, or `*`. */
  name: string;
  from: number;
  /** Null: it lasts. */
  to: number | null;
}

/** Alerts that are about to be looked at, as far as they say which incidents they may belong to. */
export interface Looked {
  readonly spots: readonly string[];
  /** Regions of the serious ones; `*`: one is about the whole, so that all regions count. */
  readonly reach: readonly string[];
  /** The earliest moment of any, in milliseconds since 1970. */
  readonly from: number;
}

const fired = `condition = 'fired' and incident_id is not null`;
const reached = `case when place->>'scope' = 'global' then '*' else place->>'region' end`;
const withinReach = `serious and at >= $2 and place->>'scope' <> 'unknown' and ('*' = any($3) or ${reached} = any($3 || '{*}'))`;
const ms = (moment: string) => `floor(extract(epoch from ${moment}) * 1000)::float8`;

/**
 * What these alerts may belong to: incidents that are open, or that the evidence resolved a little while ago, and that
 * share a spot with them, or a region in this time; those that people declared, and a storm's. Their rows are locked
 * until the transaction ends: what people do to them meanwhile waits, and sees what was decided.
 */
export async function loadTroubles(tx: Queries, looked: Looked, withinMs: number): Promise<Map<string, StoredTrouble>> {
  const since = new Date(looked.from - withinMs).toISOString();
  const incidents = await tx.query<IncidentRow>(
    `with near as (
       select incident_id from stamps.alerts
       where ${fired} and spot = any($1) and (over_at is null or over_at >= $2)
       union select incident_id from stamps.alerts where ${fired} and ${withinReach})
     select id, number, title, state, severity, place, cells, storm, declared_by, started_at,
            exists (select 1 from stamps.alerts a where a.incident_id = i.id and a.placed_by is not null) as by_hand
     from stamps.incidents i
     where (storm or declared_by is not null or id in (select incident_id from near))
       and (state in ('open', 'acknowledged') or (state = 'resolved' and resolved_by = 'stamps'
              and resolved_at > clock_timestamp() - make_interval(secs => $4)))
     order by id for update`,
    [looked.spots, since, looked.reach, withinMs / 1000],
  );
  const troubles = new Map(incidents.map((row) => [row.id, blank(row)]));
  if (troubles.size === 0) return troubles;
  const ids = [...troubles.keys()];
  for (const { incident_id, name, from, to } of await spotMarks(tx, ids, looked, since)) {
    put(troubles.get(incident_id)?.spots, name, { from, to: to ?? Number.POSITIVE_INFINITY });
  }
  for (const { incident_id, name, from, to } of await reachMarks(tx, ids, looked, since)) {
    const trouble = troubles.get(incident_id);
    if (!trouble?.storm) put(trouble?.reach, name, { from, to: to ?? from });
  }
  for (const [id, cell] of await seriousCells(tx, incidents)) troubles.get(id)?.cells.add(cell);
  for (const row of incidents) {
    const trouble = troubles.get(row.id);
    // A person said where the trouble is before any alert did.
    if (trouble && row.declared_by !== null) absorb(trouble, { ...trouble, ...declared(row) }, withinMs);
  }
  return troubles;

  function put(all: Map<string, Span[]> | undefined, name: string, span: Span): void {
    if (all) addSpan(all, name, span, withinMs);
  }
}

/** What lasts is one stretch; what is over, one for each minute in which it began: few however many alerts came. */
function spotMarks(tx: Queries, ids: readonly string[], { spots }: Looked, since: string): Promise<MarkRow[]> {
  return tx.query<MarkRow>(
    `select incident_id, spot as name, ${ms('min(at)')} as "from", ${ms('max(greatest(at, over_at))')} as "to"
     from stamps.alerts where ${fired} and spot = any($1) and incident_id = any($2) and over_at >= $3
     group by incident_id, spot, date_trunc('minute', at)
     union all
     select incident_id, spot, ${ms('min(at)')}, null
     from stamps.alerts where ${fired} and spot = any($1) and incident_id = any($2) and over_at is null
     group by incident_id, spot`,
    [spots, ids, since],
  );
}

function reachMarks(tx: Queries, ids: readonly string[], { reach }: Looked, since: string): Promise<MarkRow[]> {
  if (reach.length === 0) return Promise.resolve([]);
  return tx.query<MarkRow>(
    `select incident_id, ${reached} as name, ${ms('min(at)')} as "from", ${ms('max(at)')} as "to"
     from stamps.alerts where ${fired} and ${withinReach} and incident_id = any($1)
     group by 1, 2, date_trunc('minute', at)`,
    [ids, since, reach],
  );
}

/** By incident. They matter while a second cell would make it worse: a P1 is that already. */
async function seriousCells(tx: Queries, incidents: readonly IncidentRow[]): Promise<[id: string, cell: string][]> {
  const ids = incidents.filter(({ severity, storm }) => severity > 'P1' && !storm).map(({ id }) => id);
  if (ids.length === 0) return [];
  const rows = await tx.query<{ incident_id: string; cell: string }>(
    `select distinct incident_id, place->>'cell' as cell from stamps.alerts
     where ${fired} and serious and place->>'scope' = 'cell' and incident_id = any($1)`,
    [ids],
  );
  return rows.map(({ incident_id, cell }) => [incident_id, cell]);
}

function declared({ place, title, started_at }: IncidentRow): Pick<OpenTrouble, 'spots' | 'reach'> {
  const from = Date.parse(started_at);
  return {
    spots: new Map([[spotOf({ place, resources: [], rule: title }), [{ from, to: Number.POSITIVE_INFINITY }]]]),
    // A region's, or the whole estate's: serious alerts from then on follow from it, as from an alert that says so.
    reach: new Map(
      place.scope === 'region' || place.scope === 'global'
        ? [[place.scope === 'global' ? whole : place.region, [{ from, to: from }]]]
        : [],
    ),
  };
}

function blank(row: IncidentRow): StoredTrouble {
  return {
    id: row.id,
    number: row.number,
    title: row.title,
    severity: row.severity,
    place: row.place,
    taken: row.state === 'acknowledged',
    byHand: row.declared_by !== null || row.by_hand,
    declared: row.declared_by !== null,
    storm: row.storm,
    over: row.state === 'resolved',
    spots: new Map(),
    reach: new Map(),
    cells: new Set(),
    allCells: new Set(row.cells),
  };
}
