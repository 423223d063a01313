import { type AttentiveDeadline, attentiveDeadline } from '../domain/attentive-deadline.ts';
import { formatDuration } from '../domain/duration.ts';
import { isOpsError, OpsError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';

/** Reads side by side, until a common deadline. What fails or is late is undefined: not known, and noted why. */
export interface Reading {
  readonly signal: AbortSignal;
  /** What could not be read, without repeats. */
  readonly troubles: Set<string>;
  attempt<T>(what: string, read: (signal: AbortSignal) => Promise<T>): Promise<T | undefined>;
}

/**
 * Gives `work` a reading that ends after so many milliseconds, whether or not the ports heed the signal. Time in which
 * the process itself did not get to run is not counted.
 */
export async function readWithin<T>(clock: Clock, ms: number, work: (reading: Reading) => Promise<T>): Promise<T> {
  const late = new AbortController();
  const deadline = attentiveDeadline(ms, clock);
  deadline.signal.addEventListener('abort', () => late.abort(new OpsError('timeout', lateWords(ms, deadline))), {
    once: true,
  });
  const troubles = new Set<string>();
  const attempt: Reading['attempt'] = async (what, read) => {
    const ended = new Promise<never>((_, reject) => {
      if (late.signal.aborted) reject(late.signal.reason);
      late.signal.addEventListener('abort', () => reject(late.signal.reason), { once: true });
    });
    ended.catch(() => undefined);
    try {
      return await Promise.race([read(late.signal), ended]);
    } catch (error) {
      // A bug in a client is as much “not known” as a refusal; its text may say anything, so it isn't shown.
      troubles.add(`${what}: ${isOpsError(error) ? error.message : 'the reading failed'}`);
      return undefined;
    }
  };
  try {
    return await work({ signal: late.signal, troubles, attempt });
  } finally {
    deadline.end();
  }
}

function lateWords(ms: number, { starved, tookMs }: AttentiveDeadline): string {
  return starved()
    ? `no answer within ${formatDuration(tookMs())}, in which Stamps itself hardly got to run`
    : `no answer within ${formatDuration(ms)}`;
}

/** One attempt. Null: it is not there. Undefined: not known. */
export function unlessMissing<T>(
  { attempt }: Pick<Reading, 'attempt'>,
  what: string,
  read: (signal: AbortSignal) => Promise<T>,
): Promise<T | null | undefined> {
  return attempt(what, async (signal) => {
    try {
      return await read(signal);
    } catch (error) {
      if (isOpsError(error, 'not-found')) return null;
      throw error;
    }
  });
}
