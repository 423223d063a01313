import { attentiveDeadline } from '../domain/attentive-deadline.ts';
import { OpsError } from '../errors.ts';
import { systemClock } from '../ports/clock.ts';

/**
 * Work that has so many milliseconds in which the process gets to run, and ends with the process. What is late is
 * `timeout`, with words for people, also where the work lets the signal's own reason through.
 */
export async function withinDeadline<T>(
  ms: number,
  stopping: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = attentiveDeadline(Math.max(1, ms), systemClock);
  try {
    return await work(AbortSignal.any([stopping, deadline.signal]));
  } catch (error) {
    if (!deadline.signal.aborted || stopping.aborted || error instanceof OpsError) throw error;
    const waited = Math.ceil((deadline.starved() ? deadline.tookMs() : ms) / 1_000);
    throw deadline.starved()
      ? new OpsError('timeout', `No answer was seen within ${waited} s, in which Stamps itself hardly got to run.`, {
          hint: 'Its machine has too much to do: see to that, then try again.',
          cause: error,
        })
      : new OpsError('timeout', `No answer came within ${waited} s.`, {
          hint: 'Look whether the service is slow, then try again.',
          cause: error,
        });
  } finally {
    deadline.end();
  }
}
