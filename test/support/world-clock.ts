import { type Clock, systemClock } from '../../src/ports/clock.ts';

/** The clock of a whole world: it goes with the machine's, and what a test lets pass, whoever sleeps has slept. */
export interface WorldClock extends Clock {
  pass(ms: number): void;
  /** Whoever sleeps looks anew, as at the end of the sleep. */
  wake(): void;
}

export function createWorldClock(): WorldClock {
  let passedMs = 0;
  const sleepers = new Map<AbortController, number>();
  const now = () => Date.now() + passedMs;
  const wakeBefore = (moment: number) => {
    for (const [sleeper, until] of sleepers) if (until <= moment) sleeper.abort();
  };
  return {
    now,
    async sleep(ms, signal) {
      const woken = new AbortController();
      sleepers.set(woken, now() + ms);
      try {
        await systemClock.sleep(ms, signal ? AbortSignal.any([signal, woken.signal]) : woken.signal);
      } catch (error) {
        if (signal?.aborted) throw error;
      } finally {
        sleepers.delete(woken);
      }
    },
    pass(ms) {
      passedMs += ms;
      wakeBefore(now());
    },
    wake: () => wakeBefore(Number.POSITIVE_INFINITY),
  };
}
