import type { Clock } from '../../../src/ports/clock.ts';

const stepMs = 10;

/** A clock that a test winds. */
export function createFakeClock(startIso = '2026-11-24T03:11:00.000Z') {
  let now = Date.parse(startIso);
  const sleepers = new Set<{ until: number; wake: () => void }>();
  const clock: Clock = {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const sleeper = { until: now + ms, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          reject(signal.reason);
        });
      }),
  };
  function advance(ms: number): void {
    now += ms;
    for (const sleeper of [...sleepers]) {
      if (sleeper.until > now) continue;
      sleepers.delete(sleeper);
      sleeper.wake();
    }
  }
  return {
    clock,
    sleeping: () => sleepers.size,
    /** All at once: to whoever sleeps it is as if the process had not run meanwhile. */
    advance,
    /** As time passes for a process that gets to run. */
    async pass(ms: number) {
      for (let leftMs = ms; leftMs > 0; leftMs -= stepMs) {
        advance(Math.min(stepMs, leftMs));
        await new Promise((turn) => setImmediate(turn));
      }
    },
  };
}
