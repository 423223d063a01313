import { recoverCell } from '../../src/playbooks/recover-cell.ts';
import { releaseRecovery } from '../../src/playbooks/release-recovery.ts';
import { swapData } from '../../src/playbooks/swap-data.ts';
import { createFakeWorld } from '../support/playbook-world.ts';

const asked = { cell: 'cell-banking', at: '2026-11-23T10:30Z', reason: 'a release deleted accounts' };
const swap = { cell: 'cell-banking', reason: 'the copy has every account' };

async function recovered() {
  const world = createFakeWorld();
  await world.apply('r-1', await world.plan(recoverCell, 'r-1', asked));
  return world;
}

describe('copies of a recovery', () => {
  it('are warned of where they are swapped in: what was written since is not in them', async () => {
    const world = await recovered();
    expect((await world.ask(await world.plan(swapData, 'r-2', swap)))['copies-are-ready']).toEqual({
      ok: true,
      warns: true,
      says: 'What was written after 2026-11-23 10:30:00 UTC is not in the copies: nobody sees it until the swap is taken back.',
    });
  });

  it('that somebody deleted are said to be gone, and nothing is swapped', async () => {
    const world = await recovered();
    world.azure.recovery.copies.clear();
    expect((await world.ask(await world.plan(swapData, 'r-2', swap)))['copies-are-ready']).toEqual({
      ok: false,
      says: 'sql-cell-banking-r20261123t103000 is not there: somebody deleted it. End this recovery and restore it anew.',
    });
  });

  it('are not said to be deleted by who ends the recovery when they are gone already', async () => {
    const world = await recovered();
    const before = await world.plan(releaseRecovery, 'r-2', { cell: 'cell-banking' });
    expect(before.title).toBe('End the recovery of cell-banking, and delete its copies');
    world.azure.recovery.copies.clear();
    const plan = await world.plan(releaseRecovery, 'r-3', { cell: 'cell-banking' });
    expect(plan.title).toBe('End the recovery of cell-banking: its copies are gone already');
    expect(plan.undo).toBe('Nothing is deleted: only the lease is held again, until the end that it had.');
    await world.apply('r-3', plan);
    expect(world.held.size).toBe(0);
  });
});
