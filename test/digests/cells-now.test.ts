import { estateOf } from '../../bench/kpi-estate.ts';
import { cellsNow } from '../../src/digests/cells-now.ts';
import { createGathering } from '../../src/digests/gather.ts';
import { type Estate, resourceGroupOf } from '../../src/domain/estate.ts';
import { parseEstate } from '../../src/domain/estate-file.ts';
import { OpsError } from '../../src/errors.ts';
import type { AzurePorts } from '../../src/ports/azure.ts';
import { createFakeAzure, type FakeAzure } from '../support/fake-azure.ts';
import { createFakeLogger } from '../support/fakes/fake-logger.ts';
import { estateText } from '../support/playbook-world.ts';

/** What was read, what is missing, and each call to Azure by what it asks for. */
async function read(estate: Estate, { ports }: FakeAzure = createFakeAzure(estate)) {
  const calls: string[] = [];
  let [now, most] = [0, 0];
  const containerApps: AzurePorts['containerApps'] = {
    ...ports.containerApps,
    app: (id, signal) => {
      calls.push('app');
      return ports.containerApps.app(id, signal);
    },
    async appsOf(group, signal) {
      calls.push(`apps of ${group.split('/').at(-1)}`);
      now += 1;
      most = Math.max(most, now);
      await new Promise((next) => setImmediate(next));
      now -= 1;
      return ports.containerApps.appsOf(group, signal);
    },
  };
  const load: AzurePorts['load'] = {
    load: (ids, url, signal) => {
      calls.push('load');
      return ports.load.load(ids, url, signal);
    },
  };
  const gathering = createGathering(createFakeLogger().logger);
  const cells = await cellsNow({ estate }, { containerApps, load }, gathering);
  return { cells, missing: gathering.missing, calls, most };
}

describe('the cells just now', () => {
  it('of an estate of a thousand are asked for by group and region, not by cell', async () => {
    const { cells, calls, missing } = await read(parseEstate(estateOf(1_000)));
    expect(cells).toHaveLength(1_000);
    expect(cells.every(({ capacity, replicas }) => capacity === 500 && replicas === 2)).toBe(true);
    expect(missing).toEqual([]);
    expect(calls.sort()).toEqual(['apps of rg-stamps-dr', 'apps of rg-stamps-production', 'load', 'load']);
  });

  it('of cells in a group each are asked for a few at a time', async () => {
    const estate = parseEstate(estateOf(100));
    const apart = {
      ...estate,
      cells: estate.cells.map((cell) => {
        const group = resourceGroupOf(cell.containerAppId);
        return { ...cell, containerAppId: cell.containerAppId.replace(group, `${group}-${cell.name}`) };
      }),
    };
    const { cells, most } = await read(apart);
    expect(cells.every(({ capacity }) => capacity === 500)).toBe(true);
    expect(most).toBe(12);
  });

  it('say which app is gone, and what of a group that could not be read is not known', async () => {
    const estate = parseEstate(estateText);
    const azure = createFakeAzure(estate);
    azure.apps.delete(estate.cells[1]?.containerAppId ?? '');
    const gone = await read(estate, azure);
    expect(gone.missing).toEqual(['Replicas of cell-retail: Azure has no such container app.']);
    expect(gone.cells[1]).toEqual({ cell: 'cell-retail', region: 'eastus', requestsPerSecond: 100, replicas: 2 });
    expect(gone.cells[0]?.maxReplicas).toBe(10);

    azure.failures.set('containerApps.appsOf', new OpsError('throttled', 'Azure had too many requests.'));
    azure.failures.set('load', new OpsError('timeout', 'Azure did not answer in time.'));
    const unread = await read(estate, azure);
    expect(unread.missing.sort()).toEqual([
      'Load in eastus: Azure did not answer in time.',
      'Load in westus: Azure did not answer in time.',
      'Replicas in rg-stamps-dr: Azure had too many requests.',
      'Replicas in rg-stamps-production: Azure had too many requests.',
    ]);
    expect(unread.cells[0]).toEqual({ cell: 'cell-banking', region: 'eastus' });
  });
});
