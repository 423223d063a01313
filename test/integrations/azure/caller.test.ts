import { RestError } from '@azure/core-rest-pipeline';
import { createCaller } from '../../../src/integrations/azure/caller.ts';
import { systemClock } from '../../../src/ports/clock.ts';
import { never, steppingClock } from './scripted-azure.ts';

const unavailable = () => new RestError('no', { statusCode: 503 });
const throttled = (seconds: number) =>
  Object.assign(new Error('slow down'), { statusCode: 429, headers: { 'retry-after': String(seconds) } });
const hang = () => new Promise<never>(() => undefined);

function caller(deadlineMs = 10_000) {
  const clock = steppingClock();
  return { clock, call: createCaller({ deadlineMs, clock }) };
}

describe('a read', () => {
  it('is tried again until it works, twice at most', async () => {
    const { call, clock } = caller();
    const work = jest
      .fn()
      .mockRejectedValueOnce(unavailable())
      .mockRejectedValueOnce(unavailable())
      .mockResolvedValue('there');
    await expect(call.read('look', never, work)).resolves.toBe('there');
    expect(clock.slept).toEqual([200, 400]);

    work.mockReset().mockRejectedValue(unavailable());
    await expect(call.read('look', never, work)).rejects.toMatchObject({ code: 'unavailable' });
    expect(work).toHaveBeenCalledTimes(3);
  });

  it('waits as long as Azure asks', async () => {
    const { call, clock } = caller();
    const work = jest.fn().mockRejectedValueOnce(throttled(3)).mockResolvedValue('there');
    await call.read('look', never, work);
    expect(clock.slept).toEqual([3_000]);
  });

  it('does not wait past its deadline, and says how long Azure wants to be left alone', async () => {
    const { call, clock } = caller();
    const work = jest.fn().mockRejectedValue(throttled(17));
    await expect(call.read('look', never, work)).rejects.toMatchObject({ code: 'throttled', retryAfterMs: 17_000 });
    expect(clock.slept).toEqual([]);
  });

  it.each([404, 403, 409, 412, 400])('is not repeated after %d', async (statusCode) => {
    const { call } = caller();
    const work = jest.fn().mockRejectedValue(new RestError('no', { statusCode }));
    await expect(call.read('look', never, work)).rejects.toThrow();
    expect(work).toHaveBeenCalledTimes(1);
  });
});

describe('a write', () => {
  it.each([unavailable(), throttled(0), new RestError('reset', { code: 'REQUEST_SEND_ERROR' })])(
    'is sent once',
    async (error) => {
      const { call } = caller();
      const work = jest.fn().mockRejectedValue(error);
      await expect(call.write('change it', never, work)).rejects.toMatchObject({ transient: true });
      expect(work).toHaveBeenCalledTimes(1);
    },
  );
});

describe('any call', () => {
  it('ends at its deadline, even when the SDK does not listen', async () => {
    const call = createCaller({ deadlineMs: 20, clock: systemClock });
    await expect(call.read('look', never, hang)).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('look'),
    });
    await expect(call.write('change it', never, hang)).rejects.toMatchObject({ code: 'timeout' });
  });

  it('ends with the caller’s own reason when the caller gives up', async () => {
    const { call } = caller();
    const stop = new AbortController();
    const reason = new Error('fenced');
    const pending = call.write('change it', stop.signal, hang);
    stop.abort(reason);
    await expect(pending).rejects.toBe(reason);
    await expect(call.read('look', stop.signal, hang)).rejects.toBe(reason);
  });
});
