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
    const apply = async (clock: Clock, attempt = 1) => {
      await database.query('update stamps.runs set attempt = $2 where id = $1', [run.id, attempt]);
      const records = createChangeRecords(database, replica, clock, signal, { runId: run.id, attempt }, step);
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

  describe('and is put back after the answer was lost', () => {
    const lost = new OpsError('timeout', 'The answer was lost.', { service: 'Azure' });
    const putBack = (id: string) => {
      world.dials.versions.set(id, 'the third');
      throw lost;
    };

    it('is not sent again, as what was there before it is not what is there now', async () => {
      world.dials.state.set('moved', 1);
      world.dials.versions.set('moved', 'the first');
      const { apply, undo } = await running('moved');
      world.dials.faults.push(putBack);
      expect(await apply(systemClock)).toMatchObject({ state: 'failed', says: expect.stringContaining('put it back') });
      expect(world.dials.writes).toEqual([]);
      expect(await undo()).toMatchObject([{ before: 1, after: 5 }]);
    });

    it('is not sent again by another process either, and is when somebody retries', async () => {
      world.dials.state.set('left', 1);
      world.dials.versions.set('left', 'the first');
      const { apply } = await running('left');
      world.dials.faults.push((id) => {
        world.dials.versions.set(id, 'the third');
        throw new Error('the process dies');
      });
      await expect(apply(systemClock)).rejects.toThrow('the process dies');
      expect(await apply(systemClock)).toMatchObject({ state: 'failed' });
      expect(world.dials.writes).toEqual([]);
      expect(await apply(systemClock, 2)).toMatchObject({ state: 'done' });
    });

    it.each([
      [4, 'done', 1],
      [6, 'failed', 0],
    ])('which the version need not tell, is sent again after %i minutes: %s', async (agoMinutes, state, sent) => {
      const id = `untold-${agoMinutes}`;
      world.dials.state.set(id, 1);
      world.dials.versions.set(id, 'the first');
      world.dials.roundTripMs.set(id, 5 * 60_000);
      const { apply } = await running(id);
      world.dials.faults.push(() => {
        throw new Error('the process dies');
      });
      await expect(apply(systemClock)).rejects.toThrow('the process dies');
      await world.context.database.query(
        `update stamps.undo set sent_on = jsonb_set(sent_on, '{at}', to_jsonb(clock_timestamp() - make_interval(mins => $2)))
         where resource_id = $1`,
        [id, agoMinutes],
      );
      expect(await apply(systemClock)).toMatchObject({ state });
      expect(world.dials.writes).toHaveLength(sent);
      expect(await apply(systemClock, 2)).toMatchObject({ state: 'done' });
    });

    it('is sent again where nothing was taken', async () => {
      world.dials.state.set('same', 1);
      world.dials.versions.set('same', 'the first');
      const { apply } = await running('same');
      world.dials.faults.push(() => {
        throw lost;
      });
      expect(await apply(systemClock)).toMatchObject({ state: 'done' });
      expect(world.dials.writes).toEqual([{ id: 'same', to: 5 }]);
    });
  });
});
