import { changes } from '../../src/domain/plan.ts';
import { failoverRegion } from '../../src/playbooks/failover-region.ts';
import type { TrafficEndpoint } from '../../src/ports/azure.ts';
import { fakeAccount } from '../support/fake-storage.ts';
import { createFakeWorld, type FakeWorld, pairedEstate } from '../support/playbook-world.ts';

const input = { from: 'eastus', to: 'westus', reason: 'the power is out in two zones' };
type Input = typeof input & { acceptLoss?: boolean };
type Change = (world: FakeWorld) => void;

/** What leads clients, and the steps that move them; a refusal is a sentence. */
const routings: readonly [string, Change, readonly string[] | RegExp][] = [
  ['Priority', routing('Priority'), ['disable-source-endpoint']],
  [
    'Priority, the target off',
    routing('Priority', { enabled: false }),
    ['enable-target-endpoint', 'disable-source-endpoint'],
  ],
  ['Weighted', routing('Weighted'), ['disable-source-endpoint']],
  [
    'Weighted, the target off',
    routing('Weighted', { enabled: false }),
    ['enable-target-endpoint', 'disable-source-endpoint'],
  ],
  ['Performance', routing('Performance'), ['disable-source-endpoint']],
  ['Geographic', routing('Geographic'), /Geographic routing has one endpoint for each part of the world/],
  ['MultiValue', routing('MultiValue'), /does not know how to move clients under MultiValue/],
  ['Subnet', routing('Subnet'), /does not know how to move clients under Subnet/],
];

const toWest = { primary: 'sql-stamps-westus' };
/** What SQL is, and where it goes: undefined, it is not moved. */
const sqls: readonly [string, Change, object | undefined | RegExp, (object | undefined)?][] = [
  ['SQL that replicates', () => undefined, toWest, toWest],
  [
    'SQL that is seeded',
    sql('SEEDING'),
    /does not replicate to westus \(SEEDING\)/,
    { ...toWest, dataLossAllowed: true },
  ],
  ['SQL that is suspended', sql('SUSPENDED'), /does not replicate to westus/, { ...toWest, dataLossAllowed: true }],
  [
    'SQL that is there already',
    ({ azure: { disaster } }) => {
      disaster.sql = { ...disaster.sql, primary: 'sql-stamps-westus' };
    },
    undefined,
    undefined,
  ],
];

/** What Cosmos is, where it takes writes afterwards, and whether its guard lets it. */
const cosmoses: readonly [string, Change, readonly string[] | undefined, boolean, RegExp][] = [
  [
    'Cosmos with one write region',
    () => undefined,
    ['westus', 'eastus'],
    true,
    /moves its writes to westus, without loss/,
  ],
  [
    'Cosmos with several write regions',
    cosmos({ multipleWriteRegions: true }),
    undefined,
    true,
    /takes writes in every region/,
  ],
  [
    'Cosmos that takes writes elsewhere',
    cosmos({ regions: ['westus', 'eastus'] }),
    undefined,
    true,
    /takes writes in westus/,
  ],
  [
    'Cosmos without a copy there',
    cosmos({ regions: ['eastus', 'northeurope'] }),
    undefined,
    false,
    /has no copy in westus/,
  ],
  [
    'Cosmos that is being changed',
    cosmos({ provisioningState: 'Updating' }),
    ['westus', 'eastus'],
    false,
    /is Updating/,
  ],
];

const bare = { canFailOver: false, canFailOverPlanned: false };
const geo = (redundancy: string, after = redundancy) =>
  [
    { redundancy, afterPlanned: after },
    { primary: 'westus', redundancy: after },
  ] as const;
/** What the account of a cell is, what becomes of it, and what is said where that loses something. */
const storages: readonly [string, object, object | RegExp][] = [
  ['GRS', ...geo('Standard_GRS')],
  ['RA-GRS', ...geo('Standard_RAGRS')],
  ['GZRS', ...geo('Standard_GZRS', 'Standard_GRS')],
  ['RA-GZRS', ...geo('Standard_RAGZRS', 'Standard_RAGRS')],
  ['LRS', { ...bare, redundancy: 'Standard_LRS', secondary: undefined }, /is Standard_LRS: it has no copy in westus/],
  ['ZRS', { ...bare, redundancy: 'Standard_ZRS', secondary: undefined }, /is Standard_ZRS: it has no copy in westus/],
  ['Premium', { ...bare, redundancy: 'Premium_LRS', secondary: undefined }, /is Premium_LRS: it has no copy/],
  ['GRS to a third region', { secondary: 'northeurope' }, /is in northeurope, not in westus/],
];

function routing(routingMethod: string, target: Partial<TrafficEndpoint> = {}): Change {
  return ({ azure: { disaster } }) => {
    disaster.profile = { ...disaster.profile, routingMethod };
    const west = disaster.endpoints.get('westus');
    if (west) disaster.endpoints.set('westus', { ...west, ...target });
  };
}
function sql(replicationState: string): Change {
  return ({ azure: { disaster } }) => {
    disaster.sql = { ...disaster.sql, replicationState };
  };
}
function cosmos(more: object): Change {
  return ({ azure: { disaster } }) => {
    disaster.cosmos = { ...disaster.cosmos, ...more };
  };
}
function storage(more: object): Change {
  return ({ azure: { disaster }, estate }) => {
    const [cell] = estate.cells;
    const account = { ...fakeAccount('stcellbanking', 'eastus', 'westus', Date.now()), ...more };
    if (cell) disaster.storage.set(cell.storageId, account as never);
  };
}

function open(...changed: readonly Change[]): FakeWorld {
  const world = createFakeWorld(pairedEstate);
  for (const change of changed) change(world);
  return world;
}
const plan = (world: FakeWorld, asked: Input = input) => world.plan(failoverRegion, 'r-1', asked);
const stateAfter = (made: Awaited<ReturnType<typeof plan>>, kind: string) =>
  changes(made).find(({ resource }) => resource.kind === kind)?.after;
const refused = (says: RegExp) => ({
  code: 'refused',
  message: expect.stringMatching(says),
  hint: expect.stringMatching(/\S/),
});

describe.each(routings)('under %s', (_, lead, moves) => {
  it.each(
    sqls.flatMap(([sqlIs, makeSql, goes, forced]) =>
      cosmoses.flatMap(([cosmosIs, makeCosmos, regions]) =>
        storages.map(([storageIs, account, becomes]) => ({
          sqlIs,
          makeSql,
          goes,
          forced,
          cosmosIs,
          makeCosmos,
          regions,
          storageIs,
          account,
          becomes,
        })),
      ),
    ),
  )('$sqlIs, $cosmosIs and storage of $storageIs are planned as they can be, or refused', async (of) => {
    const world = open(lead, of.makeSql, of.makeCosmos, storage(of.account));
    if (moves instanceof RegExp) {
      await expect(plan(world)).rejects.toMatchObject({ code: 'refused' });
      await expect(plan(world, { ...input, acceptLoss: true })).rejects.toMatchObject(refused(moves));
      return;
    }
    const loses = [of.goes, of.becomes].some((it) => it instanceof RegExp);
    if (loses)
      await expect(plan(world)).rejects.toMatchObject({
        code: 'refused',
        hint: expect.stringContaining('accepting loss'),
      });
    else
      expect(
        changes(await plan(world)).some(({ after: to }) => (to as { dataLossAllowed?: true } | null)?.dataLossAllowed),
      ).toBe(false);

    const made = await plan(world, { ...input, acceptLoss: true });
    expect({
      sql: stateAfter(made, 'sql-failover-group'),
      cosmos: (stateAfter(made, 'cosmos-regions') as { regions?: unknown } | undefined)?.regions,
      storage: stateAfter(made, 'storage-account'),
      clients: made.steps.map(({ id }) => id).filter((id) => id.endsWith('-endpoint')),
    }).toEqual({
      sql: of.forced,
      cosmos: of.regions,
      // What has no copy there is left behind.
      storage: of.becomes instanceof RegExp ? undefined : of.becomes,
      clients: moves,
    });
    // Data before clients.
    const ids = made.steps.map(({ id }) => id);
    const data = ['fail-over-sql', 'move-cosmos-writes', 'fail-over-storage-cell-banking'].map((id) => ids.indexOf(id));
    expect(Math.max(...data)).toBeLessThan(ids.indexOf(moves[0] as string));
  });
});

describe('the reason of a refusal', () => {
  it.each(sqls.filter(([, , goes]) => goes instanceof RegExp))('is said of %s', async (_, make, goes) => {
    await expect(plan(open(make))).rejects.toMatchObject(refused(goes as RegExp));
  });

  it.each(storages.filter(([, , becomes]) => becomes instanceof RegExp))(
    'is said of storage of %s, and of what stays behind',
    async (_, account, says) => {
      const world = open(storage(account));
      await expect(plan(world)).rejects.toMatchObject(refused(says as RegExp));
      const answers = await world.ask(await plan(world, { ...input, acceptLoss: true }));
      expect(answers['storage-can-follow']).toMatchObject({
        ok: true,
        warns: true,
        says: expect.stringMatching(says as RegExp),
      });
    },
  );

  it.each(cosmoses)('is said of %s by its guard', async (_, make, _regions, ok, says) => {
    const world = open(make);
    const answers = await world.ask(await plan(world));
    expect(answers['cosmos-can-follow']).toMatchObject({ ok, says: expect.stringMatching(says) });
  });
});
