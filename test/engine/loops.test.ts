import { type Loop, runLoops } from '../../src/engine/loops.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Logger } from '../../src/ports/logger.ts';

/** A clock whose sleeps end when the test says so, or when they are no longer wanted. */
function heldClock() {
  const asleep: { ms: number; wake: () => void }[] = [];
  const clock: Clock = {
    now: () => 0,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        asleep.push({ ms, wake: resolve });
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      }),
  };
  return { clock, asleep, wake: (ms: number) => asleep.find((one) => one.ms === ms)?.wake() };
}

function world(loops: readonly Loop[]) {
  const stopper = new AbortController();
  const warned: unknown[] = [];
  const logger = { warn: (fields: unknown) => warned.push(fields) } as unknown as Logger;
  const held = heldClock();
  const running = runLoops(loops, { clock: held.clock, logger, stopping: stopper.signal });
  return { ...held, warned, running, stop: () => stopper.abort(new Error('the app ends')) };
}

/** Until nothing is left to do but to wait for the test. */
const settled = () => new Promise<void>((done) => setImmediate(done));

describe('loops', () => {
  it('start one after the other, so that their first turns share a connection', async () => {
    let [open, most] = [0, 0];
    const turns: string[] = [];
    const work = (name: string) => async () => {
      open += 1;
      most = Math.max(most, open);
      await settled();
      open -= 1;
      turns.push(name);
    };
    const names = ['outbox', 'effects', 'inbox'];
    const { running, stop } = world(names.map((name, n) => ({ name, everyMs: 1_000 + n, work: work(name) })));
    for (let n = 0; n < 10; n += 1) await settled();
    expect({ most, turns }).toEqual({ most: 1, turns: names });
    stop();
    await running;
  });

  it('wait no longer than a moment for a first turn that takes long', async () => {
    const turns: string[] = [];
    const long = Promise.withResolvers<void>();
    const { running, stop, wake } = world([
      { name: 'long', everyMs: 1_000, work: () => long.promise },
      { name: 'next', everyMs: 2_000, work: async () => turns.push('next') },
    ]);
    await settled();
    expect(turns).toEqual([]);
    wake(25);
    await settled();
    expect(turns).toEqual(['next']);
    long.resolve();
    stop();
    await running;
  });

  it('go on after a turn that failed, and begin the next loop all the same', async () => {
    const turns: string[] = [];
    const { running, stop, wake, warned } = world([
      {
        name: 'faltering',
        everyMs: 1_000,
        work: async () => {
          turns.push('faltering');
          if (turns.length === 1) throw new Error('away');
        },
      },
      { name: 'next', everyMs: 2_000, work: async () => turns.push('next') },
    ]);
    await settled();
    wake(1_000);
    await settled();
    expect(turns).toEqual(['faltering', 'next', 'faltering']);
    expect(warned).toMatchObject([{ loop: 'faltering' }]);
    stop();
    await running;
  });

  it('end when the app does, the ones that have not begun as well', async () => {
    const turns: string[] = [];
    const { running, stop } = world([
      { name: 'first', everyMs: 1_000, work: () => settled().then(() => stop()) },
      { name: 'second', everyMs: 1_000, work: async () => turns.push('second') },
    ]);
    await running;
    expect(turns).toEqual([]);
  });
});
