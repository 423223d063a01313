import { changes } from '../../src/domain/plan.ts';
import { scaleCell } from '../../src/playbooks/scale-cell.ts';
import { undoRun } from '../../src/playbooks/undo-run.ts';
import { createFakeWorld, type FakeWorld } from '../support/playbook-world.ts';

const cell = 'cell-banking';

/** Cells that keep 4 of at most 8 replicas; cell-banking has 100 requests a second. */
function scaledWorld(): FakeWorld {
  const world = createFakeWorld();
  for (const [id, app] of world.azure.apps) world.azure.apps.set(id, { ...app, minReplicas: 4, maxReplicas: 8 });
  return world;
}
const appOf = (world: FakeWorld) => world.estate.cells.find(({ name }) => name === cell)?.containerAppId ?? '';
const now = (world: FakeWorld) => {
  const { minReplicas, maxReplicas } = world.azure.apps.get(appOf(world)) ?? { minReplicas: -1, maxReplicas: -1 };
  return [minReplicas, maxReplicas];
};
const refusals = async (world: FakeWorld, input: object) => {
  const plan = await world.plan(scaleCell, 'r-9', { cell, ...input });
  return Object.entries(await world.ask(plan)).flatMap(([id, { ok, says }]) => (ok ? [] : [`${id}: ${says}`]));
};

describe('scale-cell', () => {
  it.each([
    [{ to: 6 }, 'out', [6, 8]],
    [{ by: 2 }, 'out', [6, 8]],
    [{ to: 10 }, 'out', [10, 10]],
    [{ to: 6, most: 12 }, 'out', [6, 12]],
    [{ to: 4, most: 12 }, 'out', [4, 12]],
    [{ by: -1 }, 'in', [3, 8]],
    [{ to: 3, most: 5 }, 'in', [3, 5]],
  ])('%j scales %s, and lowers the most only when it is told to', async (input, scale, after) => {
    const world = scaledWorld();
    const plan = await world.plan(scaleCell, 'r-1', { cell, ...input });
    expect(plan).toMatchObject({ scale, target: { cell, region: 'eastus' } });
    await world.apply('r-1', plan);
    expect(now(world)).toEqual(after);
  });

  it('says what it costs and what it carries', async () => {
    const plan = await scaledWorld().plan(scaleCell, 'r-1', { cell, to: 6 });
    expect(plan.steps.at(-1)?.says).toBe(
      'Keep 6 to 8 replicas of cell-banking, not 4 to 8: always room for 300 requests/s, not 200; 2 replicas more paid for all the time',
    );
  });

  it('remembers what a person set as the floor, and not what a proposal did', async () => {
    const world = scaledWorld();
    await world.apply('r-1', await world.plan(scaleCell, 'r-1', { cell, to: 6 }));
    expect(world.floorOf.get(cell)).toBe(6);
    await world.apply('r-2', await world.plan(scaleCell, 'r-2', { cell, to: 7, proposal: 'sc-1' }));
    expect(world.floorOf.get(cell)).toBe(6);
    expect(now(world)).toEqual([7, 8]);
  });

  it('never lets a proposal go below the floor, and lets a person move it', async () => {
    const world = scaledWorld();
    await world.apply('r-1', await world.plan(scaleCell, 'r-1', { cell, to: 6 }));
    expect(await refusals(world, { to: 5, proposal: 'sc-1' })).toEqual([
      'above-floor: A person wants at least 6 replicas of cell-banking.',
    ]);
    expect(await refusals(world, { to: 5 })).toEqual([]);
    await world.apply('r-2', await world.plan(scaleCell, 'r-2', { cell, to: 5 }));
    expect(world.floorOf.get(cell)).toBe(5);
  });

  it('sets a floor where the replicas are as wanted already, and refuses what changes nothing', async () => {
    const world = scaledWorld();
    const plan = await world.plan(scaleCell, 'r-1', { cell, to: 4 });
    expect(changes(plan).map(({ id }) => id)).toEqual(['set-floor']);
    expect(plan.scale).toBeUndefined();
    await world.apply('r-1', plan);
    await expect(world.plan(scaleCell, 'r-2', { cell, to: 4 })).rejects.toThrow('keeps 4 to 8 replicas already');
  });

  it('is undone exactly, the floor too, and that is the other direction', async () => {
    const world = scaledWorld();
    const before = world.snapshot();
    await world.apply('r-1', await world.plan(scaleCell, 'r-1', { cell, to: 6 }));
    const undo = await world.plan(undoRun, 'r-2', { run: 'r-1' });
    expect(undo.scale).toBe('in');
    await world.apply('r-2', undo);
    expect(world.snapshot()).toEqual(before);
  });

  it.each([0, 1, 2])('plans the same after %i of its own changes', async (done) => {
    const world = scaledWorld();
    const plan = await world.plan(scaleCell, 'r-1', { cell, by: 2 });
    await world.apply('r-1', plan, done);
    expect(await world.plan(scaleCell, 'r-1', { cell, by: 2 })).toEqual(plan);
  });

  it.each([
    [{ to: 0 }, 'keeps at least one replica'],
    [{ by: -4 }, 'keeps at least one replica'],
    [{}, 'either to how many replicas, or by how many'],
    [{ to: 6, by: 2 }, 'either to how many replicas, or by how many'],
    [{ to: 6, most: 5 }, 'At most 5 is less than at least 6'],
  ])('refuses %j', async (input, says) => {
    await expect(scaledWorld().plan(scaleCell, 'r-1', { cell, ...input })).rejects.toThrow(says);
  });

  describe('its guards', () => {
    it('let a healthy cell pass', async () => {
      expect(await refusals(scaledWorld(), { to: 6 })).toEqual([]);
    });

    it('stop at an isolated cell, and at one that is broken', async () => {
      const world = scaledWorld();
      world.held.set(cell, { until: '2026-11-24T07:00:00Z', onExpiry: 'page', reason: 'x', runId: 'r-0' });
      expect(await refusals(world, { to: 6 })).toEqual([expect.stringContaining('is out of service (r-0)')]);
      world.held.clear();
      world.azure.revisions.set(appOf(world), []);
      expect(await refusals(world, { to: 6 })).toEqual([expect.stringContaining('running and healthy')]);
    });

    it('stop where the traffic is pinned', async () => {
      const world = scaledWorld();
      world.azure.apps.set(appOf(world), {
        ...(world.azure.apps.get(appOf(world)) as never as object),
        followsLatest: false,
      } as never);
      expect(await refusals(world, { to: 6 })).toEqual([expect.stringContaining('pinned to revisions')]);
    });

    it('keep to the policy, of a cell and of its region', async () => {
      const world = scaledWorld();
      expect(await refusals(world, { to: 21 })).toEqual([expect.stringContaining('allows a cell 20 replicas')]);
      expect(await refusals(world, { to: 4, most: 21 })).toEqual([expect.stringContaining('allows a cell 20')]);
      const retail = world.estate.cells.find(({ name }) => name === 'cell-retail')?.containerAppId ?? '';
      world.azure.apps.set(retail, { ...(world.azure.apps.get(retail) as never as object), minReplicas: 51 } as never);
      expect(await refusals(world, { to: 6 })).toEqual([
        'replicas-within-policy: eastus would keep 61 replicas; the policy allows 60.',
      ]);
    });

    it('do not take no figures for no load', async () => {
      const world = scaledWorld();
      expect(await refusals(world, { to: 2 })).toEqual([
        expect.stringContaining('100 requests/s, and 2 replicas may have 80'),
      ]);
      expect(await refusals(world, { to: 3 })).toEqual([]);
      world.azure.loads.delete(appOf(world));
      expect(await refusals(world, { to: 3 })).toEqual([expect.stringContaining('no figures of the load')]);
    });
  });
});
