import type { CellCapacity } from '../domain/capacity-plan.ts';
import { type Cell, cellsOf, resourceGroupOf } from '../domain/estate.ts';
import { mapSideBySide } from '../domain/side-by-side.ts';
import type { AzurePorts, ContainerApp } from '../ports/azure.ts';
import type { DigestContext } from './digest-context.ts';
import type { Gathering } from './gather.ts';
import { someOf } from './some-of.ts';

const groupsAtOnce = 12;

/**
 * Load and replicas of the cells just now. Apps are asked for by resource group, their load by fifty: a thousand calls
 * for a thousand cells would be throttled (ARM: 250 reads and 25 more a second).
 */
export async function cellsNow(
  { estate }: Pick<DigestContext, 'estate'>,
  azure: Pick<AzurePorts, 'containerApps' | 'load'>,
  gathering: Gathering,
): Promise<CellCapacity[]> {
  const { get, missing } = gathering;
  const [apps, byRegion] = await Promise.all([
    appsNow(estate.cells, azure, gathering),
    Promise.all(
      estate.regions.map(async ({ name, metricsUrl }) => {
        const cells = cellsOf(estate, name);
        const ids = cells.map(({ containerAppId }) => containerAppId);
        const load = await get(`Load in ${name}`, (signal) => azure.load.load(ids, metricsUrl, signal));
        return cells.map((cell) => ({ cell, now: load?.get(cell.containerAppId) }));
      }),
    ),
  ]);
  const gone: string[] = [];
  const cells = byRegion.flat().map(({ cell, now }): CellCapacity => {
    const { name, region, containerAppId, requestsPerSecondPerReplica } = cell;
    const own = apps.get(resourceGroupOf(containerAppId));
    const app = own?.get(containerAppId.toLowerCase());
    if (own && !app) gone.push(name);
    return {
      cell: name,
      region,
      ...(now && { requestsPerSecond: now.requestsPerSecond, replicas: now.replicas }),
      ...(app && { maxReplicas: app.maxReplicas, capacity: app.maxReplicas * requestsPerSecondPerReplica }),
    };
  });
  if (gone.length > 0) missing.push(`Replicas of ${someOf(gone)}: Azure has no such container app.`);
  return cells;
}

/** By group, and in it by id in small letters; a group that could not be read is absent. */
async function appsNow(
  cells: readonly Cell[],
  { containerApps }: Pick<AzurePorts, 'containerApps'>,
  { get }: Gathering,
): Promise<Map<string, Map<string, ContainerApp>>> {
  const groups = [...new Set(cells.map(({ containerAppId }) => resourceGroupOf(containerAppId)))];
  const found = await mapSideBySide(groups, groupsAtOnce, async (group) => {
    const what = `Replicas in ${group.split('/').at(-1)}`;
    return [group, await get(what, (signal) => containerApps.appsOf(group, signal))] as const;
  });
  return new Map(
    found.flatMap(([group, apps]) =>
      apps ? [[group, new Map(apps.map((app) => [app.id.toLowerCase(), app]))] as const] : [],
    ),
  );
}
