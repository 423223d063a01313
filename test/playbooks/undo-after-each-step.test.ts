import { changes } from '../../src/domain/plan.ts';
import { drillRegion } from '../../src/playbooks/drill-region.ts';
import { failbackRegion } from '../../src/playbooks/failback-region.ts';
import { failoverRegion } from '../../src/playbooks/failover-region.ts';
import { undoRun } from '../../src/playbooks/undo-run.ts';
import type { Playbook } from '../../src/ports/playbook.ts';
import { fakeAccount } from '../support/fake-storage.ts';
import { createFakeWorld, type FakeWorld, pairedEstate } from '../support/playbook-world.ts';

const failover = { from: 'eastus', to: 'westus', reason: 'the power is out in two zones' };

function open(): FakeWorld {
  const world = createFakeWorld(pairedEstate);
  const { storage } = world.azure.disaster;
  for (const cell of world.estate.cells.filter(({ region, role }) => region === 'eastus' && role === 'active'))
    storage.set(cell.storageId, fakeAccount(cell.storageId.split('/').at(-1) ?? '', 'eastus', 'westus', Date.now()));
  return world;
}

/** The region is gone: SQL does not replicate, and storage can only be forced. */
function lost(): FakeWorld {
  const world = open();
  const { disaster } = world.azure;
  const endpoint = disaster.endpoints.get('eastus');
  if (endpoint) disaster.endpoints.set('eastus', { ...endpoint, monitorStatus: 'Degraded' });
  disaster.probeStatus.set('eastus', 503);
  disaster.sql = { ...disaster.sql, replicationState: 'SUSPENDED' };
  for (const [id, account] of disaster.storage) disaster.storage.set(id, { ...account, canFailOverPlanned: false });
  return world;
}

async function away(): Promise<FakeWorld> {
  const world = open();
  await world.apply('r-1', await world.plan(failoverRegion, 'r-1', failover));
  return world;
}

const cases: [string, () => FakeWorld | Promise<FakeWorld>, Playbook, object][] = [
  ['a failover', open, failoverRegion, failover],
  ['a forced failover', lost, failoverRegion, { ...failover, acceptLoss: true }],
  ['a failback', away, failbackRegion, { region: 'eastus' }],
  ['a drill with data', open, drillRegion, { region: 'eastus', to: 'westus', withData: true }],
];
/** A lease that was given back and is taken again is the undo's: what that put back gives it back. */
const configured = ({ snapshot }: FakeWorld) => {
  const { leases, ...rest } = snapshot() as { leases: Record<string, { until: string }> };
  return { ...rest, leases: Object.entries(leases).map(([subject, { until }]) => ({ subject, until })) };
};

describe.each(cases)('%s that Azure refuses at a step', (_, begin, playbook, input) => {
  async function stoppedAt(done: number) {
    const world = await begin();
    const before = configured(world);
    const plan = await world.plan(playbook, 'r-8', input as never);
    await world.apply('r-8', plan, done);
    return { world, before, plan };
  }

  it('ends as it was, whichever step it is, once it is taken back', async () => {
    const count = changes((await stoppedAt(0)).plan).length;
    expect(count).toBeGreaterThan(5);
    for (let done = 1; done <= count; done += 1) {
      const { world, before } = await stoppedAt(done);
      if (JSON.stringify(configured(world)) === JSON.stringify(before)) continue;
      await world.apply('r-9', await world.plan(undoRun, 'r-9', { run: 'r-8' }));
      expect({ done, left: configured(world) }).toEqual({ done, left: before });
    }
  });

  it('ends as it was when the undo is broken off too, at any step, and goes on', async () => {
    const { world: whole, plan } = await stoppedAt(Math.ceil(changes((await stoppedAt(0)).plan).length / 2));
    expect(plan.steps.length).toBeGreaterThan(0);
    const count = changes(await whole.plan(undoRun, 'r-9', { run: 'r-8' })).length;
    for (let undone = 0; undone <= count; undone += 1) {
      const { world, before } = await stoppedAt(Math.ceil(changes(plan).length / 2));
      const undo = await world.plan(undoRun, 'r-9', { run: 'r-8' });
      await world.apply('r-9', undo, undone);
      // Taken up by another replica, or tried again: the same plan, and only what is left of it.
      await world.apply('r-9', await world.plan(undoRun, 'r-9', { run: 'r-8' }));
      expect({ undone, left: configured(world) }).toEqual({ undone, left: before });
    }
  });
});

it('comes back again after a failback that was taken back', async () => {
  const before = open().snapshot();
  const world = await away();
  await world.apply('r-2', await world.plan(failbackRegion, 'r-2', { region: 'eastus' }));
  await world.apply('r-3', await world.plan(undoRun, 'r-3', { run: 'r-2' }));
  expect(world.held.get('eastus')?.runId).toBe('r-3');
  await world.apply('r-4', await world.plan(failbackRegion, 'r-4', { region: 'eastus' }));
  expect(world.snapshot()).toEqual(before);
});

describe('what an undo cannot bring back', () => {
  it.each([
    ['undo-run', undoRun, { run: 'r-8' }],
    ['failback-region', failbackRegion, { region: 'eastus' }],
  ] as [string, Playbook, object][])(
    'is said in the plan of %s, at each step that was forced',
    async (_, way, input) => {
      const world = lost();
      await world.apply('r-8', await world.plan(failoverRegion, 'r-8', { ...failover, acceptLoss: true }));
      const plan = await world.plan(way, 'r-9', input as never);
      const forced = changes(plan).filter(({ says }) => says.includes('forced over'));
      const accounts = world.azure.disaster.storage.size;
      expect(accounts).toBeGreaterThan(0);
      expect(forced.map(({ resource }) => resource.kind)).toEqual(
        expect.arrayContaining(['sql-failover-group', 'storage-account']),
      );
      expect(forced).toHaveLength(1 + accounts);
    },
  );

  it('is not said where nothing was lost', async () => {
    const world = await away();
    const plan = await world.plan(undoRun, 'r-9', { run: 'r-1' });
    expect(JSON.stringify(plan)).not.toContain('forced over');
  });
});
