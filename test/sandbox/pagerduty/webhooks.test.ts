import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type PagerDutyTestEmulator, startPagerDutyEmulator } from '../../../sandbox/pagerduty/start-pagerduty.ts';

describe('the PagerDuty emulator’s webhooks', () => {
  let pager: PagerDutyTestEmulator;
  let server: Server;
  let now: number;
  /** Statuses to answer, the last one for ever; 0: no answer. */
  let answers: number[];
  const got: { id: string; signature: string; body: string; event: Record<string, unknown> }[] = [];

  beforeEach(async () => {
    now = Date.parse('2026-11-24T03:00:00Z');
    answers = [202];
    got.length = 0;
    server = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part);
      const body = Buffer.concat(parts).toString('utf8');
      got.push({
        id: String(request.headers['x-webhook-id']),
        signature: String(request.headers['x-pagerduty-signature']),
        body,
        event: JSON.parse(body).event,
      });
      const status = (answers.length > 1 ? answers.shift() : answers[0]) ?? 202;
      if (status === 0) request.socket.destroy();
      else response.writeHead(status).end();
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    pager = await startPagerDutyEmulator({ now: () => now, retryDelaysMs: [0, 0, 0, 0] });
    pager.webhookUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  });
  afterEach(async () => {
    await pager.close();
    server.closeAllConnections();
    server.close();
  });

  async function open(key: string): Promise<string> {
    await fetch(`${pager.eventsUrl}/v2/enqueue`, {
      method: 'POST',
      body: JSON.stringify({
        routing_key: pager.routingKey,
        event_action: 'trigger',
        dedup_key: key,
        payload: { summary: 'down', source: 'test', severity: 'critical' },
      }),
    });
    await pager.webhooks.idle();
    return pager.incidents.findLast(({ dedupKey }) => dedupKey === key)?.id ?? '';
  }

  it('are signed over their body, name who did it, and have an id of their own', async () => {
    const id = await open('i-1');
    pager.as('PUBEN02').acknowledge(id);
    await pager.webhooks.idle();
    expect(got.map(({ event }) => event.event_type)).toEqual(['incident.triggered', 'incident.acknowledged']);
    expect(got[1]?.event).toMatchObject({
      agent: { id: 'PUBEN02', summary: 'Ben Okafor', type: 'user_reference' },
      data: { type: 'incident', incident_key: 'i-1', status: 'acknowledged' },
    });
    for (const { signature, body } of got) {
      expect(signature).toBe(`v1=${createHmac('sha256', pager.webhookSecret).update(body).digest('hex')}`);
    }
    expect(new Set(got.map((one) => one.id)).size).toBe(2);
  });

  it('carry one signature for each secret while they rotate', async () => {
    pager.webhooks.secrets = ['old', 'new'];
    await open('i-1');
    expect(got[0]?.signature).toMatch(/^v1=[0-9a-f]{64},v1=[0-9a-f]{64}$/);
  });

  it.each([[500], [503], [429], [0]])('are tried five times in all with the same id after %i', async (status) => {
    answers = [status];
    await open('i-1');
    expect(got).toHaveLength(5);
    expect(new Set(got.map(({ id }) => id)).size).toBe(1);
  });

  it('are dropped at once after another 4xx, and three of them switch all off for 24 hours', async () => {
    answers = [404];
    for (const key of ['a', 'b', 'c', 'd']) await open(key);
    expect(got).toHaveLength(3);
    expect(pager.account.webhooks.off).toBe(true);
    answers = [202];
    now += 24 * 3_600_000 - 1;
    await open('e');
    expect(got).toHaveLength(3);
    now += 1;
    await open('f');
    expect(got).toHaveLength(4);
  });

  it('forget two that were dropped when the third arrives', async () => {
    answers = [404, 404, 202, 404, 404, 202];
    for (const key of ['a', 'b', 'c', 'd', 'e', 'f']) await open(key);
    expect(pager.account.webhooks.off).toBe(false);
    expect(got).toHaveLength(6);
  });

  it('can come again, and out of order', async () => {
    pager.webhooks.hold();
    const id = await open('i-1');
    pager.as('PUANA01').acknowledge(id);
    pager.as('PUANA01').resolve(id);
    pager.webhooks.release((waiting) => waiting.toReversed());
    await pager.webhooks.idle();
    expect(got.map(({ event }) => event.event_type)).toEqual([
      'incident.resolved',
      'incident.acknowledged',
      'incident.triggered',
    ]);
    expect(await pager.replayWebhook()).toBe(202);
    expect(got.at(-1)?.id).toBe(got[2]?.id);
  });
});
