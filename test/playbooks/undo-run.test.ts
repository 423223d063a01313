import { changes } from '../../src/domain/plan.ts';
import { extendLease } from '../../src/playbooks/extend-lease.ts';
import { isolateCell } from '../../src/playbooks/isolate-cell.ts';
import { restoreCell } from '../../src/playbooks/restore-cell.ts';
import { undoRun } from '../../src/playbooks/undo-run.ts';
import { createFakeWorld } from '../support/playbook-world.ts';

const isolation = { cell: 'cell-banking', reason: 'card payments time out', for: '4h' };

describe('undo-run', () => {
  it('takes back in reverse, on the same target, under the same locks', async () => {
    const world = createFakeWorld();
    const plan = await world.plan(isolateCell, 'r-1', isolation);
    await world.apply('r-1', plan);
    const undo = await world.plan(undoRun, 'r-2', { run: 'r-1' });
    expect(changes(undo).map(({ id }) => id)).toEqual(
      changes(plan)
        .map(({ id }) => `undo-${id}`)
        .reverse(),
    );
    expect(undo).toMatchObject({
      title: 'Take back r-1, isolate-cell on cell-banking',
      target: plan.target,
      takesBack: 'isolate-cell',
      locks: plan.locks,
      impact: { cellsOut: 0 },
    });
  });

  it('still says what was taken back when that is taken back in turn', async () => {
    const world = createFakeWorld();
    await world.apply('r-1', await world.plan(isolateCell, 'r-1', isolation));
    await world.apply('r-2', await world.plan(undoRun, 'r-2', { run: 'r-1' }));
    expect(await world.plan(undoRun, 'r-3', { run: 'r-2' })).toMatchObject({ takesBack: 'isolate-cell' });
  });

  it('refuses when there is nothing to take back', async () => {
    const world = createFakeWorld();
    await world.apply('r-1', await world.plan(isolateCell, 'r-1', isolation), 0);
    await expect(world.plan(undoRun, 'r-2', { run: 'r-1' })).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('nothing to take back'),
    });
  });

  it('refuses an unknown run', async () => {
    await expect(createFakeWorld().plan(undoRun, 'r-2', { run: 'r-99' })).rejects.toMatchObject({ code: 'not-found' });
  });

  it('refuses to take back an old isolation while a newer one holds the cell', async () => {
    const world = createFakeWorld();
    await world.apply('r-1', await world.plan(isolateCell, 'r-1', isolation));
    await world.apply('r-2', await world.plan(restoreCell, 'r-2', { cell: 'cell-banking' }));
    await world.apply('r-3', await world.plan(isolateCell, 'r-3', isolation));
    await expect(world.plan(undoRun, 'r-4', { run: 'r-1' })).rejects.toMatchObject({
      code: 'refused',
      message: 'cell-banking is held by r-3 now, not by r-1.',
    });
  });

  it('refuses to isolate again under a lease that has ended', async () => {
    const world = createFakeWorld();
    await world.apply('r-1', await world.plan(isolateCell, 'r-1', isolation));
    await world.apply('r-2', await world.plan(restoreCell, 'r-2', { cell: 'cell-banking' }));
    const nextDay = '2026-11-25T09:00:00.000Z';
    await expect(world.plan(undoRun, 'r-3', { run: 'r-2' }, nextDay)).rejects.toMatchObject({
      code: 'refused',
      hint: expect.stringContaining('anew'),
    });
  });

  it('asks the guards of an isolation before it isolates again', async () => {
    const world = createFakeWorld();
    await world.apply('r-1', await world.plan(isolateCell, 'r-1', isolation));
    await world.apply('r-2', await world.plan(restoreCell, 'r-2', { cell: 'cell-banking' }));
    const again = await world.plan(undoRun, 'r-3', { run: 'r-2' });
    expect(again.steps.map(({ id }) => id).slice(0, 6)).toEqual([
      'cell-is-not-protected',
      'region-keeps-a-healthy-cell',
      'isolations-below-cap',
      'pool-is-not-the-default',
      'fallback-has-capacity',
      'hold-lease',
    ]);
    expect(again.impact.cellsOut).toBe(1);
  });

  it('gives an extension back its old end', async () => {
    const world = createFakeWorld();
    await world.apply('r-1', await world.plan(isolateCell, 'r-1', isolation));
    const before = world.snapshot();
    await world.apply('r-2', await world.plan(extendLease, 'r-2', { cell: 'cell-banking', for: '2h' }));
    await world.apply('r-3', await world.plan(undoRun, 'r-3', { run: 'r-2' }));
    expect(world.snapshot()).toEqual(before);
  });
});
