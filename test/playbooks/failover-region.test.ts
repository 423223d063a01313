import { changes, type Plan } from '../../src/domain/plan.ts';
import { OpsError } from '../../src/errors.ts';
import { extendLease } from '../../src/playbooks/extend-lease.ts';
import { failbackRegion } from '../../src/playbooks/failback-region.ts';
import { failoverRegion } from '../../src/playbooks/failover-region.ts';
import { undoRun } from '../../src/playbooks/undo-run.ts';
import { createFakeWorld, type FakeWorld, pairedEstate } from '../support/playbook-world.ts';

const planned = { from: 'eastus', to: 'westus', reason: 'the power is out in two zones' };
const open = () => createFakeWorld(pairedEstate);
const stepIds = (plan: { steps: readonly { id: string }[] }) => plan.steps.map(({ id }) => id);
const lose = (world: FakeWorld) => {
  const { disaster } = world.azure;
  const endpoint = disaster.endpoints.get('eastus');
  if (endpoint) disaster.endpoints.set('eastus', { ...endpoint, monitorStatus: 'Degraded' });
  disaster.probeStatus.set('eastus', 503);
  disaster.sql = { ...disaster.sql, replicationState: 'SUSPENDED' };
};

describe('failover-region', () => {
  it('brings capacity first, then data, then clients', async () => {
    const plan = await open().plan(failoverRegion, 'r-1', planned);
    expect(stepIds(plan)).toEqual([
      'target-answers',
      'target-has-every-cell',
      'target-has-capacity',
      'target-cells-serve',
      'target-gateway-sees-backends',
      'target-has-quota',
      'target-has-certificates',
      'target-has-no-incident',
      'target-scale-takes-effect',
      'sql-can-follow',
      'cosmos-can-follow',
      'storage-can-follow',
      'hold-lease',
      'scale-cell-banking-dr',
      'scale-cell-spare-dr',
      'scale-cell-health-dr',
      'fail-over-sql',
      'move-cosmos-writes',
      'disable-source-endpoint',
      'disable-source-origin',
      'let-dns-expire',
      'report',
    ]);
    expect(plan.impact.cellsOut).toBe(3);
    expect(plan.target).toEqual({ region: 'eastus' });
  });

  it('scales for both loads together, never below what the cell itself keeps', async () => {
    const plan = await open().plan(failoverRegion, 'r-1', planned);
    // 100 requests a second on each side, 40 a replica at 80 %.
    expect(changes(plan).find(({ id }) => id === 'scale-cell-banking-dr')?.after).toEqual({
      minReplicas: 5,
      maxReplicas: 10,
    });
  });

  it('holds when all is well', async () => {
    const world = open();
    const answers = await world.ask(await world.plan(failoverRegion, 'r-1', planned));
    expect(Object.values(answers).filter(({ ok }) => !ok)).toEqual([]);
  });

  it('moves to a region whose endpoint always serves, which Traffic Manager does not watch', async () => {
    const world = open();
    const { endpoints } = world.azure.disaster;
    const target = endpoints.get('westus') as NonNullable<ReturnType<typeof endpoints.get>>;
    endpoints.set('westus', { ...target, monitorStatus: 'Unmonitored' });
    const plan = await world.plan(failoverRegion, 'r-1', planned);
    expect((await world.ask(plan))['target-answers']).toMatchObject({ ok: true });
    world.azure.disaster.probeStatus.set('westus', 503);
    expect((await world.ask(plan))['target-answers']).toMatchObject({ ok: false });
  });

  it('wants a reason for a region that looks healthy, and none for one that is down', async () => {
    const world = open();
    const { reason: _, ...bare } = planned;
    await expect(world.plan(failoverRegion, 'r-1', bare)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('looks healthy'),
    });
    lose(world);
    expect((await world.plan(failoverRegion, 'r-1', { ...bare, acceptLoss: true })).reason).toContain(
      'finds the region down',
    );
  });

  it.each([
    ['CheckingEndpoint', { monitorStatus: 'CheckingEndpoint' }, 'does not find eastus down: it says CheckingEndpoint'],
    ['Unmonitored', { monitorStatus: 'Unmonitored' }, 'does not find eastus down: it says Unmonitored'],
    ['switched off by somebody', { enabled: false, monitorStatus: 'Disabled' }, 'endpoint of eastus is switched off'],
  ])('wants a reason for a region that is %s: nobody has seen it down', async (_, change, says) => {
    const world = open();
    const { endpoints } = world.azure.disaster;
    endpoints.set('eastus', {
      ...(endpoints.get('eastus') as NonNullable<ReturnType<typeof endpoints.get>>),
      ...change,
    });
    const { reason: _reason, ...bare } = planned;
    await expect(world.plan(failoverRegion, 'r-1', bare)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining(says),
      hint: expect.stringContaining('because …'),
    });
    expect((await world.plan(failoverRegion, 'r-1', planned)).reason).toBe(planned.reason);
  });

  it('needs no reason anew once it has switched the endpoint off itself', async () => {
    const world = open();
    lose(world);
    const { reason: _, ...bare } = planned;
    const input = { ...bare, acceptLoss: true };
    const plan = await world.plan(failoverRegion, 'r-1', input);
    await world.apply('r-1', plan);
    expect(world.azure.disaster.endpoints.get('eastus')?.enabled).toBe(false);
    expect((await world.plan(failoverRegion, 'r-1', input)).reason).toBe(plan.reason);
  });

  it('refuses to lose data unless that is accepted, and then says so in the plan', async () => {
    const world = open();
    lose(world);
    await expect(world.plan(failoverRegion, 'r-1', planned)).rejects.toMatchObject({
      code: 'refused',
      hint: expect.stringContaining('accepting loss'),
    });
    const plan = await world.plan(failoverRegion, 'r-1', { ...planned, acceptLoss: true });
    const step = changes(plan).find(({ id }) => id === 'fail-over-sql');
    expect(step).toMatchObject({
      after: { primary: 'sql-stamps-westus', dataLossAllowed: true },
      says: expect.stringContaining('is lost'),
    });
    // Nobody can move it by hand while its region is lost: Azure does.
    expect(stepIds(plan)).not.toContain('move-cosmos-writes');
    expect((await world.ask(plan))['cosmos-can-follow']).toMatchObject({
      ok: true,
      says: expect.stringContaining('by itself'),
    });
  });

  const seen = ({ azure: { disaster } }: FakeWorld, monitorStatus: string, probe: number) => {
    disaster.endpoints.set('eastus', {
      ...(disaster.endpoints.get('eastus') as never as object),
      monitorStatus,
    } as never);
    disaster.probeStatus.set('eastus', probe);
  };
  it.each([
    ['Online', 200, true, true, /^Cosmos moves its writes to westus, without loss/],
    ['Degraded', 200, true, true, /^No step moves the writes .* Azure moves them by itself/],
    ['Degraded', 503, true, true, /^No step moves the writes .* Azure moves them by itself/],
    ['Online', 503, true, true, /^A step moves the writes .* does not answer its probe.* Azure moves them by itself/],
    ['Degraded', 200, false, false, /^No step moves the writes .* nobody can move them/],
    ['Online', 503, false, false, /^A step moves the writes .* nobody can move them/],
  ])('says of Cosmos what the plan does: %s, probe %i, automatic failover %s', async (...row) => {
    const [monitorStatus, probe, automaticFailover, ok, says] = row;
    const world = open();
    seen(world, monitorStatus, probe);
    world.azure.disaster.cosmos = { ...world.azure.disaster.cosmos, automaticFailover };
    const plan = await world.plan(failoverRegion, 'r-1', planned);
    expect(stepIds(plan).includes('move-cosmos-writes')).toBe(monitorStatus === 'Online');
    const asPlanned = (await world.ask(plan))['cosmos-can-follow'];
    expect(asPlanned).toMatchObject({ ok, says: expect.stringMatching(says) });
    // What Traffic Manager finds a moment later changes nothing of what was planned.
    seen(world, monitorStatus === 'Online' ? 'Degraded' : 'Online', probe);
    expect((await world.ask(plan))['cosmos-can-follow']).toEqual(asPlanned);
  });

  it('never forces SQL that replicates, whatever was accepted', async () => {
    const plan = await open().plan(failoverRegion, 'r-1', { ...planned, acceptLoss: true });
    expect(changes(plan).find(({ id }) => id === 'fail-over-sql')?.after).toEqual({ primary: 'sql-stamps-westus' });
  });

  it('forces SQL out of a region that looks lost when the loss was accepted, though it says that it replicates', async () => {
    const world = open();
    lose(world);
    world.azure.disaster.sql = { ...world.azure.disaster.sql, replicationState: 'CATCH_UP' };
    const plan = await world.plan(failoverRegion, 'r-1', { ...planned, acceptLoss: true });
    expect(changes(plan).find(({ id }) => id === 'fail-over-sql')).toMatchObject({
      after: { primary: 'sql-stamps-westus', dataLossAllowed: true },
      says: expect.stringContaining('is lost'),
    });
    expect((await world.ask(plan))['sql-can-follow']).toMatchObject({
      ok: true,
      warns: true,
      says: expect.stringMatching(/does not find eastus up: it is forced over to westus/),
    });
    await world.apply('r-1', plan);
    expect(await world.plan(failoverRegion, 'r-1', { ...planned, acceptLoss: true })).toEqual(plan);
  });

  it.each([
    ['the loss was not accepted', 'Degraded', true, false],
    ['its region is seen to be up', 'Online', true, true],
    ['nobody looks at its region, which is switched off', 'Stopped', false, true],
  ])('lets SQL wait where %s', async (_, monitorStatus, enabled, acceptLoss) => {
    const world = open();
    const { endpoints } = world.azure.disaster;
    endpoints.set('eastus', { ...(endpoints.get('eastus') as never as object), monitorStatus, enabled } as never);
    const plan = await world.plan(failoverRegion, 'r-1', { ...planned, acceptLoss });
    expect(changes(plan).find(({ id }) => id === 'fail-over-sql')?.after).toEqual({ primary: 'sql-stamps-westus' });
    expect((await world.ask(plan))['sql-can-follow']).toEqual({
      ok: true,
      says: expect.stringContaining('without loss'),
    });
  });

  it.each([
    [
      'the target does not answer',
      'target-answers',
      (world: FakeWorld) => void world.azure.disaster.probeStatus.set('westus', 503),
    ],
    [
      'Traffic Manager is switched off as a whole',
      'target-answers',
      ({ azure: { disaster } }: FakeWorld) => {
        disaster.profile = { ...disaster.profile, monitorStatus: 'Disabled' };
      },
    ],
    [
      'the load is too much',
      'target-has-capacity',
      (world: FakeWorld) => {
        for (const id of world.azure.loads.keys()) world.azure.loads.set(id, { requestsPerSecond: 300, replicas: 2 });
      },
    ],
    ['nobody knows the load', 'target-has-capacity', (world: FakeWorld) => world.azure.loads.clear()],
    [
      'a standby does not run',
      'target-cells-serve',
      (world: FakeWorld) => {
        for (const [id, list] of world.azure.revisions)
          if (id.includes('-dr'))
            world.azure.revisions.set(
              id,
              list.map((it) => ({ ...it, health: 'Unhealthy' })),
            );
      },
    ],
    [
      'a standby is isolated',
      'target-cells-serve',
      (world: FakeWorld) =>
        void world.held.set('cell-banking-dr', {
          until: '2027-01-01T00:00:00Z',
          onExpiry: 'page',
          reason: 'x',
          runId: 'r-0',
        }),
    ],
    [
      'its gateway finds it down',
      'target-gateway-sees-backends',
      (world: FakeWorld) => void world.azure.health.set('app-cell-banking-dr.example.net', 'Down'),
    ],
    [
      'a scale would not reach its traffic',
      'target-scale-takes-effect',
      (world: FakeWorld) => {
        for (const [id, app] of world.azure.apps) world.azure.apps.set(id, { ...app, followsLatest: false });
      },
    ],
    [
      'Cosmos has no copy there',
      'cosmos-can-follow',
      (world: FakeWorld) => {
        world.azure.disaster.cosmos = { ...world.azure.disaster.cosmos, regions: ['eastus', 'northeurope'] };
      },
    ],
  ])('is stopped by its guard when %s', async (_, guard, breakIt) => {
    const world = open();
    breakIt(world);
    const plan = await world.plan(failoverRegion, 'r-1', planned);
    expect((await world.ask(plan))[guard]?.ok).toBe(false);
  });

  it('says which cells have nobody there', async () => {
    const world = createFakeWorld();
    const answers = await world.ask(await world.plan(failoverRegion, 'r-1', planned));
    expect(answers['target-has-every-cell']).toMatchObject({ ok: false, says: expect.stringContaining('cell-retail') });
  });

  it.each([
    [{ ...planned, to: 'eastus' }, 'bad-input'],
    [{ ...planned, to: 'mars' }, 'not-found'],
  ])('refuses %j', async (input, code) => {
    await expect(open().plan(failoverRegion, 'r-1', input)).rejects.toMatchObject({ code });
  });

  it('fails when what it has to read cannot be read', async () => {
    for (const call of ['traffic.profile', 'load', 'sql.group', 'cosmosAccounts.account', 'frontDoor.origins']) {
      const world = open();
      world.azure.failures.set(call, new OpsError('unavailable', 'Azure is away.'));
      await expect(world.plan(failoverRegion, 'r-1', planned)).rejects.toMatchObject({ code: 'unavailable' });
    }
  });

  describe('out of a region whose own services are away', () => {
    const away = (code: 'unavailable' | 'timeout' | 'not-allowed', ...what: ('metrics' | 'apps')[]) => {
      const world = open();
      const [from] = world.estate.regions;
      const error = new OpsError(code, 'eastus is away.');
      if (what.includes('metrics')) world.azure.failures.set(`load ${from?.metricsUrl}`, error);
      for (const { containerAppId, region } of world.estate.cells)
        if (what.includes('apps') && region === 'eastus')
          world.azure.failures.set(`containerApps.app ${containerAppId}`, error);
      return world;
    };

    it.each(['unavailable', 'timeout'] as const)('is planned without its figures: %s', async (code) => {
      const world = away(code, 'metrics');
      const plan = await world.plan(failoverRegion, 'r-1', planned);
      // No figures is not zero, though the standby has some: who goes past that does so by break-glass.
      expect((await world.ask(plan))['target-has-capacity']).toEqual({
        ok: false,
        says: expect.stringContaining('no figures of the load that cell-banking-dr'),
      });
      expect(plan.steps.find(({ id }) => id === 'target-has-capacity')).toMatchObject({ override: 'break-glass' });
      await world.apply('r-1', plan);
      expect(await world.plan(failoverRegion, 'r-1', planned)).toEqual(plan);
    });

    it('is planned for the load alone where nobody knows what its cells keep', async () => {
      const world = away('unavailable', 'apps');
      const kept = open();
      for (const { azure } of [world, kept])
        for (const [id, app] of azure.apps) azure.apps.set(id, { ...app, minReplicas: id.includes('-dr') ? 1 : 9 });
      const scaled = async (where: FakeWorld) =>
        changes(await where.plan(failoverRegion, 'r-1', planned)).find(({ id }) => id === 'scale-cell-banking-dr');
      expect((await scaled(kept))?.after).toMatchObject({ minReplicas: 9 });
      expect((await scaled(world))?.after).toMatchObject({ minReplicas: 5 });
      const answers = await world.ask(await world.plan(failoverRegion, 'r-1', planned));
      expect(answers['target-has-quota']).toMatchObject({
        ok: true,
        says: expect.stringMatching(/ at least \d+ more/),
      });
    });

    it('is planned though nothing of it can be read', async () => {
      const plan = await away('timeout', 'metrics', 'apps').plan(failoverRegion, 'r-1', planned);
      expect(stepIds(plan)).toContain('disable-source-endpoint');
      expect(stepIds(plan).some((id) => id.startsWith('scale-'))).toBe(false);
    });

    it('fails where it answers, and the answer is no', async () => {
      for (const what of ['metrics', 'apps'] as const)
        await expect(away('not-allowed', what).plan(failoverRegion, 'r-1', planned)).rejects.toMatchObject({
          code: 'not-allowed',
        });
    });

    it('fails where the other region cannot be read', async () => {
      const world = open();
      world.azure.failures.set(`load ${world.estate.regions[1]?.metricsUrl}`, new OpsError('unavailable', 'Away.'));
      await expect(world.plan(failoverRegion, 'r-1', planned)).rejects.toMatchObject({ code: 'unavailable' });
    });
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8])('plans the same after %i of its own changes', async (done) => {
    const world = open();
    const plan = await world.plan(failoverRegion, 'r-1', planned);
    await world.apply('r-1', plan, done);
    expect(await world.plan(failoverRegion, 'r-1', planned)).toEqual(plan);
  });

  it('plans the same after it led clients away itself, though nobody can see the source any more', async () => {
    const world = open();
    lose(world);
    const input = { ...planned, acceptLoss: true };
    const plan = await world.plan(failoverRegion, 'r-1', input);
    expect(stepIds(plan)).not.toContain('move-cosmos-writes');
    await world.apply('r-1', plan);
    for (const id of world.azure.loads.keys()) world.azure.loads.set(id, { requestsPerSecond: 260, replicas: 9 });
    expect(await world.plan(failoverRegion, 'r-1', input)).toEqual(plan);
  });

  it('counts once the load that came back minutes ago, so that a second failover is not refused for it', async () => {
    const world = open();
    const [here = '', there = ''] = ['cell-banking', 'cell-banking-dr'].map(
      (named) => world.estate.cells.find(({ name }) => name === named)?.containerAppId,
    );
    // 300 requests a second all the time; ten replicas may have 400. Nothing is measured where nobody calls.
    const of = (...minutes: number[]) => new Map(minutes.map((minute) => [minute * 60_000, 300]));
    world.azure.loads.set(here, { requestsPerSecond: 300, replicas: 6, byMinute: of(3, 4) });
    world.azure.loads.set(there, { requestsPerSecond: 300, replicas: 8, byMinute: of(0, 1, 2) });
    const plan = await world.plan(failoverRegion, 'r-1', planned);
    expect((await world.ask(plan))['target-has-capacity']).toEqual({
      ok: true,
      says: expect.stringContaining('cell-banking-dr 300 of 400 requests/s'),
    });
    expect(changes(plan).find(({ id }) => id === 'scale-cell-banking-dr')?.after).toMatchObject({ minReplicas: 8 });
  });

  it('stops at what somebody changed meanwhile', async () => {
    const world = open();
    const plan = await world.plan(failoverRegion, 'r-1', planned);
    const { endpoints } = world.azure.disaster;
    const endpoint = endpoints.get('eastus');
    if (endpoint) endpoints.set('eastus', { ...endpoint, weight: 9 });
    await expect(world.apply('r-1', plan)).rejects.toMatchObject({ code: 'drift' });
  });
});

describe('failback-region', () => {
  it('brings data before clients, and lets the other region go last', async () => {
    const world = open();
    await world.apply('r-1', await world.plan(failoverRegion, 'r-1', planned));
    const plan = await world.plan(failbackRegion, 'r-2', { region: 'eastus' });
    expect(stepIds(plan)).toEqual([
      'region-can-serve-again',
      'data-has-caught-up',
      'undo-move-cosmos-writes',
      'undo-fail-over-sql',
      'undo-disable-source-origin',
      'undo-disable-source-endpoint',
      'let-dns-expire',
      'undo-scale-cell-health-dr',
      'undo-scale-cell-spare-dr',
      'undo-scale-cell-banking-dr',
      'undo-hold-lease',
    ]);
  });

  it.each(['failback', 'undo'])('puts back exactly what was there, by %s', async (way) => {
    const world = open();
    const before = world.snapshot();
    await world.apply('r-1', await world.plan(failoverRegion, 'r-1', planned));
    expect(world.snapshot()).not.toEqual(before);
    const back =
      way === 'undo'
        ? await world.plan(undoRun, 'r-2', { run: 'r-1' })
        : await world.plan(failbackRegion, 'r-2', { region: 'eastus' });
    await world.apply('r-2', back);
    expect(world.snapshot()).toEqual(before);
  });

  it('never forces SQL back, though it was forced away', async () => {
    const world = open();
    lose(world);
    await world.apply('r-1', await world.plan(failoverRegion, 'r-1', { ...planned, acceptLoss: true }));
    const plan = await world.plan(failbackRegion, 'r-2', { region: 'eastus' });
    expect(changes(plan).find(({ id }) => id === 'undo-fail-over-sql')?.after).toEqual({
      primary: 'sql-stamps-eastus',
    });
    const answers = await world.ask(plan);
    expect(answers['region-can-serve-again']?.ok).toBe(false);
    expect(answers['data-has-caught-up']).toMatchObject({ ok: false, says: expect.stringContaining('SUSPENDED') });
  });

  it('is taken back by undo no more easily than by failback, and again with the guards of the first time', async () => {
    const world = open();
    lose(world);
    const plan = await world.plan(failoverRegion, 'r-1', { ...planned, acceptLoss: true });
    await world.apply('r-1', plan);
    const undo = await world.plan(undoRun, 'r-2', { run: 'r-1' });
    const answers = await world.ask(undo);
    expect(answers['region-can-serve-again']?.ok).toBe(false);
    expect(answers['data-has-caught-up']?.ok).toBe(false);
    const checks = ({ steps }: Plan) => steps.filter(({ kind }) => kind === 'check');
    expect(undo.beforeUndo).toEqual(checks(plan));
    const back = await world.plan(failbackRegion, 'r-2', { region: 'eastus' });
    expect(checks(undo)).toEqual(checks(back));
    expect(back.beforeUndo).toEqual(checks(plan));
  });

  it('says where the writes of Cosmos stay that Azure has moved by itself, and nothing of those that the run brings back', async () => {
    const world = open();
    await world.apply('r-1', await world.plan(failoverRegion, 'r-1', planned));
    const moved = await world.ask(await world.plan(failbackRegion, 'r-2', { region: 'eastus' }));
    expect(moved['data-has-caught-up']).toEqual({ ok: true, says: 'SQL in eastus has caught up.' });

    const other = open();
    lose(other);
    await other.apply('r-1', await other.plan(failoverRegion, 'r-1', { ...planned, acceptLoss: true }));
    const { disaster } = other.azure;
    disaster.cosmos = { ...disaster.cosmos, regions: ['westus', 'eastus'] };
    disaster.sql = { ...disaster.sql, replicationState: 'CATCH_UP' };
    const left = await other.ask(await other.plan(failbackRegion, 'r-2', { region: 'eastus' }));
    expect(left['data-has-caught-up']).toEqual({
      ok: true,
      warns: true,
      says: 'SQL in eastus has caught up. Cosmos takes writes in westus and stays there: no run of ours moved them.',
    });
  });

  it('refuses a region that is not failed over by us', async () => {
    await expect(open().plan(failbackRegion, 'r-2', { region: 'eastus' })).rejects.toMatchObject({ code: 'refused' });
  });

  it('comes back from a failover that stopped half-way', async () => {
    for (let done = 1; done <= 8; done += 1) {
      const world = open();
      const before = world.snapshot();
      await world.apply('r-1', await world.plan(failoverRegion, 'r-1', planned), done);
      await world.apply('r-2', await world.plan(failbackRegion, 'r-2', { region: 'eastus' }));
      expect(world.snapshot()).toEqual(before);
    }
  });

  it('keeps a region longer when its lease is extended', async () => {
    const world = open();
    await world.apply('r-1', await world.plan(failoverRegion, 'r-1', planned));
    const plan = await world.plan(extendLease, 'r-2', { cell: 'eastus', for: '2h', reason: 'still dark' });
    expect(plan.target).toEqual({ region: 'eastus' });
    await world.apply('r-2', plan);
    await world.apply('r-3', await world.plan(failbackRegion, 'r-3', { region: 'eastus' }));
    expect(world.held.size).toBe(0);
  });
});
