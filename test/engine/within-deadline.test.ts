import { withinDeadline } from '../../src/engine/within-deadline.ts';
import { OpsError } from '../../src/errors.ts';

const until = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

describe('work within a deadline', () => {
  const goesOn = new AbortController().signal;

  it('that is late is told to people as late, not as a fault of Stamps', async () => {
    await expect(withinDeadline(5, goesOn, until)).rejects.toMatchObject({
      code: 'timeout',
      message: 'No answer came within 1 s.',
      transient: true,
    });
  });

  it('has its time again in which the process did not run', async () => {
    const answers = (signal: AbortSignal) =>
      new Promise<string>((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        // As an answer that lies in a socket: whoever occupies the process for longer than the deadline reads it afterwards.
        setImmediate(() => {
          for (const end = performance.now() + 400; performance.now() < end; );
          setImmediate(() => setImmediate(() => resolve('there')));
        });
      });
    await expect(withinDeadline(200, goesOn, answers)).resolves.toBe('there');
  });

  it('keeps the words of whoever knew better', async () => {
    const told = new OpsError('throttled', 'Azure is busy.');
    await expect(withinDeadline(5, goesOn, (signal) => until(signal).catch(() => Promise.reject(told)))).rejects.toBe(
      told,
    );
  });

  it('ends with the process, by the process’s own reason', async () => {
    const stopper = new AbortController();
    const work = withinDeadline(60_000, stopper.signal, until);
    const reason = new OpsError('unavailable', 'Stamps is stopping.');
    stopper.abort(reason);
    await expect(work).rejects.toBe(reason);
  });
});
