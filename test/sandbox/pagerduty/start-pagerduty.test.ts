import { event } from '@pagerduty/pdjs';
import type { PagerDutyEmulator } from '../../../sandbox/pagerduty/contract.ts';
import { startPagerDutyEmulator } from '../../../sandbox/pagerduty/start-pagerduty.ts';
import { plainHttpAgent } from '../../../src/integrations/pagerduty/plain-http-agent.ts';

describe('the PagerDuty emulator', () => {
  let pager: PagerDutyEmulator;
  beforeEach(async () => {
    pager = await startPagerDutyEmulator();
  });
  afterEach(() => pager.close());

  const trigger = (more: object = {}) => ({
    routing_key: pager.routingKey,
    event_action: 'trigger',
    dedup_key: 'run-1',
    payload: { summary: 'cell-banking is down', source: 'stamps', severity: 'critical' },
    ...more,
  });

  async function send(body: unknown, path = '/v2/enqueue') {
    const answer = await fetch(`${pager.eventsUrl}${path}`, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: answer.status, body: await answer.json() };
  }

  it('takes an event of PagerDuty’s own SDK', async () => {
    // Handed through to node-fetch; the SDK's types do not know it.
    const transport = { server: new URL(pager.eventsUrl).host, agent: plainHttpAgent() };
    const { status, data } = await event({ ...transport, data: trigger() as Parameters<typeof event>[0]['data'] });
    expect([status, data.dedup_key]).toEqual([202, 'run-1']);
  });

  it('makes one incident of one key, through its life', async () => {
    await send(trigger());
    await send(trigger({ payload: { summary: 'still down', source: 'stamps', severity: 'critical' } }));
    expect(pager.incidents).toMatchObject([
      { dedupKey: 'run-1', summary: 'still down', triggers: 2, status: 'triggered', assignees: ['Ana Ruiz'] },
    ]);
    await send(trigger({ event_action: 'acknowledge' }));
    await send(trigger());
    expect(pager.incidents).toMatchObject([{ triggers: 3, status: 'acknowledged' }]);
    await send(trigger({ event_action: 'resolve' }));
    await send(trigger({ event_action: 'acknowledge' }));
    expect(pager.incidents).toMatchObject([{ status: 'resolved' }]);
    await send(trigger());
    // A key that was resolved opens another incident.
    expect(pager.incidents).toMatchObject([{ status: 'resolved' }, { triggers: 1, status: 'triggered' }]);
  });

  it('makes a key where none is given, another one each time', async () => {
    const [first, second] = [
      await send(trigger({ dedup_key: undefined })),
      await send(trigger({ dedup_key: undefined })),
    ];
    expect(first.body.dedup_key).not.toBe(second.body.dedup_key);
    expect(pager.incidents).toHaveLength(2);
  });

  it('accepts that somebody resolves what it does not know', async () => {
    expect((await send(trigger({ event_action: 'resolve' }))).status).toBe(202);
    expect(pager.incidents).toEqual([]);
  });

  it.each([
    ['a foreign key', { routing_key: 'x'.repeat(32) }],
    ['a short key', { routing_key: 'x' }],
    ['an unknown action', { event_action: 'shout' }],
    ['no payload', { payload: undefined }],
    ['an unknown severity', { payload: { summary: 'a', source: 'b', severity: 'P0' } }],
    ['a summary over 1,024 characters', { payload: { summary: 'a'.repeat(1_025), source: 'b', severity: 'info' } }],
    ['a dedup_key over 255 characters', { dedup_key: 'k'.repeat(256) }],
    ['an event over 512 KB', { client: 'é'.repeat(300_000) }],
    ['a resolve without a key', { event_action: 'resolve', dedup_key: undefined }],
  ])('refuses %s', async (_, more) => {
    expect(await send(trigger(more))).toMatchObject({
      status: 400,
      body: { status: 'invalid event', errors: [expect.any(String)] },
    });
    expect(pager.incidents).toEqual([]);
  });

  it('refuses what is no JSON, and knows no other path', async () => {
    expect((await send('{')).status).toBe(400);
    expect((await send(trigger(), '/v1/enqueue')).status).toBe(404);
  });

  it('takes the longest that is allowed', async () => {
    expect((await send(trigger({ dedup_key: 'k'.repeat(255) }))).status).toBe(202);
  });

  it('refuses as often as it is told to', async () => {
    pager.throttle(2);
    const statuses = [await send(trigger()), await send(trigger()), await send(trigger())].map(({ status }) => status);
    expect(statuses).toEqual([429, 429, 202]);
  });
});
