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
