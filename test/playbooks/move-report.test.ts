import type { Plan } from '../../src/domain/plan.ts';
import { drillRegion } from '../../src/playbooks/drill-region.ts';
import { failoverRegion } from '../../src/playbooks/failover-region.ts';
import type { StorageAccount } from '../../src/ports/storage.ts';
import { fakeAccount } from '../support/fake-storage.ts';
import { createFakeWorld, type FakeWorld } from '../support/playbook-world.ts';

const planned = { from: 'eastus', to: 'westus', reason: 'the power is out in two zones' };
const accepting = { ...planned, acceptLoss: true };
const stuck = { canFailOver: false, canFailOverPlanned: false };

/** A world in which the first cells have an account each, that differ from a good one as said. */
function open(...accounts: readonly Partial<StorageAccount>[]): FakeWorld {
  const world = createFakeWorld();
  const { storage } = world.azure.disaster;
  for (const [index, change] of accounts.entries()) {
    const { storageId, name } = world.estate.cells[index] as FakeWorld['estate']['cells'][number];
    storage.set(storageId, { ...fakeAccount(`st${name}`, 'eastus', 'westus', Date.now()), ...change });
  }
  return world;
}
const lose = ({ azure: { disaster } }: FakeWorld) => {
  disaster.endpoints.set('eastus', {
    ...(disaster.endpoints.get('eastus') as never as object),
    monitorStatus: 'Degraded',
  } as never);
};
const cosmos = (world: FakeWorld, change: object) => {
  world.azure.disaster.cosmos = { ...world.azure.disaster.cosmos, ...change };
};
const told = (plan: Plan) => {
  const step = plan.steps.find(({ id }) => id === 'report');
  return step?.kind === 'act' ? step.args : {};
};

describe('the report of a failover', () => {
  it('says that nothing is lost where everything went along', async () => {
    expect(told(await open({}, {}).plan(failoverRegion, 'r-1', planned))).toMatchObject({
      also: 'RPO 0: SQL and storage waited until everything was there. Cosmos was moved, without loss.',
      loss: 'RPO 0',
    });
  });

  it.each([
    ['one', [{}, stuck], '1 of 2 storage accounts stayed behind, and what is in them. RPO 0 of the other storage: it'],
    ['all', [stuck, stuck], '2 of 2 storage accounts stayed behind, and what is in them. Cosmos'],
    [
      'one beside one that was forced',
      [{ canFailOverPlanned: false }, stuck],
      '1 of 2 storage accounts stayed behind, and what is in them. RPO of storage: 1 of 2 accounts were forced over',
    ],
  ])('says how many accounts stayed behind, and that it is with loss: %s', async (_, accounts, says) => {
    const world = open(...accounts);
    const plan = await world.plan(failoverRegion, 'r-1', accepting);
    expect(told(plan)).toMatchObject({ also: expect.stringContaining(`With loss: ${says}`), loss: 'with loss' });
    await world.apply('r-1', plan);
    expect(await world.plan(failoverRegion, 'r-1', accepting)).toEqual(plan);
  });

  it('says so where nothing of the data moved but an account should have', async () => {
    const world = open(stuck);
    world.azure.disaster.sql = { ...world.azure.disaster.sql, primary: 'sql-stamps-westus' };
    cosmos(world, { multipleWriteRegions: true });
    expect(told(await world.plan(failoverRegion, 'r-1', accepting))).toMatchObject({
      also: 'RPO: SQL was not moved. With loss: 1 of 1 storage accounts stayed behind, and what is in them. Cosmos takes writes in every region.',
      loss: 'with loss',
    });
  });

  it.each([
    ['moves by itself', { automaticFailover: true }, 'Azure moves its writes by itself'],
    ['does not move by itself', { automaticFailover: false }, 'its writes stay where they were'],
  ])('sets Cosmos apart where no step moves it and Azure %s', async (_, change, says) => {
    const world = open();
    lose(world);
    cosmos(world, change);
    expect(told(await world.plan(failoverRegion, 'r-1', planned))).toMatchObject({
      also: expect.stringMatching(new RegExp(`^RPO 0: SQL waited.* Cosmos was not moved.*${says}`)),
      loss: 'RPO 0, Cosmos apart',
    });
  });

  it('is the same when Azure has moved Cosmos while the run went on', async () => {
    const world = open();
    lose(world);
    const plan = await world.plan(failoverRegion, 'r-1', accepting);
    await world.apply('r-1', plan, 2);
    cosmos(world, { regions: ['westus', 'eastus'] });
    expect(await world.plan(failoverRegion, 'r-1', accepting)).toEqual(plan);
  });

  it('says nothing of Cosmos in a drill without data', async () => {
    const plan = await open().plan(drillRegion, 'r-1', { region: 'eastus', to: 'westus' });
    expect(told(plan)).toMatchObject({
      also: 'RPO: SQL was not moved. Everything is as it was before.',
      loss: 'data stayed',
    });
  });
});
