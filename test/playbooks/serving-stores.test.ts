import { findCell } from '../../src/domain/estate.ts';
import { OpsError } from '../../src/errors.ts';
import { servingStores } from '../../src/playbooks/serving-stores.ts';
import { createFakeWorld } from '../support/playbook-world.ts';

const { signal } = new AbortController();

function open(named = 'cell-banking') {
  const world = createFakeWorld();
  const cell = findCell(world.estate, named);
  const { routes, pointers } = world.azure.recovery;
  return {
    world,
    cell,
    serves: (...weights: { revision: string; weight: number }[]) =>
      routes.set(cell.containerAppId, { single: false, weights }),
    pointers,
    look: () => servingStores(cell, world.azure.ports, signal),
  };
}

describe('the stores that a cell works on', () => {
  it('are those of the estate file until it is swapped', async () => {
    const { cell, look } = open();
    expect(await look()).toEqual({ cell, stores: { how: 'as named' } });
  });

  it('are the copies after a swap, in the places of the originals', async () => {
    const { cell, serves, pointers, look } = open();
    serves({ revision: 'app--r1', weight: 100 });
    pointers.set('app--r1', { database: 'sql-copy', account: 'cosmos-copy' });
    const { cell: serving, stores } = await look();
    expect(serving).toEqual({
      ...cell,
      sqlDatabaseId: cell.sqlDatabaseId.replace(/[^/]+$/, 'sql-copy'),
      data: { ...cell.data, cosmosAccountId: cell.data?.cosmosAccountId?.replace(/[^/]+$/, 'cosmos-copy') },
    });
    expect(stores).toEqual({
      how: 'others',
      named: ['sql-cell-banking', 'cosmos-cell-banking'],
      mend: expect.stringMatching(/^In the estate file, at `- name: cell-banking`, write .*sql-copy.*cosmos-copy/),
    });
  });

  it.each<[string, (opened: ReturnType<typeof open>) => void, RegExp]>([
    [
      'traffic is split over revisions that work on different ones',
      ({ serves, pointers }) => {
        serves({ revision: 'app--r1', weight: 90 }, { revision: 'app--r2', weight: 10 });
        pointers.set('app--r2', { database: 'sql-copy', account: 'cosmos-copy' });
      },
      /split over revisions/,
    ],
    ['no revision gets traffic', ({ serves }) => serves(), /No revision of the app gets traffic/],
    [
      'Azure does not answer',
      ({ world }) => world.azure.failures.set('appData.routing', new OpsError('unavailable', 'Azure is away.')),
      /Azure is away/,
    ],
  ])('are not known where %s, and the file’s are looked at', async (_case, change, why) => {
    const opened = open();
    change(opened);
    expect(await opened.look()).toEqual({
      cell: opened.cell,
      stores: { how: 'not known', why: expect.stringMatching(why) },
    });
  });

  it('are not known where the estate file names no setting that tells', async () => {
    const { cell, look } = open('cell-retail');
    expect(await look()).toEqual({ cell, stores: { how: 'not known', why: 'The settings of the app do not tell.' } });
  });
});
