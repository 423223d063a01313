import { estateOf } from '../../bench/kpi-estate.ts';
import { readEstateStatus } from '../../src/commands/read-estate-status.ts';
import type { Cell, Estate } from '../../src/domain/estate.ts';
import { parseEstate } from '../../src/domain/estate-file.ts';
import { OpsError } from '../../src/errors.ts';
import { createFakeAzure, type FakeAzure } from '../support/fake-azure.ts';
import { createFakeClock } from '../support/fakes/fake-clock.ts';

const operations = { leases: async () => [], runs: async () => [], paused: async () => undefined };

/** The ports, with each call counted by its name, and answered when they are opened. */
function counting({ ports }: FakeAzure, opened: Promise<void> = Promise.resolve()) {
  const calls: Record<string, number> = {};
  const azure = Object.fromEntries(
    Object.entries(ports).map(([port, methods]) => [
      port,
      new Proxy(methods, {
        get(target, method) {
          const value = Reflect.get(target, method);
          if (typeof value !== 'function') return value;
          return (...args: unknown[]) => {
            const name = `${port}.${String(method)}`;
            calls[name] = (calls[name] ?? 0) + 1;
            return opened.then(() => value.apply(target, args));
          };
        },
      }),
    ]),
  ) as unknown as FakeAzure['ports'];
  return { azure, calls };
}

async function read(estate: Estate, cells: readonly Cell[] = estate.cells, fake = createFakeAzure(estate)) {
  const { azure, calls } = counting(fake);
  const found = await readEstateStatus({ estate, operations, azure, clock: createFakeClock().clock }, cells, {
    deadlineMs: 4_000,
    global: true,
    health: true,
  });
  return { ...found, calls };
}

describe('readEstateStatus', () => {
  const estate = parseEstate(estateOf(1_000));
  const [first, second] = estate.cells as [Cell, Cell];

  it('asks what stands before the regions, and Azure’s own word, beside the cells and not after them', async () => {
    let open = () => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    const { azure, calls } = counting(createFakeAzure(estate), opened);
    const sources = { estate, operations, azure, clock: createFakeClock().clock };
    const card = readEstateStatus(sources, estate.cells, { deadlineMs: 4_000, global: true, health: true });
    await new Promise(setImmediate);
    expect(calls).toMatchObject({
      'containerApps.appsOf': 2,
      'traffic.profile': 1,
      'apim.service': 1,
      'logs.query': 1,
      'resourceHealth.list': 1,
    });
    open();
    expect((await card).troubles).toEqual([]);
  });

  it('asks by group, gateway and region: a thousand cells cost as many calls as two', async () => {
    const { calls, cells, troubles } = await read(estate);
    expect(calls).toEqual({
      'apim.service': 1,
      'resourceHealth.list': 1,
      'containerApps.appsOf': 2,
      'gateways.poolsOf': 2,
      'gateways.healthOfPools': 2,
      'load.load': 2,
      'tenants.counts': 1,
      'traffic.profile': 1,
      'metrics.query': 1,
      'logs.query': 1,
    });
    expect(troubles).toEqual([]);
    expect(cells).toHaveLength(1_000);
    expect(cells.at(-1)).toEqual({
      ...{ name: 'cell-999', region: 'westus', role: 'active' },
      ...{ servedBy: ['cell-999'], backends: { healthy: 1, all: 1 }, newestReady: true },
      ...{ requestsPerSecond: 100, replicas: 2, tenants: 0 },
    });
  });

  it('asks of one cell for its revisions, and not for what its region does not need', async () => {
    const { calls, cells } = await read(estate, [first]);
    expect(calls).toMatchObject({ 'containerApps.appsOf': 1, 'gateways.poolsOf': 1, 'containerApps.revisions': 1 });
    expect(cells[0]).toMatchObject({ servedBy: [first.name], revisions: { active: 1, healthy: 1 } });
    expect(cells[0]).not.toHaveProperty('newestReady');
  });

  it('looks for the cell that serves in the other groups when its traffic goes elsewhere', async () => {
    const azure = createFakeAzure(estate);
    const away = estate.cells.at(-1) as Cell;
    azure.pools.set(`${first.gatewayId}/backendAddressPools/${first.backendPool}`, [`app-${away.name}.example.net`]);
    const { calls, cells } = await read(estate, [first], azure);
    expect(calls['containerApps.appsOf']).toBe(2);
    expect(cells[0]?.servedBy).toEqual([away.name]);
  });

  it('tells of the cells of a group that is throttled that they are not known, and knows the others', async () => {
    const azure = createFakeAzure(estate);
    const { appsOf } = azure.ports.containerApps;
    Object.assign(azure.ports.containerApps, {
      appsOf: (group: string, signal: AbortSignal) => {
        if (group.endsWith('rg-stamps-dr')) throw new OpsError('throttled', 'Azure had too many requests.');
        return appsOf(group, signal);
      },
    });
    const { cells, troubles } = await read(estate, estate.cells, azure);
    expect(cells.filter(({ newestReady }) => newestReady).map(({ region }) => region)).toEqual(
      Array(500).fill('eastus'),
    );
    expect(troubles).toEqual(['container apps in rg-stamps-dr: Azure had too many requests.']);
  });

  it('names what is gone, and knows the cells beside it', async () => {
    const azure = createFakeAzure(estate);
    azure.apps.delete(first.containerAppId);
    azure.pools.delete(`${second.gatewayId}/backendAddressPools/${second.backendPool}`);
    const { cells, troubles } = await read(estate, estate.cells, azure);
    expect(troubles).toEqual([
      `container app of ${first.name}: Azure has none`,
      `gateway pool of ${second.name}: its gateway has no ${second.backendPool}`,
    ]);
    expect(cells[0]).not.toHaveProperty('newestReady');
    expect(cells[1]).not.toHaveProperty('servedBy');
    expect(cells[2]).toMatchObject({ servedBy: ['cell-2'], newestReady: true });
  });

  it('never tells tenants that the registry did not count as none', async () => {
    const azure = createFakeAzure(estate);
    azure.failures.set('tenants.counts', new OpsError('timeout', 'The registry is late.'));
    const { cells, troubles } = await read(estate, estate.cells, azure);
    expect(cells.every((cell) => !('tenants' in cell))).toBe(true);
    expect(troubles).toEqual(['tenants of the cells: The registry is late.']);
  });
});
