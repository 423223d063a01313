import type { ChangeStep } from '../../src/domain/plan.ts';
import { applyChange } from '../../src/engine/change-step.ts';
import { createChangeRecords } from '../../src/engine/fence.ts';
import { recordedUndo } from '../../src/engine/run-store.ts';
import { OpsError } from '../../src/errors.ts';
import { type Clock, systemClock } from '../../src/ports/clock.ts';
import { type EngineHarness, startEngine } from '../support/engine-harness.ts';

const { signal } = new AbortController();

describe('a change of what somebody else changes between our read and our write', () => {
  let world: EngineHarness;
  beforeAll(async () => {
    world = await startEngine();
  });
  afterAll(() => world.stop());
  beforeEach(() => {
    world.dials.writes.length = 0;
    world.dials.faults.length = 0;
  });

  async function running(dial: string) {
    const { database, replica } = world.context;
    const run = await world.turn([dial], 5);
    await database.query(
      `update stamps.runs set state = 'running', owner = $2, attempt = 1, starts = 1, touched_at = now() where id = $1`,
      [run.id, replica.id],
    );
    const step = run.plan.steps.find((one): one is ChangeStep => one.kind === 'change') as ChangeStep;
    const apply = (clock: Clock) => {
      const records = createChangeRecords(database, replica, clock, signal, { runId: run.id, attempt: 1 }, step);
      return applyChange(step, world.dials.kind, records, { clock, signal, runId: run.id });
    };
    return { id: run.id, apply, undo: () => recordedUndo(database, run.id) };
  }

  it('is a drift, however long the gate held it, and its way back is not ours', async () => {
    world.dials.state.set('held', 1);
    const { apply, undo } = await running('held');
    const { database } = world.context;
    await database.query(`insert into stamps.settings (key, value) values ('pause', '{}')`);
    const whilePaused: Clock = {
      ...systemClock,
      async sleep() {
        world.dials.state.set('held', 3);
        await database.query(`delete from stamps.settings where key = 'pause'`);
      },
    };
    expect(await apply(whilePaused)).toMatchObject({ state: 'drifted', found: 3 });
    expect(world.dials.writes).toEqual([]);
    expect(await undo()).toEqual([]);
  });

  it('is a drift where the service itself noticed, and its way back is not ours', async () => {
    world.dials.state.set('noticed', 1);
    const { apply, undo } = await running('noticed');
    world.dials.faults.push((id) => {
      world.dials.state.set(id, 3);
      throw new OpsError('precondition-failed', 'It changed.', { service: 'Azure' });
    });
    expect(await apply(systemClock)).toMatchObject({ state: 'drifted', found: 3 });
    expect(await undo()).toEqual([]);
  });

  it('keeps its way back when the write may have been taken', async () => {
    world.dials.state.set('lost', 1);
    const { apply, undo } = await running('lost');
    world.dials.faults.push((id) => {
      world.dials.state.set(id, 3);
      throw new OpsError('timeout', 'The answer was lost.', { service: 'Azure' });
    });
    expect(await apply(systemClock)).toMatchObject({ state: 'drifted', found: 3 });
    expect(await undo()).toMatchObject([{ before: 1, after: 5 }]);
  });
});
