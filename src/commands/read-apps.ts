import { type Cell, resourceGroupOf } from '../domain/estate.ts';
import { mapSideBySide } from '../domain/side-by-side.ts';
import type { AzurePorts, ContainerApp } from '../ports/azure.ts';
import type { Reading } from './reading.ts';

const groupsAtOnce = 24;

/**
 * Container apps of these cells' resource groups, by their id in small letters: asked for by group, as a call a cell
 * would pass ARM's limit of reads (250, and 25 more a second) with a thousand cells. A cell without an app is noted.
 */
export async function readApps(
  { containerApps }: Pick<AzurePorts, 'containerApps'>,
  cells: readonly Cell[],
  { attempt, troubles }: Reading,
): Promise<Map<string, ContainerApp>> {
  const groups = [...Map.groupBy(cells, ({ containerAppId }) => resourceGroupOf(containerAppId))];
  const found = await mapSideBySide(groups, groupsAtOnce, async ([group, own]) => {
    const what = `container apps in ${group.split('/').at(-1)}`;
    const apps = await attempt(what, (signal) => containerApps.appsOf(group, signal));
    if (apps === undefined) return [];
    const ids = new Set(apps.map(({ id }) => id.toLowerCase()));
    for (const { name, containerAppId } of own) {
      if (!ids.has(containerAppId.toLowerCase())) troubles.add(`container app of ${name}: Azure has none`);
    }
    return apps;
  });
  return new Map(found.flat().map((app) => [app.id.toLowerCase(), app]));
}
