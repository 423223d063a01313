import { changes, planHash } from '../../src/domain/plan.ts';
import type { StoreFinding } from '../../src/domain/recovery.ts';
import { recoverCell } from '../../src/playbooks/recover-cell.ts';
import { releaseRecovery } from '../../src/playbooks/release-recovery.ts';
import { swapData } from '../../src/playbooks/swap-data.ts';
import { undoRun } from '../../src/playbooks/undo-run.ts';
import { createFakeWorld, estateText, type FakeWorld } from '../support/playbook-world.ts';
import { fc } from '../support/properties.ts';

const asked = { cell: 'cell-banking', at: '2026-11-23T10:30Z', reason: 'a release deleted accounts' };
const swap = { cell: 'cell-banking', reason: 'the copy has every account' };
const cellOf = (world: FakeWorld) => {
  const cell = world.estate.cells.find(({ name }) => name === 'cell-banking');
  if (!cell) throw new Error('no cell');
  return cell;
};
const ids = (plan: { steps: readonly { id: string }[] }) => plan.steps.map(({ id }) => id);
async function recovered(): Promise<FakeWorld> {
  const world = createFakeWorld();
  await world.apply('r-1', await world.plan(recoverCell, 'r-1', asked));
  return world;
}

describe('recover-cell', () => {
  it('restores SQL and Cosmos to one moment, beside the originals, under a lease of its own', async () => {
    const world = createFakeWorld();
    const plan = await world.plan(recoverCell, 'r-1', asked);
    expect(ids(plan)).toEqual([
      'moment-can-be-restored',
      'hold-lease',
      'restore-sql',
      'restore-cosmos',
      'compare-copies',
    ]);
    const [lease, ...copies] = changes(plan);
    expect(lease?.resource.id).toBe('lease/recovery/cell-banking');
    expect(copies.map(({ resource, after }) => [resource.id.split('/').at(-1), (after as { at: string }).at])).toEqual([
      ['sql-cell-banking-r20261123t103000', '2026-11-23T10:30:00.000Z'],
      ['cosmos-cell-banking-r20261123t103000', '2026-11-23T10:30:00.000Z'],
    ]);
    // Nobody is out of service for it.
    expect(plan.impact.cellsOut).toBe(0);
    expect(plan.impact.healthyCellsLeft).toContain('cell-banking');
  });

  it('makes the same plan again, also when half of it is done', async () => {
    const world = createFakeWorld();
    const plan = await world.plan(recoverCell, 'r-1', asked);
    await world.apply('r-1', plan, 2);
    expect(planHash(await world.plan(recoverCell, 'r-1', asked))).toBe(planHash(plan));
  });

  it('says in its check what is left as it is, and why', async () => {
    const world = createFakeWorld();
    const answers = await world.ask(await world.plan(recoverCell, 'r-1', asked));
    expect(answers['moment-can-be-restored']).toMatchObject({
      ok: true,
      says: expect.stringMatching(
        /SQL from .* Cosmos from .*The blobs of st go back with the swap, over what is there/,
      ),
    });
  });

  it('refuses a moment outside with the ranges, also when it was inside at first', async () => {
    const world = createFakeWorld();
    await expect(world.plan(recoverCell, 'r-1', { ...asked, at: '2026-11-18T04:00Z' })).rejects.toMatchObject({
      code: 'refused',
      hint: expect.stringContaining('2026-11-18 05:00:00 UTC to 2026-11-24 03:01:00 UTC'),
    });
    const plan = await world.plan(recoverCell, 'r-1', asked);
    world.azure.recovery.findings = world.azure.recovery.findings.map((it) =>
      it.how === 'no' ? it : { ...it, earliest: '2026-11-23T12:00:00.000Z' },
    );
    expect((await world.ask(plan))['moment-can-be-restored']?.ok).toBe(false);
  });

  it.each(['latest', '2026-11-23T10:30', 'yesterday'])('takes no “%s” in a plan', async (at) => {
    await expect(createFakeWorld().plan(recoverCell, 'r-1', { ...asked, at })).rejects.toThrow();
  });

  it('leaves out a store that cannot be restored, and refuses when none can', async () => {
    const world = createFakeWorld();
    const no: StoreFinding = {
      store: 'Cosmos',
      name: 'c',
      how: 'no',
      why: 'Its backups are periodic.',
      byHand: 'Ask.',
    };
    world.azure.recovery.findings = world.azure.recovery.findings.map((it) => (it.store === 'Cosmos' ? no : it));
    expect(ids(await world.plan(recoverCell, 'r-1', asked))).not.toContain('restore-cosmos');
    world.azure.recovery.findings = [no];
    await expect(world.plan(recoverCell, 'r-1', asked)).rejects.toMatchObject({
      code: 'refused',
      hint: expect.stringContaining('Its backups are periodic. Ask.'),
    });
  });

  it('refuses while another recovery holds the cell, and a name that is taken', async () => {
    const world = await recovered();
    await expect(world.plan(recoverCell, 'r-2', asked)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('being recovered already, by r-1'),
    });
    world.held.clear();
    await expect(world.plan(recoverCell, 'r-2', asked)).rejects.toMatchObject({
      message: expect.stringContaining('is there already'),
    });
  });

  it('gives back what there was when it is taken back, but never data that is in use', async () => {
    const fresh = createFakeWorld().snapshot();
    const world = await recovered();
    await world.apply('r-2', await world.plan(undoRun, 'r-2', { run: 'r-1' }));
    expect(world.snapshot()).toEqual(fresh);

    const used = await recovered();
    await used.apply('r-2', await used.plan(swapData, 'r-2', swap));
    const undo = await used.plan(undoRun, 'r-3', { run: 'r-1' });
    expect((await used.ask(undo))['copies-are-not-in-use']).toMatchObject({ ok: false });
  });
});

describe('swap-data', () => {
  it('starts a revision on the copies, puts the blobs back, moves the traffic, watches, and stops the old one', async () => {
    const world = await recovered();
    const plan = await world.plan(swapData, 'r-2', swap);
    expect(ids(plan)).toEqual([
      'copies-are-ready',
      'blobs-can-go-back',
      'app-may-use-the-copy',
      'start-revision-on-copies',
      'restore-blobs',
      'send-traffic-to-copies',
      'watch-copies',
      'deactivate-app-cell-banking--blue',
      'name-copies',
    ]);
    expect(changes(plan)[0]).toMatchObject({
      before: null,
      after: { database: 'sql-cell-banking-r20261123t103000', account: 'cosmos-cell-banking-r20261123t103000' },
    });
    const { storageId } = cellOf(world);
    expect(changes(plan)[1]).toMatchObject({
      resource: { kind: 'blob-restore', id: storageId },
      before: null,
      after: { at: '2026-11-23T10:30:00.000Z' },
      says: expect.stringMatching(/over what is there: what was written since is undone, and nobody reads or writes/),
    });
    expect(plan.locks).toContain(storageId);
    expect(plan.undo).toContain('Blobs go back to the moment before');
    expect(plan.onFailure).toBe('undo');
    expect(plan.undo).toContain('only in the originals');
  });

  it.each([1, 2, 3, 4])('makes the same plan again after %d of its changes', async (most) => {
    const world = await recovered();
    const plan = await world.plan(swapData, 'r-2', swap);
    await world.apply('r-2', plan, most);
    expect(planHash(await world.plan(swapData, 'r-2', swap))).toBe(planHash(plan));
  });

  it('taken back leaves everything as it was, whatever of it was done', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), async (most) => {
        const world = await recovered();
        const before = world.snapshot();
        await world.apply('r-2', await world.plan(swapData, 'r-2', swap), most);
        expect(world.snapshot()).not.toEqual(before);
        await world.apply('r-3', await world.plan(undoRun, 'r-3', { run: 'r-2' }));
        expect(world.snapshot()).toEqual(before);
      }),
      { numRuns: 8 },
    );
  });

  it('can be made anew after it was taken back', async () => {
    const world = await recovered();
    await world.apply('r-2', await world.plan(swapData, 'r-2', swap));
    const swapped = world.snapshot();
    await world.apply('r-3', await world.plan(undoRun, 'r-3', { run: 'r-2' }));
    await world.apply('r-4', await world.plan(swapData, 'r-4', swap));
    expect(world.snapshot()).toEqual(swapped);
  });

  it('does not send people to copies that are not there yet, or that the app may not use', async () => {
    const world = await recovered();
    const plan = await world.plan(swapData, 'r-2', swap);
    const [sqlId = '', cosmosId = ''] = [...world.azure.recovery.copies.keys()];
    world.azure.recovery.notReady.add(sqlId);
    world.azure.recovery.readers.set(cosmosId, []);
    const answers = await world.ask(plan);
    expect(answers['copies-are-ready']).toMatchObject({ ok: false, says: expect.stringContaining('Restoring') });
    expect(answers['app-may-use-the-copy']).toMatchObject({
      ok: false,
      says: expect.stringContaining('az cosmosdb sql role assignment create'),
    });
    expect(plan.steps.filter(({ kind }) => kind === 'check')).toMatchObject([
      { override: 'never' },
      { override: 'never' },
      { override: 'never' },
    ]);
  });

  const blobs = (world: FakeWorld) =>
    world.azure.recovery.findings.find(({ store }) => store === 'blobs') as StoreFinding;
  const replaceBlobs = (world: FakeWorld, by: StoreFinding) => {
    world.azure.recovery.findings = world.azure.recovery.findings.map((it) => (it.store === 'blobs' ? by : it));
  };

  it.each([
    [
      'Azure cannot',
      { store: 'blobs', name: 'st', how: 'no', why: 'It has a hierarchical namespace.', byHand: 'Ask.' },
      /The blobs of st are left as they are: It has a hierarchical namespace\. Ask\./,
    ],
    [
      'their window does not reach the moment',
      {
        ...{ store: 'blobs', name: 'st', how: 'in place', why: 'x', byHand: 'By hand.' },
        ...{ earliest: '2026-11-23T12:00:00.000Z', latest: '2026-11-24T03:06:00.000Z' },
      },
      /are left as they are: they can be restored from 2026-11-23 12:00:00 UTC/,
    ],
  ] as [string, StoreFinding, RegExp][])('leaves blobs as they are where %s, and says so', async (_, finding, says) => {
    const world = await recovered();
    replaceBlobs(world, finding);
    const plan = await world.plan(swapData, 'r-2', swap);
    expect(ids(plan)).not.toContain('restore-blobs');
    expect(plan.steps[0]?.says).toMatch(says);
    expect(plan.locks).not.toContain(cellOf(world).storageId);
  });

  it('leaves blobs as they are when that is asked for', async () => {
    const world = await recovered();
    const plan = await world.plan(swapData, 'r-2', { ...swap, withoutBlobs: true });
    expect(ids(plan)).not.toContain('restore-blobs');
    expect(plan.steps[0]?.says).toContain('as was asked for');
    expect(plan.undo).not.toContain('Blobs');
  });

  it('keeps its plan when the window moves past the moment after the blobs went back', async () => {
    const world = await recovered();
    const plan = await world.plan(swapData, 'r-2', swap);
    await world.apply('r-2', plan, 2);
    replaceBlobs(world, {
      ...(blobs(world) as StoreFinding & { how: 'in place' }),
      earliest: '2026-11-24T00:00:00.000Z',
    });
    expect(planHash(await world.plan(swapData, 'r-2', swap))).toBe(planHash(plan));
  });

  it.each([
    ['another restore is at work', /one at a time/, (world: FakeWorld) => (world.azure.recovery.blobsBusy = true)],
    [
      'a container was deleted since',
      /no blobs back while a container is deleted: exports\. Undelete it/,
      (world: FakeWorld) =>
        world.azure.recovery.containers.push({
          name: 'exports',
          deletedAt: '2026-11-23T11:00:00.0000000Z',
          locked: false,
        }),
    ],
    [
      'the window has moved past the moment',
      /left as they are/,
      (world: FakeWorld) =>
        replaceBlobs(world, {
          ...(blobs(world) as StoreFinding & { how: 'in place' }),
          earliest: '2026-11-24T00:00:00.000Z',
        }),
    ],
  ])('puts no blobs back while %s', async (_, says, spoil) => {
    const world = await recovered();
    const plan = await world.plan(swapData, 'r-2', swap);
    spoil(world);
    expect((await world.ask(plan))['blobs-can-go-back']).toMatchObject({
      ok: false,
      says: expect.stringMatching(says),
    });
  });

  it('says which containers go back, and what of them does not', async () => {
    const world = await recovered();
    world.azure.recovery.containers = [
      { name: 'documents', locked: true },
      { name: 'exports', locked: false },
      { name: 'old', deletedAt: '2026-11-01T00:00:00Z', locked: false },
    ];
    expect((await world.ask(await world.plan(swapData, 'r-2', swap)))['blobs-can-go-back']).toEqual({
      ok: true,
      says: 'All block blobs of documents, exports go back; append and page blobs, and what is archived, do not. Protected blobs of documents stay as they are.',
    });
  });

  it.each([
    ['nothing was recovered', /Nothing of cell-banking has been recovered/, (world: FakeWorld) => world.held.clear()],
    [
      'one revision is kept at a time',
      /keeps one revision at a time/,
      (world: FakeWorld) =>
        world.azure.recovery.routes.set(cellOf(world).containerAppId, { single: true, weights: [] }),
    ],
    [
      'the traffic is split',
      /split over 2 revisions/,
      (world: FakeWorld) =>
        world.azure.recovery.routes.set(cellOf(world).containerAppId, {
          single: false,
          weights: [
            { revision: 'a', weight: 20 },
            { revision: 'b', weight: 80 },
          ],
        }),
    ],
    [
      'the traffic follows the newest revision',
      /follows whatever revision is the newest/,
      (world: FakeWorld) =>
        world.azure.recovery.routes.set(cellOf(world).containerAppId, {
          single: false,
          weights: [{ revision: 'latest', weight: 100 }],
        }),
    ],
    [
      'the app works on something else',
      /works on sql-other, not on sql-cell-banking/,
      (world: FakeWorld) =>
        world.azure.recovery.pointers.set('app-cell-banking--blue', { database: 'sql-other', account: 'x' }),
    ],
    [
      'the estate file does not say how the app is told',
      /does not say how the app of cell-banking is told its SQL/,
      (world: FakeWorld) => world.azure.recovery.pointers.set('app-cell-banking--blue', {}),
    ],
  ])('is refused when %s', async (_, message, spoil) => {
    const world = await recovered();
    spoil(world);
    await expect(world.plan(swapData, 'r-2', swap)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(/\S/),
    });
  });

  it('stops at a drift: somebody moved the traffic after the plan', async () => {
    const world = await recovered();
    const plan = await world.plan(swapData, 'r-2', swap);
    world.azure.recovery.routes.set(cellOf(world).containerAppId, {
      single: false,
      weights: [{ revision: 'other', weight: 100 }],
    });
    await expect(world.apply('r-2', plan)).rejects.toMatchObject({ code: 'drift' });
  });
});

describe('release-recovery', () => {
  it('deletes copies that nobody uses, and gives the lease back', async () => {
    const fresh = createFakeWorld().snapshot();
    const world = await recovered();
    const plan = await world.plan(releaseRecovery, 'r-2', { cell: 'cell-banking' });
    expect(ids(plan)).toEqual(['copies-are-not-in-use', 'undo-restore-cosmos', 'undo-restore-sql', 'undo-hold-lease']);
    expect((await world.ask(plan))['copies-are-not-in-use']).toMatchObject({ ok: true });
    await world.apply('r-2', plan);
    expect(world.snapshot()).toEqual(fresh);
  });

  it('after a swap gives back the lease alone: it deletes neither copies nor originals', async () => {
    const world = await recovered();
    await world.apply('r-2', await world.plan(swapData, 'r-2', swap));
    const plan = await world.plan(releaseRecovery, 'r-3', { cell: 'cell-banking' });
    expect(ids(plan)).toEqual(['give-back-lease']);
    expect(plan.undo).toContain('sql-cell-banking and cosmos-cell-banking stay until a person deletes them');
    const copies = new Map(world.azure.recovery.copies);
    await world.apply('r-3', plan);
    expect(world.azure.recovery.copies).toEqual(copies);
    expect(world.held.size).toBe(0);

    // The estate file still names what the cell worked on before.
    await expect(world.plan(recoverCell, 'r-4', { ...asked, at: '2026-11-23T10:31Z' })).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching(/^The app of cell-banking works on .*, not on /),
      hint: expect.stringContaining(
        'at `- name: cell-banking`, write `sqlDatabase: sql-stamps-eastus/databases/sql-cell-banking-r20261123t103000`, and under its `data:` `cosmosAccount: cosmos-cell-banking-r20261123t103000`; then start Stamps again.',
      ),
    });
  });

  it.each([
    ['undo', 'as it was'],
    ['undo', 'mended'],
    ['release', 'as it was'],
    ['release', 'mended'],
  ])(
    'after a swap %s works with the estate file %s, and the cell is recovered where the file is right',
    async (way, file) => {
      const world = await recovered();
      const originals = { database: 'sql-cell-banking', account: 'cosmos-cell-banking' };
      world.azure.recovery.pointers.set('app-cell-banking--blue', originals);
      await world.apply('r-2', await world.plan(swapData, 'r-2', swap));
      // The very lines that people are told.
      const mended = estateText
        .replace('cosmosAccount: cosmos-cell-banking,', 'cosmosAccount: cosmos-cell-banking-r20261123t103000,')
        .replace(
          '{ name: cell-banking,',
          '{ name: cell-banking, sqlDatabase: sql-stamps-eastus/databases/sql-cell-banking-r20261123t103000,',
        );
      world.restartWith(file === 'mended' ? mended : estateText);
      const plan =
        way === 'undo'
          ? await world.plan(undoRun, 'r-3', { run: 'r-2' })
          : await world.plan(releaseRecovery, 'r-3', { cell: 'cell-banking' });
      await world.apply('r-3', plan);
      if (way === 'undo') await world.apply('r-4', await world.plan(releaseRecovery, 'r-4', { cell: 'cell-banking' }));
      const again = world.plan(recoverCell, 'r-5', { ...asked, at: '2026-11-23T10:31Z' });
      if ((way === 'release') === (file === 'mended')) expect(ids(await again)).toContain('restore-sql');
      else
        await expect(again).rejects.toMatchObject({ code: 'refused', hint: expect.stringContaining('sqlDatabase: ') });
    },
  );

  it('sees a revision that still works on the copies without traffic', async () => {
    const world = await recovered();
    await world.apply('r-2', await world.plan(swapData, 'r-2', swap), 1);
    const plan = await world.plan(releaseRecovery, 'r-3', { cell: 'cell-banking' });
    expect((await world.ask(plan))['copies-are-not-in-use']).toMatchObject({
      ok: false,
      says: expect.stringContaining('app-cell-banking--r20261123t103000'),
    });
  });

  it('is refused without a recovery', async () => {
    await expect(createFakeWorld().plan(releaseRecovery, 'r-1', { cell: 'cell-banking' })).rejects.toMatchObject({
      code: 'refused',
    });
  });
});
