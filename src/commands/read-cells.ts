import type { CellStatus } from '../blocks/status-card.ts';
import { type Cell, cellsOf, type Estate, resourceGroupOf } from '../domain/estate.ts';
import { mapSideBySide } from '../domain/side-by-side.ts';
import type { AzurePorts, BackendHealth, ContainerApp, PoolState } from '../ports/azure.ts';
import { readApps } from './read-apps.ts';
import type { Reading } from './reading.ts';

/** Of so many cells the revisions and tenants are asked for one by one. Azure lists no revisions of several apps. */
const fewCells = 20;
const atOnce = 12;

type Pools = ReadonlyMap<string, PoolState>;
type Healths = ReadonlyMap<string, BackendHealth[]>;

/**
 * These cells as they are now: asked by resource group, gateway and region, so that a thousand cells stay far below
 * ARM's limits (250 reads and 25 more a second). Of more than a few, the newest revision stands for all of them.
 */
export async function readCells(
  azure: AzurePorts,
  estate: Estate,
  cells: readonly Cell[],
  reading: Reading,
): Promise<CellStatus[]> {
  const many = cells.length > fewCells;
  const [own, gateways, loads, details] = await Promise.all([
    readApps(azure, cells, reading),
    readGateways(azure, cells, reading),
    readLoads(azure, estate, cells, reading),
    many ? readCounts(azure, cells, reading) : readEach(azure, cells, reading),
  ]);
  const names = await hostNames(azure, estate, cells, own, gateways, reading);
  return cells.map((cell, index): CellStatus => {
    const { name, region, role, backendPool } = cell;
    const { pools, health } = gateways.get(cell.gatewayId) ?? {};
    const pool = pools?.get(backendPool.toLowerCase());
    if (pools && !pool) reading.troubles.add(`gateway pool of ${name}: its gateway has no ${backendPool}`);
    const backends = health && (health.get(backendPool.toLowerCase()) ?? []);
    const load = loads.get(cell.containerAppId.toLowerCase());
    return {
      ...{ name, region, role },
      ...(pool && {
        servedBy: [...new Set(pool.addresses.map((address) => names.get(address.toLowerCase()) ?? address))],
      }),
      ...(backends && {
        backends: { healthy: backends.filter(({ health }) => health === 'Up').length, all: backends.length },
      }),
      ...(many && newestOf(own.get(cell.containerAppId.toLowerCase()))),
      ...details[index],
      ...(load && { requestsPerSecond: load.requestsPerSecond, replicas: load.replicas }),
    };
  });
}

function newestOf(app: ContainerApp | undefined): Pick<CellStatus, 'newestReady'> {
  if (app === undefined) return {};
  return { newestReady: app.provisioningState === 'Succeeded' && app.latestRevision === app.latestReadyRevision };
}

/** By gateway id: where its pools send traffic, and what its probes find. */
async function readGateways(azure: AzurePorts, cells: readonly Cell[], { attempt }: Reading) {
  const ids = [...new Set(cells.map(({ gatewayId }) => gatewayId))];
  const found = await mapSideBySide(ids, atOnce, async (id) => {
    const what = `${id.split('/').at(-1)} in ${resourceGroupOf(id).split('/').at(-1)}`;
    const [pools, health] = await Promise.all([
      attempt(`pools of ${what}`, (signal) => azure.gateways.poolsOf(id, signal)),
      attempt(`backend health of ${what}`, (signal) => azure.gateways.healthOfPools(id, signal)),
    ]);
    return [id, { pools, health }] as const;
  });
  return new Map<string, { readonly pools: Pools | undefined; readonly health: Healths | undefined }>(found);
}

/** Which cell answers under which host name. The rest of the estate is asked only where traffic goes to another cell. */
async function hostNames(
  azure: AzurePorts,
  estate: Estate,
  cells: readonly Cell[],
  own: ReadonlyMap<string, ContainerApp>,
  gateways: Awaited<ReturnType<typeof readGateways>>,
  reading: Reading,
): Promise<Map<string, string>> {
  const namesIn = (apps: ReadonlyMap<string, ContainerApp>) =>
    estate.cells.flatMap(({ name, containerAppId }) => {
      const app = apps.get(containerAppId.toLowerCase());
      return app ? [[app.fqdn.toLowerCase(), name] as const] : [];
    });
  const names = new Map(namesIn(own));
  const addresses = cells.flatMap(
    ({ gatewayId, backendPool }) => gateways.get(gatewayId)?.pools?.get(backendPool.toLowerCase())?.addresses ?? [],
  );
  if (addresses.every((address) => names.has(address.toLowerCase()))) return names;
  const asked = new Set(cells.map(({ containerAppId }) => resourceGroupOf(containerAppId)));
  const others = estate.cells.filter(({ containerAppId }) => !asked.has(resourceGroupOf(containerAppId)));
  return new Map([...names, ...namesIn(await readApps(azure, others, reading))]);
}

async function readLoads(azure: AzurePorts, estate: Estate, cells: readonly Cell[], reading: Reading) {
  const asked = new Set(cells);
  const regions = await Promise.all(
    estate.regions.map(async ({ name, metricsUrl }) => {
      const ids = cellsOf(estate, name)
        .filter((cell) => asked.has(cell))
        .map(({ containerAppId }) => containerAppId);
      if (ids.length === 0) return [];
      const loads = await reading.attempt(`load in ${name}`, (signal) => azure.load.load(ids, metricsUrl, signal));
      return [...(loads ?? [])];
    }),
  );
  return new Map(regions.flat().map(([id, load]) => [id.toLowerCase(), load]));
}

type Detail = Pick<CellStatus, 'revisions' | 'tenants'>;

function readEach(azure: AzurePorts, cells: readonly Cell[], { attempt }: Reading): Promise<Detail[]> {
  return mapSideBySide(cells, atOnce, async ({ name, containerAppId }) => {
    const [revisions, tenants] = await Promise.all([
      attempt(`revisions of ${name}`, (signal) => azure.containerApps.revisions(containerAppId, signal)),
      attempt(`tenants of ${name}`, (signal) => azure.tenants.onCell(name, signal)),
    ]);
    const active = revisions?.filter((revision) => revision.active);
    return {
      ...(active && {
        revisions: { active: active.length, healthy: active.filter(({ health }) => health === 'Healthy').length },
      }),
      ...(tenants && { tenants: tenants.filter(({ status }) => status === 'active').length }),
    };
  });
}

/** The registry counts for all cells in one query. */
async function readCounts(azure: AzurePorts, cells: readonly Cell[], { attempt }: Reading): Promise<Detail[]> {
  const counts = await attempt('tenants of the cells', (signal) => azure.tenants.counts(signal));
  if (counts === undefined) return [];
  const byCell = Map.groupBy(
    counts.filter(({ status }) => status === 'active'),
    ({ cell }) => cell,
  );
  return cells.map(({ name }) => ({
    tenants: (byCell.get(name) ?? []).reduce((sum, { count }) => sum + count, 0),
  }));
}
