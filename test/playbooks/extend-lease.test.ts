import { extendLease } from '../../src/playbooks/extend-lease.ts';
import { isolateCell } from '../../src/playbooks/isolate-cell.ts';
import { recoverCell } from '../../src/playbooks/recover-cell.ts';
import { createFakeWorld } from '../support/playbook-world.ts';

const ask = (time: string) => ({ cell: 'cell-banking', for: time, reason: 'the fix takes longer' });

async function isolated() {
  const world = createFakeWorld();
  await world.apply(
    'r-1',
    await world.plan(isolateCell, 'r-1', { cell: 'cell-banking', reason: 'card payments time out', for: '4h' }),
  );
  return world;
}

describe('extend-lease', () => {
  it('adds the time to the end of the lease and of the silence', async () => {
    const world = await isolated();
    const plan = await world.plan(extendLease, 'r-2', ask('2h'));
    expect(plan.title).toBe('Extend the lease on cell-banking until 09:11 UTC');
    await world.apply('r-2', plan);
    expect(world.held.get('cell-banking')).toMatchObject({
      until: '2026-11-24T09:11:00.000Z',
      runId: 'r-1',
      reason: 'card payments time out',
    });
    expect([...world.azure.suppressions.values()]).toMatchObject([{ until: '2026-11-24T09:11:00.000Z' }]);
  });

  it('counts from now when the lease has ended', async () => {
    const world = await isolated();
    const plan = await world.plan(extendLease, 'r-2', ask('1h'), '2026-11-24T10:00:00.000Z');
    expect(plan.title).toBe('Extend the lease on cell-banking until 11:00 UTC');
  });

  it('leaves the alert alone when somebody ended the silence', async () => {
    const world = await isolated();
    world.azure.suppressions.clear();
    const plan = await world.plan(extendLease, 'r-2', ask('2h'));
    expect(plan.steps.map(({ id }) => id)).toEqual(['extend-lease']);
  });

  it.each([0, 1, 2])('plans the same after %i of its own changes, and adds the time once', async (done) => {
    const world = await isolated();
    const plan = await world.plan(extendLease, 'r-2', ask('2h'));
    await world.apply('r-2', plan, done);
    expect(await world.plan(extendLease, 'r-2', ask('2h'))).toEqual(plan);
  });

  it('refuses an end more than a week away, and says how much is possible', async () => {
    const world = await isolated();
    await expect(world.plan(extendLease, 'r-2', ask('7d'))).rejects.toMatchObject({
      code: 'refused',
      hint: 'Extend it by 6d 20h at the most.',
    });
  });

  it('keeps the copies of a recovery for longer, and takes nobody out of service for it', async () => {
    const world = createFakeWorld();
    const recovery = { cell: 'cell-banking', at: '2026-11-23T10:30Z', reason: 'a release deleted accounts', for: '1d' };
    await world.apply('r-1', await world.plan(recoverCell, 'r-1', recovery));
    const plan = await world.plan(extendLease, 'r-2', { ...ask('2d'), cell: 'recovery/cell-banking' });
    expect(plan).toMatchObject({
      title: 'Keep the copies of cell-banking until 27 Nov 03:11 UTC',
      target: { region: 'eastus', cell: 'cell-banking' },
      steps: [{ id: 'extend-lease', says: 'Keep copies and originals until 27 Nov 03:11 UTC, not 25 Nov 03:11 UTC' }],
      locks: ['lease/recovery/cell-banking'],
      impact: { cellsOut: 0 },
    });
    await world.apply('r-2', plan);
    expect(world.held.get('recovery/cell-banking')).toMatchObject({ until: '2026-11-27T03:11:00.000Z', runId: 'r-1' });
  });

  it('refuses a recovery that is over, though the cell itself has a lease', async () => {
    const world = await isolated();
    await expect(world.plan(extendLease, 'r-2', { ...ask('2d'), cell: 'recovery/cell-banking' })).rejects.toMatchObject(
      { code: 'refused', message: expect.stringContaining('Nothing holds a lease on recovery/cell-banking') },
    );
  });

  it('refuses a cell without a lease', async () => {
    await expect(createFakeWorld().plan(extendLease, 'r-2', ask('2h'))).rejects.toMatchObject({ code: 'refused' });
  });
});
