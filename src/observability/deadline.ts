import { OpsError } from '../errors.ts';

/** The promise's outcome, or `timeout` when it takes longer; the work itself goes on where it cannot be aborted. */
export async function withDeadline<T>(work: (signal: AbortSignal) => Promise<T>, ms: number): Promise<T> {
  const signal = AbortSignal.timeout(ms);
  const late = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new OpsError('timeout', `There was no answer within ${ms} ms.`)));
  });
  return Promise.race([work(signal), late]);
}
