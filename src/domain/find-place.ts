import type { AlertPlace, SentAlert } from './alert.ts';
import { backendPoolId, type Cell, type Estate } from './estate.ts';
import { jointPlace } from './incident-place.ts';

/** Where in the estate an alert is. Made once for an estate: a question costs a few look-ups, however many cells there are. */
export type PlaceFinder = (sent: Pick<SentAlert, 'resources' | 'dimensions' | 'said'>) => AlertPlace;

/** Types that serve the whole estate, whichever resource group they are in (names of the operations guide's global layer). */
const globalTypes = new Set([
  'microsoft.network/trafficmanagerprofiles',
  'microsoft.network/frontdoors',
  'microsoft.cdn/profiles',
  'microsoft.apimanagement/service',
  'microsoft.network/dnszones',
]);

/**
 * Places by topology: the ARM ids that the estate file names and everything below them; then resources that carry a
 * cell's name (`sql-cell-banking`); then global services by type; then what shares a resource group with one cell or
 * one region only. What an alert was split by (a backend pool) narrows a region down to its cell. Several resources:
 * the smallest place that holds them all; those that nobody knows say nothing.
 */
export function createPlaceFinder(estate: Estate): PlaceFinder {
  const byId = new Map<string, AlertPlace>();
  const byName = new Map<string, Cell>();
  const byPool = new Map<string, Cell>();
  const groups = new Map<string, AlertPlace>();
  const regions = new Map<string, string>();
  const subscription = `/subscriptions/${estate.subscriptionId}/`.toLowerCase();

  for (const id of [estate.trafficManagerId, estate.frontDoorId, estate.apim.id]) {
    byId.set(id.toLowerCase(), { scope: 'global' });
  }
  for (const region of estate.regions) {
    byId.set(region.gatewayId.toLowerCase(), { scope: 'region', region: region.name });
    regions.set(plain(region.name), region.name);
    learnGroup(region.gatewayId, { scope: 'region', region: region.name });
  }
  for (const cell of estate.cells) {
    const place: AlertPlace = { scope: 'cell', region: cell.region, cell: cell.name };
    const { containerAppId, storageId, sqlDatabaseId, healthAlertId, suppressionId } = cell;
    for (const id of [containerAppId, storageId, sqlDatabaseId, healthAlertId, suppressionId, backendPoolId(cell)]) {
      // A database or an account that two cells share is their region's.
      const known = byId.get(id.toLowerCase());
      byId.set(id.toLowerCase(), known ? jointPlace(known, place) : place);
    }
    if (!byId.has(cell.gatewayId.toLowerCase()))
      byId.set(cell.gatewayId.toLowerCase(), { scope: 'region', region: cell.region });
    byName.set(cell.name.toLowerCase(), cell);
    byPool.set(`${cell.gatewayId}/${cell.backendPool}`.toLowerCase(), cell);
    learnGroup(cell.containerAppId, place);
  }

  return ({ resources, dimensions = [], said }) => {
    const places = resources
      .map((id) => ofResource(id.toLowerCase(), dimensions))
      .filter((place) => place !== undefined);
    const told = ofWords(said);
    if (told?.scope === 'cell') return told;
    const found = places.reduce<AlertPlace | undefined>(
      (all, place) => (all ? jointPlace(all, place) : place),
      undefined,
    );
    return found ?? told ?? { scope: 'unknown' };
  };

  /** A group that holds two cells is their region's, one that holds two regions says nothing. */
  function learnGroup(id: string, place: AlertPlace): void {
    const group = groupOf(id.toLowerCase());
    if (group === undefined) return;
    const known = groups.get(group);
    groups.set(group, known ? jointPlace(known, place) : place);
  }

  function ofResource(id: string, dimensions: NonNullable<SentAlert['dimensions']>): AlertPlace | undefined {
    const known = ofKnownId(id);
    if (known?.scope === 'region') return narrowed(id, dimensions) ?? known;
    if (known) return known;
    if (!id.startsWith(subscription)) return undefined;
    const parts = id.split('/');
    if (globalTypes.has(`${parts[6]}/${parts[7]}`)) return { scope: 'global' };
    const cell = parts
      .slice(8)
      .filter((_, index) => index % 2 === 0)
      .map(cellInName)
      .find((one) => one !== undefined);
    if (cell) return { scope: 'cell', region: cell.region, cell: cell.name };
    const group = groups.get(groupOf(id) ?? '');
    return group?.scope === 'global' ? undefined : group;
  }

  /** The id itself, or the nearest known one above it. */
  function ofKnownId(id: string): AlertPlace | undefined {
    for (let rest = id; rest.length > subscription.length; ) {
      const place = byId.get(rest);
      if (place) return place;
      const cutAt = rest.lastIndexOf('/');
      if (cutAt < 0) return undefined;
      rest = rest.slice(0, cutAt);
    }
    return undefined;
  }

  /** Gateways split their metrics by pool, as `cell-banking-backend` or `cell-banking-backend~settings`. */
  function narrowed(gatewayId: string, dimensions: NonNullable<SentAlert['dimensions']>): AlertPlace | undefined {
    const gateway = gatewayId.split('/').slice(0, 9).join('/');
    const cells = dimensions.flatMap(
      ({ value }) => byPool.get(`${gateway}/${value.split('~')[0]}`.toLowerCase()) ?? [],
    );
    const [cell] = cells;
    if (!cell || cells.some((other) => other !== cell)) return undefined;
    return { scope: 'cell', region: cell.region, cell: cell.name };
  }

  /** The longest run of a name's dash-separated words that is a cell's name. */
  function cellInName(name: string): Cell | undefined {
    const words = name.split(/[-_.]/).slice(0, 12);
    for (let length = words.length; length > 0; length -= 1) {
      for (let from = 0; from + length <= words.length; from += 1) {
        const cell = byName.get(words.slice(from, from + length).join('-'));
        if (cell) return cell;
      }
    }
    return undefined;
  }

  function ofWords(said: SentAlert['said']): AlertPlace | undefined {
    const cell = said?.cell === undefined ? undefined : byName.get(said.cell.trim().toLowerCase());
    if (cell) return { scope: 'cell', region: cell.region, cell: cell.name };
    const named = (said?.regions ?? []).map(plain);
    if (named.includes('global')) return { scope: 'global' };
    const known = [...new Set(named.flatMap((name) => regions.get(name) ?? []))];
    const [region] = known;
    if (region === undefined) return undefined;
    return known.length === 1 ? { scope: 'region', region } : { scope: 'global' };
  }
}

/** `East US` → `eastus`. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

function groupOf(id: string): string | undefined {
  return /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+/.exec(id)?.[0];
}
