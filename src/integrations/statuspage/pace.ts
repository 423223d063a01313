import type { Clock } from '../../ports/clock.ts';

/** Lets callers through one after another, so many milliseconds apart. Rejects with the signal's reason. */
export function createPace(clock: Clock, everyMs: number): (signal: AbortSignal) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  let lastAt = Number.NEGATIVE_INFINITY;
  return (signal) => {
    const mine = last.then(async () => {
      signal.throwIfAborted();
      // Never longer than that, even when the clock was set back.
      const wait = Math.min(everyMs, lastAt + everyMs - clock.now());
      if (wait > 0) await clock.sleep(wait, signal);
      lastAt = clock.now();
    });
    last = mine.catch(() => undefined);
    return mine;
  };
}
