import { OpsError } from '../errors.ts';

/**
 * Work that has so many milliseconds, and ends with the process. What is late is `timeout`, with words for people,
 * also where the work lets the signal's own reason through.
 */
export async function withinDeadline<T>(
  ms: number,
  stopping: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = AbortSignal.timeout(Math.max(1, ms));
  try {
    return await work(AbortSignal.any([stopping, deadline]));
  } catch (error) {
    if (!deadline.aborted || stopping.aborted || error instanceof OpsError) throw error;
    throw new OpsError('timeout', `No answer came within ${Math.ceil(ms / 1_000)} s.`, {
      hint: 'Look whether the service is slow, then try again.',
      cause: error,
    });
  }
}
