import { changes } from '../../src/domain/plan.ts';
import { scaleSql } from '../../src/playbooks/scale-sql.ts';
import { undoRun } from '../../src/playbooks/undo-run.ts';
import { tierNamed } from '../support/fakes/fake-sql-tiers.ts';
import { createFakeWorld, type FakeWorld } from '../support/playbook-world.ts';

const cell = 'cell-banking';
const idOf = ({ estate }: FakeWorld) => estate.cells.find(({ name }) => name === cell)?.sqlDatabaseId ?? '';
const now = (world: FakeWorld) => world.azure.sqlTiers.databases.get(idOf(world))?.tier.objective;
const change = (world: FakeWorld, to: Parameters<FakeWorld['azure']['sqlTiers']['change']>[1]) =>
  world.azure.sqlTiers.change(idOf(world), to);
const refusals = async (world: FakeWorld, input: object) => {
  const plan = await world.plan(scaleSql, 'r-9', { cell, ...input });
  return Object.entries(await world.ask(plan)).flatMap(([id, { ok, says }]) => (ok ? [] : [`${id}: ${says}`]));
};
/** S3, with little to do. */
function quietWorld(): FakeWorld {
  const world = createFakeWorld();
  world.azure.sqlTiers.loads.set(idOf(world), 20);
  return world;
}

describe('scale-sql', () => {
  it.each([
    ['up', 'up', 'S4'],
    ['down', 'down', 'S2'],
    ['S6', 'up', 'S6'],
    ['s0', 'down', 'S0'],
  ])('to %s is a step %s', async (to, scale, objective) => {
    const world = quietWorld();
    const plan = await world.plan(scaleSql, 'r-1', { cell, to });
    expect(plan).toMatchObject({ scale, target: { cell, region: 'eastus' }, onFailure: 'ask' });
    await world.apply('r-1', plan);
    expect(now(world)).toBe(objective);
  });

  it('says what becomes of it, what it costs, and that connections are dropped', async () => {
    const plan = await quietWorld().plan(scaleSql, 'r-1', { cell, to: 'up' });
    expect(plan.title).toBe('Scale SQL of cell-banking up to S4');
    expect(plan.steps.at(-1)?.says).toBe(
      'Give sql-cell-banking on sql-stamps-eastus S4 (200 DTUs), not S3 (100 DTUs): it stays online, and at the end its connections are dropped once, for up to 30 s; 100 DTUs more paid for',
    );
  });

  it('is undone exactly, the floor too, and that is the other direction', async () => {
    const world = quietWorld();
    const before = world.snapshot();
    await world.apply('r-1', await world.plan(scaleSql, 'r-1', { cell, to: 'up' }));
    expect(world.sqlFloorOf.get(cell)).toEqual(tierNamed('S4'));
    const undo = await world.plan(undoRun, 'r-2', { run: 'r-1' });
    expect(undo.scale).toBe('down');
    await world.apply('r-2', undo);
    expect(world.snapshot()).toEqual(before);
  });

  it.each([0, 1, 2, 3])('plans the same after %i of its own changes', async (done) => {
    const world = quietWorld();
    world.azure.sqlTiers.replicate(idOf(world), 'westus');
    const plan = await world.plan(scaleSql, 'r-1', { cell, to: 'up' });
    await world.apply('r-1', plan, done);
    expect(await world.plan(scaleSql, 'r-1', { cell, to: 'up' })).toEqual(plan);
  });

  it('scales the geo-secondary first when it grows and last when it shrinks, and so when it is taken back', async () => {
    const world = quietWorld();
    const { written, replicate } = world.azure.sqlTiers;
    replicate(idOf(world), 'westus');
    const plan = await world.plan(scaleSql, 'r-1', { cell, to: 'up' });
    expect(plan.locks).toHaveLength(2);
    await world.apply('r-1', plan);
    expect(written.splice(0)).toEqual(['sql-geo-westus S4', 'sql-stamps-eastus S4']);
    await world.apply('r-2', await world.plan(undoRun, 'r-2', { run: 'r-1' }));
    expect(written.splice(0)).toEqual(['sql-stamps-eastus S3', 'sql-geo-westus S3']);
    await world.apply('r-3', await world.plan(scaleSql, 'r-3', { cell, to: 'down' }));
    expect(written).toEqual(['sql-stamps-eastus S2', 'sql-geo-westus S2']);
  });

  it('refuses two that are not alike, and a secondary by itself', async () => {
    const world = quietWorld();
    const secondary = world.azure.sqlTiers.replicate(idOf(world), 'westus');
    world.azure.sqlTiers.change(secondary, { tier: tierNamed('S2') });
    await expect(world.plan(scaleSql, 'r-1', { cell, to: 'up' })).rejects.toThrow(
      'sql-cell-banking has S3 (100 DTUs), and its secondary on sql-geo-westus S2 (50 DTUs)',
    );
    world.azure.sqlTiers.links.set(idOf(world), [{ id: secondary, ownRole: 'Secondary' }]);
    await expect(world.plan(scaleSql, 'r-1', { cell, to: 'up' })).rejects.toThrow('It is a secondary of');
  });

  it('remembers what a person set as the floor, and not what a proposal did', async () => {
    const world = quietWorld();
    const proposal = { proposal: 'sc-1', from: 'S3' };
    await world.apply('r-1', await world.plan(scaleSql, 'r-1', { cell, to: 'S4', ...proposal }));
    expect(world.sqlFloorOf.size).toBe(0);
    await world.apply('r-2', await world.plan(scaleSql, 'r-2', { cell, to: 'S4' }));
    expect(world.sqlFloorOf.get(cell)?.objective).toBe('S4');
    await expect(world.plan(scaleSql, 'r-3', { cell, to: 'S4' })).rejects.toThrow('has S4 (200 DTUs) already');
  });

  it.each([
    [{ to: 'S4', proposal: 'sc-1', from: 'S2' }, 'has S3 by now, not S2'],
    [{ to: 'P1' }, 'sells no P1 for a database that has S3 (100 DTUs)'],
    [{ to: 'S3', proposal: 'sc-1' }, 'has S3 (100 DTUs) already'],
  ])('refuses %j', async (input, says) => {
    await expect(quietWorld().plan(scaleSql, 'r-1', { cell, ...input })).rejects.toThrow(says);
  });

  it('refuses what shares a pool, and a smaller one that does not take what it may grow to', async () => {
    const world = quietWorld();
    change(world, { mostBytes: 500 * 1024 ** 3 });
    await expect(world.plan(scaleSql, 'r-1', { cell, to: 'S2' })).rejects.toThrow('may grow to 500 GB');
    await expect(world.plan(scaleSql, 'r-1', { cell, to: 'down' })).rejects.toThrow('may grow to 500 GB');
    change(world, { poolId: '/x/elasticPools/pool-a' });
    await expect(world.plan(scaleSql, 'r-1', { cell, to: 'up' })).rejects.toThrow('the elastic pool pool-a');
  });

  describe('its guards', () => {
    it('let a healthy database pass, either way', async () => {
      expect(await refusals(quietWorld(), { to: 'up' })).toEqual([]);
      expect(await refusals(quietWorld(), { to: 'down' })).toEqual([]);
    });

    it('stop at one that is not online, and at one that its app does not work on', async () => {
      const world = quietWorld();
      change(world, { status: 'Paused' });
      expect(await refusals(world, { to: 'up' })).toEqual([
        'database-can-be-scaled: sql-cell-banking is Paused, not Online.',
      ]);
      change(world, { status: 'Online' });
      for (const { name } of [...world.azure.revisions.values()].flat())
        world.azure.recovery.pointers.set(name, { database: 'sql-cell-banking-r1' });
      expect(await refusals(world, { to: 'up' })).toEqual([
        expect.stringContaining('works on sql-cell-banking-r1, not on sql-cell-banking'),
      ]);
    });

    it('do not take no figures for no load, and keep room', async () => {
      const world = quietWorld();
      world.azure.sqlTiers.loads.set(idOf(world), 31);
      expect(await refusals(world, { to: 'down' })).toEqual([expect.stringContaining('would be at 62 %')]);
      world.azure.sqlTiers.loads.clear();
      expect(await refusals(world, { to: 'down' })).toEqual([expect.stringContaining('no figures of its load')]);
      expect(await refusals(world, { to: 'up' })).toEqual([]);
    });

    it('never let a proposal go below the floor, and let a person move it', async () => {
      const world = quietWorld();
      world.sqlFloorOf.set(cell, tierNamed('S3'));
      expect(await refusals(world, { to: 'S2', proposal: 'sc-1' })).toEqual([
        'above-sql-floor: A person wants at least S3 (100 DTUs).',
      ]);
      expect(await refusals(world, { to: 'S2' })).toEqual([]);
      world.sqlFloorOf.set(cell, tierNamed('GP_Gen5_2'));
      expect(await refusals(world, { to: 'S2', proposal: 'sc-1' })).toEqual([
        expect.stringContaining('of another tier: release that floor first'),
      ]);
    });

    it('stop where the location sells it no longer', async () => {
      const world = quietWorld();
      const plan = await world.plan(scaleSql, 'r-1', { cell, to: 'up' });
      const { offers } = world.azure.sqlTiers;
      offers.splice(
        offers.findIndex(({ objective }) => objective === 'S4'),
        1,
      );
      expect((await world.ask(plan))['database-can-be-scaled']).toMatchObject({
        ok: false,
        says: 'eastus does not sell S4 to this subscription now.',
      });
    });
  });

  it('changes nothing but the floor where the database is so already', async () => {
    const plan = await quietWorld().plan(scaleSql, 'r-1', { cell, to: 'S3' });
    expect(changes(plan).map(({ id }) => id)).toEqual(['set-sql-floor']);
    expect(plan.scale).toBeUndefined();
  });
});
