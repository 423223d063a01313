import type { EstateFinding } from '../blocks/estate-check-card.ts';
import { type Cell, type Estate, resourceGroupOf } from '../domain/estate.ts';
import { toNameStores } from '../domain/estate-lines.ts';
import { mapSideBySide } from '../domain/side-by-side.ts';
import { servingPointers } from '../playbooks/serving-stores.ts';
import type { DataPointers } from '../ports/app-data.ts';
import type { AzurePorts, PoolState } from '../ports/azure.ts';
import type { Clock } from '../ports/clock.ts';
import { checkRegionServices } from './check-region-services.ts';
import { type Reading, readWithin, unlessMissing } from './reading.ts';

const deadlineMs = 30_000;
const atOnce = 12;

/** Compares the estate file with live Azure: what is missing, what differs, what the file does not know. */
export async function checkEstate(azure: AzurePorts, estate: Estate, clock: Clock): Promise<EstateFinding[]> {
  return readWithin(clock, deadlineMs, async (reading) => {
    const [cells, extra, services] = await Promise.all([
      readGateways(azure, estate, reading).then((gateways) =>
        mapSideBySide(estate.cells, atOnce, (cell) => checkCell(azure, cell, gateways.get(cell.gatewayId), reading)),
      ),
      unlistedApps(azure, estate, reading),
      checkRegionServices(azure, estate, reading),
    ]);
    const unread = [...reading.troubles].map((says) => ({ kind: 'not-known', says }) as const);
    return [...cells.flat(), ...services, ...extra, ...unread];
  });
}

/** Of a gateway's pools by their names in small letters; null: Azure has no such gateway. */
type Pools = ReadonlyMap<string, PoolState> | null;

/** By gateway id, each asked once for all of its cells; a gateway that could not be read has undefined. */
async function readGateways(azure: AzurePorts, estate: Estate, reading: Reading) {
  const ids = [...new Set(estate.cells.map(({ gatewayId }) => gatewayId))];
  const found = await mapSideBySide(ids, atOnce, async (id) => {
    const what = `gateway ${lastPart(id)} in ${lastPart(resourceGroupOf(id))}`;
    return [id, await unlessMissing(reading, what, (signal) => azure.gateways.poolsOf(id, signal))] as const;
  });
  return new Map<string, Pools | undefined>(found);
}

async function checkCell(
  azure: AzurePorts,
  cell: Cell,
  pools: Pools | undefined,
  reading: Reading,
): Promise<EstateFinding[]> {
  const { name } = cell;
  const [app, revisions, data] = await Promise.all([
    unlessMissing(reading, `container app of ${name}`, (signal) =>
      azure.containerApps.app(cell.containerAppId, signal),
    ),
    unlessMissing(reading, `revisions of ${name}`, (signal) =>
      azure.containerApps.revisions(cell.containerAppId, signal),
    ),
    cell.data === undefined
      ? []
      : unlessMissing(reading, `data of ${name}`, (signal) => servingPointers(cell, azure, signal)),
  ]);
  const findings: EstateFinding[] = [];
  const missing = (says: string) => findings.push({ kind: 'missing', says });
  const differs = (says: string) => findings.push({ kind: 'differs', says });

  if (app === null) missing(`${name}: container app ${lastPart(cell.containerAppId)}`);
  if (app && app.provisioningState !== 'Succeeded')
    differs(`${name}: its container app is in state ${app.provisioningState}`);
  if (app && revisions && !revisions.some(({ active }) => active))
    differs(`${name}: its container app has no active revision`);
  const state = pools?.get(cell.backendPool.toLowerCase());
  if (pools === null) missing(`${name}: gateway ${lastPart(cell.gatewayId)}`);
  else if (pools && !state) missing(`${name}: backend pool ${cell.backendPool} on gateway ${lastPart(cell.gatewayId)}`);
  if (state && state.addresses.length === 0) differs(`${name}: backend pool ${cell.backendPool} is empty`);
  if (
    app &&
    state &&
    state.addresses.length > 0 &&
    !state.addresses.some((address) => address.toLowerCase() === app.fqdn.toLowerCase())
  ) {
    differs(
      `${name}: backend pool ${cell.backendPool} sends its traffic to ${state.addresses.join(', ')}, not to ${app.fqdn}`,
    );
  }
  for (const says of dataDifferences(cell, data ?? [])) differs(says);
  return findings;
}

/** Where a cell's app works on other stores than the file names, as after a swap, and what to write there. */
function dataDifferences(cell: Cell, found: readonly DataPointers[]): string[] {
  const named = { database: lastPart(cell.sqlDatabaseId), account: lastPart(cell.data?.cosmosAccountId ?? '') };
  return found
    .map(({ database, account }) => ({
      ...(database !== named.database && { database }),
      ...(account !== named.account && { account }),
    }))
    .filter((others) => Object.values(others).some((name) => name !== undefined))
    .map((others) => {
      const stores = Object.values(others).filter((name) => name !== undefined);
      return `${cell.name}: its app works on ${stores.join(' and ')}. ${toNameStores(cell, others)}`;
    });
}

/** Container apps in the resource groups of the estate that no cell of the file names. */
async function unlistedApps(azure: AzurePorts, estate: Estate, { attempt }: Reading): Promise<EstateFinding[]> {
  const listed = new Set(estate.cells.map(({ containerAppId }) => containerAppId.toLowerCase()));
  const groups = [...new Set(estate.cells.map(({ containerAppId }) => resourceGroupOf(containerAppId)))];
  const found = await mapSideBySide(groups, atOnce, (group) =>
    attempt(`container apps in ${lastPart(group)}`, (signal) =>
      azure.inventory.list(group, 'Microsoft.App/containerApps', signal),
    ),
  );
  return found
    .flatMap((ids) => ids ?? [])
    .filter((id) => !listed.has(id.toLowerCase()))
    .map((id) => ({ kind: 'extra', says: `container app ${lastPart(id)} in ${lastPart(resourceGroupOf(id))}` }));
}

function lastPart(id: string): string {
  return id.split('/').at(-1) ?? id;
}
