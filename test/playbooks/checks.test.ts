import { backendPoolId } from '../../src/domain/estate.ts';
import { OpsError } from '../../src/errors.ts';
import { failoverRegion } from '../../src/playbooks/failover-region.ts';
import { playbooks } from '../../src/playbooks/index.ts';
import { isolateCell } from '../../src/playbooks/isolate-cell.ts';
import { recoverCell } from '../../src/playbooks/recover-cell.ts';
import type { Revision } from '../../src/ports/azure.ts';
import { fakeApp } from '../support/fake-azure.ts';
import { createFakeWorld, estateText, type FakeWorld } from '../support/playbook-world.ts';

const cellOf = (world: FakeWorld, name: string) => {
  const cell = world.estate.cells.find((it) => it.name === name);
  if (!cell) throw new Error(`no ${name}`);
  return cell;
};
const ask = (world: FakeWorld, check: string, cell = 'cell-banking') => {
  const known = world.checks[check];
  if (!known) throw new Error(`no check ${check}`);
  return known({ cell }, new AbortController().signal);
};
const hold = (world: FakeWorld, cell: string, runId = 'r-9') =>
  world.held.set(cell, { until: '2026-11-24T07:00:00.000Z', onExpiry: 'page', reason: 'a reason', runId });
const setRevision = (world: FakeWorld, cell: string, change: Partial<Revision>) => {
  const app = cellOf(world, cell).containerAppId;
  world.azure.revisions.set(
    app,
    (world.azure.revisions.get(app) ?? []).map((revision) => ({ ...revision, ...change })),
  );
};

describe('cell-is-not-protected', () => {
  it('says no to a protected cell, with the reason, and lets nobody override it', async () => {
    const world = createFakeWorld();
    const plan = await world.plan(isolateCell, 'r-1', { cell: 'healthcare', reason: 'a test of the guard' });
    expect((await world.ask(plan))['cell-is-not-protected']).toEqual({
      ok: false,
      says: 'cell-healthcare is protected: Patients depend on it.',
    });
    expect(plan.steps[0]).toMatchObject({ id: 'cell-is-not-protected', override: 'never' });
  });

  it('says no to a cell that serves the tenants of an isolated one', async () => {
    const world = createFakeWorld();
    hold(world, 'cell-banking');
    expect(await ask(world, 'cell-is-not-protected', 'cell-banking-dr')).toEqual({
      ok: false,
      says: 'cell-banking-dr serves the tenants of cell-banking at this moment.',
    });
  });

  it('says yes to any other', async () => {
    expect((await ask(createFakeWorld(), 'cell-is-not-protected')).ok).toBe(true);
  });
});

describe('region-keeps-a-healthy-cell', () => {
  it.each<[string, Partial<Revision>]>([
    ['stopped', { active: false }],
    ['unhealthy', { health: 'Unhealthy' }],
    ['not running', { running: 'Failed' }],
  ])('does not count cells that are %s', async (_, change) => {
    const world = createFakeWorld();
    setRevision(world, 'cell-retail', change);
    expect((await ask(world, 'region-keeps-a-healthy-cell')).says).toBe(
      'eastus keeps cell-healthcare; the policy asks for 1.',
    );
    setRevision(world, 'cell-healthcare', change);
    expect(await ask(world, 'region-keeps-a-healthy-cell')).toEqual({
      ok: false,
      says: 'eastus would be left with 0 healthy cells; the policy asks for 1.',
    });
  });

  it('does not count cells that are out of service, nor those of other regions', async () => {
    const world = createFakeWorld();
    hold(world, 'cell-retail');
    hold(world, 'cell-healthcare');
    expect((await ask(world, 'region-keeps-a-healthy-cell')).ok).toBe(false);
  });

  it('asks for as many as the policy does', async () => {
    expect(
      (await ask(createFakeWorld(estateText, { healthyCellsPerRegion: 2 }), 'region-keeps-a-healthy-cell')).ok,
    ).toBe(true);
    expect(
      (await ask(createFakeWorld(estateText, { healthyCellsPerRegion: 3 }), 'region-keeps-a-healthy-cell')).ok,
    ).toBe(false);
  });
});

describe('isolations-below-cap', () => {
  it('says no to a second cell, and names the first', async () => {
    const world = createFakeWorld();
    expect((await ask(world, 'isolations-below-cap')).ok).toBe(true);
    hold(world, 'cell-retail');
    expect(await ask(world, 'isolations-below-cap')).toEqual({
      ok: false,
      says: '2 of at most 1 cells would be out of service, with cell-retail.',
    });
  });

  it('does not count the cell itself, so that a run can be tried again', async () => {
    const world = createFakeWorld();
    hold(world, 'cell-banking');
    expect((await ask(world, 'isolations-below-cap')).ok).toBe(true);
  });
});

describe('pool-is-not-the-default', () => {
  it('says no when the pool also gets what no rule claims, however Azure spells it', async () => {
    const world = createFakeWorld();
    const { gatewayId } = cellOf(world, 'cell-banking');
    world.azure.defaultPools.set(gatewayId, ['cell-retail-backend']);
    expect((await ask(world, 'pool-is-not-the-default')).ok).toBe(true);
    world.azure.defaultPools.set(gatewayId, ['Cell-Banking-Backend']);
    expect((await ask(world, 'pool-is-not-the-default')).ok).toBe(false);
  });
});

describe('fallback-has-capacity', () => {
  const load = (world: FakeWorld, cell: string, requestsPerSecond: number | undefined) => {
    const id = cellOf(world, cell).containerAppId;
    if (requestsPerSecond === undefined) world.azure.loads.delete(id);
    else world.azure.loads.set(id, { requestsPerSecond, replicas: 2 });
  };

  // 10 replicas at most, 50 requests a second each, filled to 80 %: 400.
  it.each([
    [300, 100, true],
    [300, 100.5, false],
    [0, 400, true],
    [401, 0, false],
  ])('adds what moves (%i/s) to what is there (%d/s): %s', async (moving, there, ok) => {
    const world = createFakeWorld();
    load(world, 'cell-banking', moving);
    load(world, 'cell-banking-dr', there);
    expect(await ask(world, 'fallback-has-capacity')).toMatchObject({
      ok,
      says: expect.stringContaining('may have 400'),
    });
  });

  it('says no when nobody knows what would move', async () => {
    const world = createFakeWorld();
    load(world, 'cell-banking', undefined);
    expect(await ask(world, 'fallback-has-capacity')).toMatchObject({
      ok: false,
      says: expect.stringContaining('no figures'),
    });
  });

  it('takes a standby without figures as idle, and an active cell without figures as unknown', async () => {
    const idle = createFakeWorld();
    load(idle, 'cell-banking-dr', undefined);
    expect(await ask(idle, 'fallback-has-capacity')).toEqual({
      ok: true,
      says: 'cell-banking-dr would have 100 requests/s and may have 400, it is idle.',
    });
    const unknown = createFakeWorld(
      estateText.replace('cell-banking-dr, role: standby', 'cell-banking-dr, role: active'),
    );
    load(unknown, 'cell-banking-dr', undefined);
    expect((await ask(unknown, 'fallback-has-capacity')).ok).toBe(false);
  });

  it('says no to a fallback that is out of service or not healthy', async () => {
    const world = createFakeWorld();
    setRevision(world, 'cell-banking-dr', { health: 'Unhealthy' });
    expect((await ask(world, 'fallback-has-capacity')).ok).toBe(false);
    const other = createFakeWorld();
    hold(other, 'cell-banking-dr');
    expect(await ask(other, 'fallback-has-capacity')).toEqual({
      ok: false,
      says: 'cell-banking-dr is itself out of service (r-9).',
    });
  });

  it('throws what Azure throws: not known is not yes', async () => {
    const world = createFakeWorld();
    world.azure.failures.set('load', new OpsError('unavailable', 'Metrics are away.'));
    await expect(ask(world, 'fallback-has-capacity')).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('fallback-serves', () => {
  it('says no when a backend is down, or none is up', async () => {
    const world = createFakeWorld();
    world.azure.pools.set(backendPoolId(cellOf(world, 'cell-banking')), ['a.example', 'b.example']);
    expect((await ask(world, 'fallback-serves')).ok).toBe(true);
    world.azure.health.set('a.example', 'Down');
    expect(await ask(world, 'fallback-serves')).toEqual({ ok: false, says: 'The gateway finds a.example down.' });
    world.azure.health.set('a.example', 'Unknown').set('b.example', 'Unknown');
    expect((await ask(world, 'fallback-serves')).ok).toBe(false);
  });
});

describe('restored-cell-can-serve', () => {
  it('says no while the app is not in order, or has nothing to start', async () => {
    const world = createFakeWorld();
    const id = cellOf(world, 'cell-banking').containerAppId;
    expect((await ask(world, 'restored-cell-can-serve')).ok).toBe(true);
    world.azure.revisions.set(id, []);
    expect((await ask(world, 'restored-cell-can-serve')).ok).toBe(false);
    world.azure.apps.set(id, { ...fakeApp(id), provisioningState: 'Failed' });
    expect((await ask(world, 'restored-cell-can-serve')).says).toContain('Failed');
  });
});

describe('checks', () => {
  it('are there for every check step and everything watched', async () => {
    const world = createFakeWorld();
    await world.apply('r-0', await world.plan(isolateCell, 'r-0', { cell: 'retail', reason: 'something is wrong' }));
    const inputs: Record<string, object> = {
      'isolate-cell': { cell: 'cell-banking', reason: 'something is wrong' },
      'restore-cell': { cell: 'cell-retail' },
      'extend-lease': { cell: 'cell-retail', for: '1h' },
      'undo-run': { run: 'r-0' },
      'sync-alert-rules': {},
      'failover-region': { from: 'eastus', to: 'westus', reason: 'something is wrong' },
      'failback-region': { region: 'eastus' },
      'drill-region': { region: 'eastus', to: 'westus' },
      'scale-cell': { cell: 'cell-banking', by: 2 },
      'scale-sql': { cell: 'cell-banking', to: 'down' },
      'recover-cell': { cell: 'cell-banking', at: '2026-11-23T10:30Z', reason: 'something is wrong' },
      'swap-data': { cell: 'cell-banking', reason: 'something is wrong' },
      'release-recovery': { cell: 'cell-banking' },
    };
    for (const playbook of playbooks) {
      const theirs = /-region$|^swap-|^release-/.test(playbook.name) ? createFakeWorld() : world;
      if (playbook.name === 'failback-region')
        await theirs.apply('r-0', await theirs.plan(failoverRegion, 'r-0', inputs['failover-region'] as never));
      if (playbook.name === 'swap-data' || playbook.name === 'release-recovery')
        await theirs.apply('r-1', await theirs.plan(recoverCell, 'r-1', inputs['recover-cell'] as never));
      const plan = await theirs.plan(playbook, 'r-5', inputs[playbook.name] as never);
      expect(plan.playbook).toBe(playbook.name);
      const used = plan.steps.flatMap((step) =>
        step.kind === 'check' ? [step.check] : step.kind === 'wait' ? step.watch.map(({ check }) => check) : [],
      );
      expect(Object.keys(world.checks)).toEqual(expect.arrayContaining(used));
    }
  });

  it('throw for a cell that the estate file no longer has', async () => {
    await expect(ask(createFakeWorld(), 'isolations-below-cap', 'cell-gone')).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});
