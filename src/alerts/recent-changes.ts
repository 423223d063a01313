import { dayMs, hourMs, minuteMs } from '../domain/duration.ts';
import { type Cell, cellsOf, type Estate, resourceGroupOf } from '../domain/estate.ts';
import type { Incident } from '../domain/incident.ts';
import type { Database } from '../engine/database.ts';
import { findRunsAt } from '../engine/run-store.ts';
import type { ActivityEntry, AzurePorts } from '../ports/azure.ts';
import type { RecentChange } from '../ports/incident-presenter.ts';

export interface ChangeSources {
  readonly database: Database;
  readonly estate: Estate;
  /** Absent: only what the app did itself is known. */
  readonly azure: Pick<AzurePorts, 'activity' | 'containerApps'> | undefined;
}

/** How long before the trouble a change may be its cause. */
const lookBackMs = 6 * hourMs;
/** Trouble's beginning is what its first alert says; alerts look back over a window. */
const graceMs = 5 * minuteMs;
const mostCells = 6;
const mostKept = 20;

/**
 * What changed where the trouble is, in the six hours before it: runs, new revisions, and writes of Azure's activity
 * log. Newest first. What could not be read is missing, and the second part says so.
 */
export async function readRecentChanges(
  { database, estate, azure }: ChangeSources,
  incident: Incident,
  signal: AbortSignal,
): Promise<{ changes: RecentChange[]; complete: boolean }> {
  // A sender's clock may say anything: trouble that began more than a day before anybody saw it counts as a day old.
  const began = Math.max(Date.parse(incident.startedAt), Date.parse(incident.detectedAt) - dayMs);
  const [since, until] = [began - lookBackMs, began + graceMs];
  const cells = concerned(estate, incident).slice(0, mostCells);
  const read = await Promise.allSettled([
    runsThere(database, incident, cells, since).then(whole),
    ...(azure ? cells.map((cell) => newRevisions(azure, cell, signal).then(whole)) : []),
    ...(azure ? groupsOf(cells).map((group) => writesIn(azure, estate, cells, group, since, signal)) : []),
  ]);
  const found = read.flatMap((one) => (one.status === 'fulfilled' ? one.value.changes : []));
  const changes = found
    .filter(({ at }) => Date.parse(at) >= since && Date.parse(at) <= until)
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
    .slice(0, mostKept);
  return { changes, complete: read.every((one) => one.status === 'fulfilled' && one.value.complete) };
}

interface Found {
  readonly changes: readonly RecentChange[];
  readonly complete: boolean;
}

function whole(changes: readonly RecentChange[]): Found {
  return { changes, complete: true };
}

/** Its cells; for a region without any, the region's; for the whole estate, all. */
function concerned(estate: Estate, { cells, place }: Incident): Cell[] {
  const named = estate.cells.filter(({ name }) => cells.includes(name));
  if (named.length > 0) return named;
  return place.scope === 'region' ? cellsOf(estate, place.region) : place.scope === 'global' ? [...estate.cells] : [];
}

async function runsThere(
  database: Database,
  { place }: Incident,
  cells: readonly Cell[],
  since: number,
): Promise<RecentChange[]> {
  const regions = place.scope === 'global' ? 'all' : [...new Set(cells.map(({ region }) => region))];
  const there = { cells: cells.map(({ name }) => name), regions } as const;
  const runs = await findRunsAt(database, there, { from: new Date(since).toISOString() });
  return runs
    .filter(({ state }) => !['denied', 'expired', 'refused', 'waiting'].includes(state))
    .map(({ id, plan, state, finishedAt, requestedAt }) => ({
      at: finishedAt ?? requestedAt,
      says: `${id} ${state}: ${plan.title}`,
    }));
}

async function newRevisions(
  { containerApps }: Pick<AzurePorts, 'containerApps'>,
  cell: Cell,
  signal: AbortSignal,
): Promise<RecentChange[]> {
  const revisions = await containerApps.revisions(cell.containerAppId, signal);
  return revisions.flatMap(({ name, createdAt, trafficPercent }) =>
    createdAt === undefined
      ? []
      : [
          {
            at: createdAt,
            says: `Revision ${name} of ${cell.name} was deployed; it has ${trafficPercent} % of the traffic now`,
          },
        ],
  );
}

async function writesIn(
  { activity }: Pick<AzurePorts, 'activity'>,
  estate: Estate,
  cells: readonly Cell[],
  group: string,
  since: number,
  signal: AbortSignal,
): Promise<Found> {
  const others = estate.cells.filter((cell) => !cells.includes(cell)).flatMap(ownResources);
  const { entries, complete } = await activity.writes(group, since, signal);
  const here = entries.filter(({ resourceId }) => !others.some((id) => isWithin(resourceId, id)));
  const changes = once(here).map(({ at, caller, resourceId, operation }) => ({
    at,
    says: `${caller} changed ${resourceId.split('/').at(-1)} (${operation.replace(/^Microsoft\./i, '')})`,
  }));
  return { changes, complete };
}

/** One line for what one caller did to one resource: the newest. */
function once(entries: readonly ActivityEntry[]): ActivityEntry[] {
  const seen = new Set<string>();
  return entries.filter(({ caller, resourceId, operation }) => {
    const key = `${caller}\n${resourceId.toLowerCase()}\n${operation}`;
    return seen.has(key) ? false : Boolean(seen.add(key));
  });
}

/** What belongs to a cell alone; its gateway serves others too. */
function ownResources(cell: Cell): string[] {
  return [cell.containerAppId, cell.healthAlertId, cell.suppressionId];
}

function isWithin(resourceId: string, id: string): boolean {
  return `${resourceId}/`.toLowerCase().startsWith(`${id}/`.toLowerCase());
}

function groupsOf(cells: readonly Cell[]): string[] {
  const groups = cells.flatMap(({ containerAppId, gatewayId }) => [containerAppId, gatewayId]);
  return [...new Set(groups.map(resourceGroupOf))];
}
