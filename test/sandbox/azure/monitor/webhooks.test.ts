import { Webhooks } from '../../../../sandbox/azure/monitor/webhooks.ts';

function hooks(answers: readonly (number | 'none')[]) {
  const time = { now: 0 };
  const left = [...answers];
  const waits: number[] = [];
  let sent = 0;
  const webhooks = new Webhooks({
    now: () => time.now,
    blockMs: 900_000,
    wait: async (ms) => {
      waits.push(ms);
      time.now += ms;
    },
    send: async () => {
      sent += 1;
      const answer = left.shift() ?? 200;
      if (answer === 'none') throw new Error('connection refused');
      return answer;
    },
  });
  return { webhooks, waits, time, sent: () => sent };
}

describe('a webhook of an action group', () => {
  it.each([200, 202, 204])('is done with a %d', async (status) => {
    const { webhooks, waits } = hooks([status]);
    expect(await webhooks.post('http://a', '{}')).toEqual({ outcome: 'accepted', status, tries: 1 });
    expect(waits).toEqual([]);
  });

  it.each([400, 401, 413, 500, 302])('is not tried again after a %d', async (status) => {
    const { webhooks } = hooks([status]);
    expect(await webhooks.post('http://a', '{}')).toEqual({ outcome: 'refused', status, tries: 1 });
  });

  it('is tried again after 408, 429, 503, 504 and when nobody answers', async () => {
    const { webhooks, waits } = hooks([408, 429, 503, 504, 'none', 200]);
    expect(await webhooks.post('http://a', '{}')).toEqual({ outcome: 'accepted', status: 200, tries: 6 });
    expect(waits).toEqual([5_000, 20_000, 5_000, 40_000, 5_000]);
  });

  it('is left alone for fifteen minutes after the last try failed, and others are not', async () => {
    const { webhooks, time, sent } = hooks(Array(6).fill('none'));
    expect(await webhooks.post('http://a', '{}')).toEqual({ outcome: 'given-up', tries: 6 });
    expect(await webhooks.post('http://a', '{}')).toEqual({ outcome: 'blocked', tries: 0 });
    expect(sent()).toBe(6);
    expect(await webhooks.post('http://b', '{}')).toMatchObject({ outcome: 'accepted' });
    time.now += 900_000;
    expect(await webhooks.post('http://a', '{}')).toMatchObject({ outcome: 'accepted' });
  });
});
