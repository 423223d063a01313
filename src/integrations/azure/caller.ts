import { attentiveDeadline } from '../../domain/attentive-deadline.ts';
import { OpsError } from '../../errors.ts';
import { type Clock, systemClock } from '../../ports/clock.ts';
import { azureError, translateError } from './translate-error.ts';

/** How every call to Azure is made. `what` completes “Azure could not …”: `read the gateway agw-stamps`. */
export interface Caller {
  /** Repeated at most twice, while that may help and fits within the deadline, which is for all tries together. */
  read<T>(what: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Sent once: whoever writes looks at what is there before writing again. */
  write<T>(what: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

const repeats = 2;
const firstWaitMs = 200;

/**
 * Gives each call a deadline, and its errors in our words. Time in which the process itself did not get to run is not
 * counted. The deadline holds even where an SDK goes on by itself after an abort, as Cosmos does between its own tries. A
 * caller's own abort comes out as its reason.
 */
export function createCaller({ deadlineMs, clock }: { readonly deadlineMs: number; readonly clock: Clock }): Caller {
  const call: Caller['write'] = async (what, signal, work) => {
    signal.throwIfAborted();
    const deadline = attentiveDeadline(deadlineMs, systemClock);
    const either = AbortSignal.any([signal, deadline.signal]);
    const aborted = new Promise<never>((_resolve, reject) => {
      either.addEventListener('abort', () => reject(either.reason), { once: true });
    });
    try {
      return await Promise.race([work(either), aborted]);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (deadline.signal.aborted && !(error instanceof OpsError))
        throw deadline.starved() ? missed(what, error) : azureError('timeout', what, error);
      throw translateError(error, what, clock.now());
    } finally {
      deadline.end();
    }
  };

  return {
    write: call,
    read: (what, signal, work) =>
      call(what, signal, async (either) => {
        const endsAt = clock.now() + deadlineMs;
        for (let tries = 0; ; tries += 1) {
          try {
            return await work(either);
          } catch (error) {
            const translated = translateError(error, what, clock.now());
            const waitMs = translated.retryAfterMs ?? firstWaitMs * 2 ** tries;
            const mayHelp = translated.transient && translated.code !== 'timeout' && tries < repeats;
            if (either.aborted || !mayHelp || clock.now() + waitMs >= endsAt) throw error;
            await clock.sleep(waitMs, either);
          }
        }
      }),
  };
}

function missed(what: string, cause: unknown): OpsError {
  return new OpsError('timeout', `Stamps itself hardly got to run, so it missed whether Azure could ${what}.`, {
    hint: 'Its machine has too much to do: see to that, then ask again.',
    service: 'Azure',
    cause,
  });
}
