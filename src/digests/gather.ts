import { isOpsError } from '../errors.ts';
import type { Logger } from '../ports/logger.ts';

/** Reads that may fail one by one: a report says what is missing, and is made of the rest. */
export interface Gathering {
  /** Sentences for people. */
  readonly missing: string[];
  /** Undefined: it could not be read, and `missing` says so. `what` begins the sentence: `Cost`. */
  get<T>(what: string, read: (signal: AbortSignal) => Promise<T>): Promise<T | undefined>;
}

/** So that one slow service does not hold up a report. */
const deadlineMs = 30_000;

export function createGathering(logger: Logger): Gathering {
  const missing: string[] = [];
  return {
    missing,
    async get(what, read) {
      const signal = AbortSignal.timeout(deadlineMs);
      const late = new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(new Late()), { once: true });
      });
      late.catch(() => undefined);
      try {
        return await Promise.race([read(signal), late]);
      } catch (error) {
        logger.warn({ err: error, part: what }, 'a part of a report could not be read');
        missing.push(`${what}: ${reasonOf(error)}`);
        return undefined;
      }
    },
  };
}

class Late extends Error {}

/** A bug's text may say anything: it is in the log. */
function reasonOf(error: unknown): string {
  if (error instanceof Late) return `no answer within ${deadlineMs / 1000} s.`;
  return isOpsError(error) ? error.message : 'the reading failed.';
}
