import { changes, type Plan } from '../../src/domain/plan.ts';
import { failbackRegion } from '../../src/playbooks/failback-region.ts';
import { failoverRegion } from '../../src/playbooks/failover-region.ts';
import { undoRun } from '../../src/playbooks/undo-run.ts';
import type { StorageAccount } from '../../src/ports/storage.ts';
import { fakeAccount } from '../support/fake-storage.ts';
import { createFakeWorld, type FakeWorld } from '../support/playbook-world.ts';

const planned = { from: 'eastus', to: 'westus', reason: 'the power is out in two zones' };
const accepting = { ...planned, acceptLoss: true };

/** A world in which cell-banking has an account, and cell-retail one that is like the first but for this. */
function open(second: Partial<StorageAccount> = {}): FakeWorld {
  const world = createFakeWorld();
  const [banking, retail] = world.estate.cells.map(({ storageId }) => storageId) as [string, string];
  const { storage } = world.azure.disaster;
  storage.set(banking, fakeAccount('stcellbanking', 'eastus', 'westus', Date.now()));
  const { secondary, ...account } = { ...fakeAccount('stcellretail', 'eastus', 'westus', Date.now()), ...second };
  storage.set(retail, { ...account, ...(secondary !== undefined && { secondary }) });
  return world;
}
const storageOf = (plan: Parameters<typeof changes>[0]) =>
  changes(plan)
    .filter(({ resource }) => resource.kind === 'storage-account')
    .map(({ id, after }) => [id, after]);
const lostRegion = { canFailOverPlanned: false };
const bare = {
  secondary: undefined as never,
  redundancy: 'Standard_LRS',
  canFailOver: false,
  canFailOverPlanned: false,
};

describe('storage in a failover', () => {
  it('moves without loss while both regions are there, after the databases and before the clients', async () => {
    const plan = await open().plan(failoverRegion, 'r-1', planned);
    expect(storageOf(plan)).toEqual([
      ['fail-over-storage-cell-banking', { primary: 'westus', redundancy: 'Standard_RAGRS' }],
      ['fail-over-storage-cell-retail', { primary: 'westus', redundancy: 'Standard_RAGRS' }],
    ]);
    const ids = plan.steps.map(({ id }) => id);
    expect(ids.indexOf('fail-over-storage-cell-banking')).toBeGreaterThan(ids.indexOf('fail-over-sql'));
    expect(ids.indexOf('fail-over-storage-cell-retail')).toBeLessThan(ids.indexOf('disable-source-endpoint'));
  });

  it.each(['Online', 'Unmonitored', 'CheckingEndpoint'])(
    'forces nothing that can move without loss where Traffic Manager finds the region %s, and moves Cosmos',
    async (monitorStatus) => {
      const world = open();
      const { endpoints } = world.azure.disaster;
      endpoints.set('eastus', { ...(endpoints.get('eastus') as never as object), monitorStatus } as never);
      const data = (plan: Plan) => changes(plan).filter(({ id }) => /^(fail-over|move)-/.test(id));
      const accepted = data(await world.plan(failoverRegion, 'r-1', accepting));
      expect(accepted).toEqual(data(await open().plan(failoverRegion, 'r-1', planned)));
      expect(accepted.map(({ id }) => id)).toContain('move-cosmos-writes');
    },
  );

  it('asks a region that looks lost for nothing when the loss is accepted', async () => {
    const world = open();
    const { endpoints } = world.azure.disaster;
    endpoints.set('eastus', { ...(endpoints.get('eastus') as never as object), monitorStatus: 'Degraded' } as never);
    const [first] = storageOf(await world.plan(failoverRegion, 'r-1', accepting));
    expect(first?.[1]).toEqual({ primary: 'westus', redundancy: 'Standard_LRS', dataLossAllowed: true });
  });

  it('says how much is lost, in seconds, without putting a moment into the plan', async () => {
    const world = open(lostRegion);
    const plan = await world.plan(failoverRegion, 'r-1', accepting);
    expect(storageOf(plan)[1]).toEqual([
      'fail-over-storage-cell-retail',
      { primary: 'westus', redundancy: 'Standard_LRS', dataLossAllowed: true },
    ]);
    const { ok, says } = (await world.ask(plan))['storage-can-follow'] ?? {};
    expect(ok).toBe(true);
    expect(says).toMatch(/stcellbanking: without loss, .*copied up to 1\ds ago/);
    expect(says).toMatch(/stcellretail: forced; what was written in the last 1\d s is lost/);
    expect(JSON.stringify(plan)).not.toMatch(/\d+s ago/);
  });

  it.each([
    ['a copy that is far behind', {}, planned, /1,2\d\d s \(20m.*\) behind; without loss, and no writes/],
    ['what is forced', lostRegion, accepting, /stcellretail: forced; what was written in the last 1,2\d\d s \(20m/],
    ['what stays behind', bare, accepting, /stcellretail stays behind/],
  ] as const)('warns whoever approves of %s', async (_, second, input, says) => {
    const world = open({ lastSyncAt: Date.now() - 20 * 60_000, ...second });
    const answers = await world.ask(await world.plan(failoverRegion, 'r-1', input));
    expect(answers['storage-can-follow']).toMatchObject({ ok: true, warns: true, says: expect.stringMatching(says) });
  });

  it('warns of nothing while all is well', async () => {
    const world = open();
    const answers = await world.ask(await world.plan(failoverRegion, 'r-1', planned));
    expect(Object.values(answers).filter(({ warns }) => warns)).toEqual([]);
  });

  it('says of a region that looks lost what is really done to its accounts', async () => {
    const world = open();
    const { endpoints } = world.azure.disaster;
    endpoints.set('eastus', { ...(endpoints.get('eastus') as never as object), monitorStatus: 'Degraded' } as never);
    const answers = await world.ask(await world.plan(failoverRegion, 'r-1', accepting));
    expect(answers['storage-can-follow']?.says).toMatch(
      /stcellbanking, stcellretail: forced; what was written in the last/,
    );
  });

  it('says how much would be lost where it refuses', async () => {
    const world = open({ ...lostRegion, lastSyncAt: Date.parse('2026-11-24T02:51:00.412Z') });
    await expect(world.plan(failoverRegion, 'r-1', planned)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('what was written in the last 1,200 s (20m) is lost'),
    });
  });

  it('says that nobody knows how much when Azure does not', async () => {
    const world = open({ ...lostRegion, lastSyncAt: undefined as never });
    const answers = await world.ask(await world.plan(failoverRegion, 'r-1', accepting));
    expect(answers['storage-can-follow']?.says).toContain('nobody knows how much is lost');
  });

  it.each([
    ['has no copy', bare, 'has no copy in westus'],
    ['has its copy elsewhere', { secondary: 'northeurope' }, 'is in northeurope'],
    [
      'has a hierarchical namespace',
      { canFailOver: false, canFailOverPlanned: false, obstacles: ['a hierarchical namespace'] },
      'a hierarchical namespace',
    ],
    [
      'has a copy that is still being made',
      { canFailOver: false, canFailOverPlanned: false, copyStatus: 'Bootstrap' },
      'Bootstrap',
    ],
    ['is being changed', { canFailOver: false, canFailOverPlanned: false, busy: true }, 'at work'],
    ['can only be forced', lostRegion, 'can only be forced'],
  ] as const)('refuses an account that %s, unless the loss is accepted', async (_, second, words) => {
    await expect(open(second as never).plan(failoverRegion, 'r-1', planned)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining(words),
      hint: expect.stringContaining('accepting loss'),
    });
    const world = open(second as never);
    const plan = await world.plan(failoverRegion, 'r-1', accepting);
    expect((await world.ask(plan))['storage-can-follow']).toMatchObject({ ok: true });
  });

  it('is left alone where a cell has no account, or where it is already', async () => {
    expect(storageOf(await createFakeWorld().plan(failoverRegion, 'r-1', planned))).toEqual([]);
    expect(
      storageOf(await open({ primary: 'westus', secondary: 'eastus' }).plan(failoverRegion, 'r-1', planned)),
    ).toHaveLength(1);
  });

  it('stops at its guard when an account got worse after the plan', async () => {
    const world = open();
    const plan = await world.plan(failoverRegion, 'r-1', planned);
    for (const [id, account] of world.azure.disaster.storage)
      world.azure.disaster.storage.set(id, { ...account, canFailOverPlanned: false });
    expect((await world.ask(plan))['storage-can-follow']?.ok).toBe(false);
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7])('plans the same after %i of its own changes, forced or not', async (done) => {
    const world = open(lostRegion);
    const plan = await world.plan(failoverRegion, 'r-1', accepting);
    await world.apply('r-1', plan, done);
    expect(await world.plan(failoverRegion, 'r-1', accepting)).toEqual(plan);
  });
});

describe('storage on the way back', () => {
  it('gets its copy again before it comes back, where it was forced away', async () => {
    const world = open(lostRegion);
    await world.apply('r-1', await world.plan(failoverRegion, 'r-1', accepting));
    const plan = await world.plan(failbackRegion, 'r-2', { region: 'eastus' });
    expect(storageOf(plan)).toEqual([
      ['prepare-undo-fail-over-storage-cell-retail', { primary: 'westus', redundancy: 'Standard_RAGRS' }],
      ['undo-fail-over-storage-cell-retail', { primary: 'eastus', redundancy: 'Standard_RAGRS' }],
      ['undo-fail-over-storage-cell-banking', { primary: 'eastus', redundancy: 'Standard_RAGRS' }],
    ]);
    expect((await world.ask(plan))['data-has-caught-up']).toMatchObject({
      ok: true,
      says: expect.stringContaining('makes one first'),
    });
  });

  it('waits for a copy that is not there yet', async () => {
    const world = open();
    await world.apply('r-1', await world.plan(failoverRegion, 'r-1', planned));
    for (const [id, account] of world.azure.disaster.storage)
      world.azure.disaster.storage.set(id, { ...account, canFailOverPlanned: false, copyStatus: 'Bootstrap' });
    const answers = await world.ask(await world.plan(failbackRegion, 'r-2', { region: 'eastus' }));
    expect(answers['data-has-caught-up']).toMatchObject({ ok: false, says: expect.stringContaining('Bootstrap') });
  });

  it.each(['failback', 'undo'])('is exactly as it was, by %s, and there again by undoing that', async (way) => {
    const world = open(lostRegion);
    const before = world.snapshot();
    await world.apply('r-1', await world.plan(failoverRegion, 'r-1', accepting));
    const away = world.azure.disaster.configuration().storage;
    const back =
      way === 'undo'
        ? await world.plan(undoRun, 'r-2', { run: 'r-1' })
        : await world.plan(failbackRegion, 'r-2', { region: 'eastus' });
    await world.apply('r-2', back);
    expect(world.snapshot()).toEqual(before);
    const again = await world.plan(undoRun, 'r-3', { run: 'r-2' });
    // Not by force: first it moves, then the copy is given up.
    expect(JSON.stringify(again.steps)).not.toContain('dataLossAllowed');
    await world.apply('r-3', again);
    expect(world.azure.disaster.configuration().storage).toEqual(away);
  });
});
