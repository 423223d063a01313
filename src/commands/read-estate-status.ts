import type { CellStatus, EstateStatus } from '../blocks/status-card.ts';
import { backendPoolId, type Cell, type Estate, type Region } from '../domain/estate.ts';
import type { RunState } from '../domain/run.ts';
import { mapSideBySide } from '../domain/side-by-side.ts';
import type { AzurePorts } from '../ports/azure.ts';
import type { Clock } from '../ports/clock.ts';
import type { Operations } from '../ports/operations.ts';
import { readRegionServices } from './read-region-services.ts';
import { type Reading, readWithin } from './reading.ts';

export interface StatusSources {
  readonly estate: Estate;
  readonly operations: Pick<Operations, 'leases' | 'runs' | 'paused'>;
  readonly azure?: AzurePorts;
  readonly clock: Clock;
}

const openStates: readonly RunState[] = ['waiting', 'queued', 'running', 'stopped'];
const cellsAtOnce = 12;

/** What is so now, of these cells, read side by side; what could not be read in time is left out and listed. `region`: with what else stands in it. */
export async function readEstateStatus(
  { estate, operations, azure, clock }: StatusSources,
  cells: readonly Cell[],
  { deadlineMs, traffic, region }: { deadlineMs: number; traffic: boolean; region?: Region },
): Promise<EstateStatus> {
  const names = new Set(cells.map(({ name }) => name));
  const known = Promise.all([operations.leases(), operations.runs({ states: openStates }), operations.paused()]);
  const live = readWithin(clock, deadlineMs, async (reading) => {
    const [read, endpoints, services] = await Promise.all([
      readCells(azure, estate, cells, reading),
      traffic && azure ? readTraffic(azure, estate, reading) : undefined,
      region && azure ? readRegionServices(azure, region, clock.now(), reading) : undefined,
    ]);
    return {
      cells: read,
      ...(endpoints && { traffic: endpoints }),
      ...(services && { services }),
      troubles: [...reading.troubles],
    };
  });
  const [[leases, runs, paused], read] = await Promise.all([known, live]);
  const whole = cells.length === estate.cells.length;
  return {
    ...read,
    troubles: azure === undefined ? ['Azure is not configured'] : read.troubles,
    leases: leases.filter(({ subject }) => whole || names.has(subject)),
    runs: runs.filter(({ plan }) => whole || plan.target.cell === undefined || names.has(plan.target.cell)),
    ...(paused && { paused }),
  };
}

async function readTraffic(
  azure: AzurePorts,
  estate: Estate,
  reading: Reading,
): Promise<NonNullable<EstateStatus['traffic']>> {
  const profile = await reading.attempt('Traffic Manager', (signal) =>
    azure.traffic.profile(estate.trafficManagerId, signal),
  );
  return profile === undefined ? {} : { endpoints: profile.endpoints };
}

async function readCells(
  azure: AzurePorts | undefined,
  estate: Estate,
  cells: readonly Cell[],
  reading: Reading,
): Promise<CellStatus[]> {
  const base = cells.map(({ name, region, role }) => ({ name, region, role }));
  if (azure === undefined) return base;
  const [names, loads, details] = await Promise.all([
    hostNames(azure, estate, reading),
    readLoads(azure, estate, cells, reading),
    mapSideBySide(cells, cellsAtOnce, (cell) => readCell(azure, cell, reading)),
  ]);
  return base.map((cell, index) => {
    const { addresses, ...detail } = details[index] ?? {};
    const load = loads.get(cells[index]?.containerAppId.toLowerCase() ?? '');
    return {
      ...cell,
      ...detail,
      ...(addresses && {
        servedBy: [...new Set(addresses.map((address) => names.get(address.toLowerCase()) ?? address))],
      }),
      ...(load && { requestsPerSecond: load.requestsPerSecond, replicas: load.replicas }),
    };
  });
}

/** Which cell answers under which host name. */
async function hostNames(azure: AzurePorts, estate: Estate, reading: Reading): Promise<Map<string, string>> {
  const apps = await mapSideBySide(estate.cells, cellsAtOnce, async (cell) => {
    const app = await reading.attempt(`container app of ${cell.name}`, (signal) =>
      azure.containerApps.app(cell.containerAppId, signal),
    );
    return app && ([app.fqdn.toLowerCase(), cell.name] as const);
  });
  return new Map(apps.filter((app) => app !== undefined));
}

async function readLoads(azure: AzurePorts, estate: Estate, cells: readonly Cell[], reading: Reading) {
  const regions = await Promise.all(
    estate.regions.map(async ({ name, metricsUrl }) => {
      const ids = cells.filter(({ region }) => region === name).map(({ containerAppId }) => containerAppId);
      if (ids.length === 0) return [];
      const loads = await reading.attempt(`load in ${name}`, (signal) => azure.load.load(ids, metricsUrl, signal));
      return [...(loads ?? [])];
    }),
  );
  return new Map(regions.flat().map(([id, load]) => [id.toLowerCase(), load]));
}

async function readCell(azure: AzurePorts, cell: Cell, { attempt }: Reading) {
  const poolId = backendPoolId(cell);
  const [pool, health, revisions, tenants] = await Promise.all([
    attempt(`gateway pool of ${cell.name}`, (signal) =>
      azure.gateways.read({ kind: 'gateway-pool', id: poolId }, signal),
    ),
    attempt(`backend health of ${cell.name}`, (signal) => azure.gateways.backendHealth(poolId, signal)),
    attempt(`revisions of ${cell.name}`, (signal) => azure.containerApps.revisions(cell.containerAppId, signal)),
    attempt(`tenants of ${cell.name}`, (signal) => azure.tenants.onCell(cell.name, signal)),
  ]);
  const active = revisions?.filter((revision) => revision.active);
  return {
    ...(pool?.state && { addresses: pool.state.addresses }),
    ...(health && { backends: { healthy: health.filter(({ health }) => health === 'Up').length, all: health.length } }),
    ...(active && {
      revisions: { active: active.length, healthy: active.filter(({ health }) => health === 'Healthy').length },
    }),
    ...(tenants && { tenants: tenants.filter(({ status }) => status === 'active').length }),
  };
}
