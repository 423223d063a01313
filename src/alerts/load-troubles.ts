import type { AlertPlace } from '../domain/alert.ts';
import type { IncidentState } from '../domain/incident.ts';
import type { Severity } from '../domain/severity.ts';
import { absorb, type OpenTrouble, type Span, spotOf, whole } from '../domain/trouble.ts';
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
  started_at: string;
}

interface MarkRow {
  incident_id: string;
  spot: string;
  place: AlertPlace;
  serious: boolean;
  first: string;
  last: string;
  lasts: boolean;
  over: string | null;
  by_hand: boolean;
}

/**
 * All open incidents, and those that the evidence resolved a little while ago, their rows locked until the transaction
 * ends: what people do to them meanwhile waits, and sees what was decided.
 */
export async function loadTroubles(tx: Queries, withinMs: number): Promise<Map<string, StoredTrouble>> {
  const incidents = await tx.query<IncidentRow>(
    `select id, number, title, state, severity, place, cells, storm, declared_by, started_at from stamps.incidents
     where state in ('open', 'acknowledged')
        or (state = 'resolved' and resolved_by = 'stamps' and resolved_at > clock_timestamp() - make_interval(secs => $1))
     order by id for update`,
    [withinMs / 1000],
  );
  const troubles = new Map(incidents.map((row) => [row.id, blank(row)]));
  if (troubles.size === 0) return troubles;
  for (const mark of await readMarks(tx, [...troubles.keys()])) {
    const trouble = troubles.get(mark.incident_id);
    if (trouble) absorb(trouble, { ...trouble, ...seen(trouble, mark) }, withinMs);
    if (trouble && mark.by_hand) trouble.byHand = true;
  }
  for (const row of incidents) {
    const trouble = troubles.get(row.id);
    // A person said where the trouble is before any alert did.
    if (trouble && row.declared_by !== null) absorb(trouble, { ...trouble, ...declared(row) }, withinMs);
  }
  return troubles;
}

/** Stretches of a minute: as good as the alerts themselves, and few of them however many came. */
function readMarks(tx: Queries, ids: readonly string[]): Promise<MarkRow[]> {
  return tx.query<MarkRow>(
    `select incident_id, spot, serious, min(place::text)::jsonb as place, min(at) as first, max(at) as last,
            bool_or(over_at is null) as lasts, max(over_at) as over, bool_or(placed_by is not null) as by_hand
     from stamps.alerts where incident_id = any($1) and condition = 'fired'
     group by incident_id, spot, serious, date_trunc('minute', at)`,
    [ids],
  );
}

function seen(trouble: StoredTrouble, mark: MarkRow): Pick<OpenTrouble, 'spots' | 'reach' | 'cells'> {
  const { place, spot, serious } = mark;
  const [from, to] = [Date.parse(mark.first), Date.parse(mark.last)];
  const until = mark.lasts ? Number.POSITIVE_INFINITY : Math.max(to, Date.parse(mark.over ?? mark.last));
  const counts = serious && !trouble.storm && place.scope !== 'unknown';
  const reach = new Map<string, Span[]>();
  if (counts) reach.set(place.scope === 'global' ? whole : place.region, [{ from, to }]);
  return {
    spots: new Map([[spot, [{ from, to: until }]]]),
    reach,
    cells: new Set(counts && place.scope === 'cell' ? [place.cell] : []),
  };
}

function declared({ place, title, started_at }: IncidentRow): Pick<OpenTrouble, 'spots' | 'reach'> {
  const from = Date.parse(started_at);
  return {
    spots: new Map([[spotOf({ place, resources: [], rule: title }), [{ from, to: Number.POSITIVE_INFINITY }]]]),
    reach: new Map(place.scope === 'region' ? [[place.region, [{ from, to: from }]]] : []),
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
    byHand: row.declared_by !== null,
    declared: row.declared_by !== null,
    storm: row.storm,
    over: row.state === 'resolved',
    spots: new Map(),
    reach: new Map(),
    cells: new Set(),
    allCells: new Set(row.cells),
  };
}
