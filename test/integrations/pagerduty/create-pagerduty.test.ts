import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPagerDuty } from '../../../src/integrations/pagerduty/create-pagerduty.ts';
import type { PageRequest } from '../../../src/ports/pager.ts';
import { Secret } from '../../../src/secret.ts';

const never = new AbortController().signal;
const request: PageRequest = {
  key: 'run-1/lease',
  summary: 'The isolation of cell-banking has ended.',
  source: 'stamps',
  severity: 'critical',
  details: { run: 'run-1' },
};
interface Told {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}
const accepted: Told = { status: 202, body: { status: 'success', dedup_key: 'run-1/lease' } };

describe('PagerDuty', () => {
  let server: Server;
  let url: string;
  let answers: (Told | 'lost' | 'never')[];
  const asked: { method: string | undefined; path: string | undefined; body: Record<string, unknown> }[] = [];

  beforeAll(async () => {
    server = createServer(async (incoming, response) => {
      const parts: Buffer[] = [];
      for await (const part of incoming) parts.push(part);
      asked.push({ method: incoming.method, path: incoming.url, body: JSON.parse(Buffer.concat(parts).toString()) });
      const told = (answers.length > 1 ? answers.shift() : answers[0]) ?? accepted;
      if (told === 'never') return;
      if (told === 'lost') return void incoming.socket.destroy();
      const text = typeof told.body === 'string' ? told.body : JSON.stringify(told.body ?? {});
      response.writeHead(told.status, { 'content-type': 'application/json', ...told.headers }).end(text);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    answers = [accepted];
    asked.length = 0;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const pager = (deadlineMs = 10_000) =>
    createPagerDuty({ routingKey: new Secret('R0UTE'), eventsUrl: url, deadlineMs });

  it('triggers an event that a repeat does not double', async () => {
    await pager().page(request, never);
    expect(asked).toEqual([
      {
        method: 'POST',
        path: '/v2/enqueue',
        body: {
          routing_key: 'R0UTE',
          event_action: 'trigger',
          dedup_key: 'run-1/lease',
          payload: {
            summary: 'The isolation of cell-banking has ended.',
            source: 'stamps',
            severity: 'critical',
            custom_details: { run: 'run-1' },
          },
        },
      },
    ]);
  });

  it.each(['acknowledge', 'resolve'] as const)('tells PagerDuty to %s by the same key', async (action) => {
    await pager()[action]('run-1/lease', never);
    expect(asked).toMatchObject([
      { path: '/v2/enqueue', body: { routing_key: 'R0UTE', event_action: action, dedup_key: 'run-1/lease' } },
    ]);
  });

  it('cuts a summary that PagerDuty would refuse', async () => {
    await pager().page({ ...request, summary: 'x'.repeat(2_000) }, never);
    expect(asked[0]?.body.payload).toMatchObject({ summary: `${'x'.repeat(1_023)}…` });
  });

  it('takes a refusal for final, and says why', async () => {
    answers = [
      {
        status: 400,
        body: { status: 'invalid event', message: 'Event object is invalid', errors: ['“routing_key” is unknown'] },
      },
    ];
    await expect(pager().page(request, never)).rejects.toMatchObject({
      code: 'bad-input',
      service: 'PagerDuty',
      message: 'PagerDuty refused the page (400): Event object is invalid; “routing_key” is unknown',
    });
    expect(asked).toHaveLength(1);
  });

  it('goes on after it was throttled for a moment', async () => {
    answers = [{ status: 429 }, accepted];
    await pager().page(request, never);
    expect(asked.map(({ body }) => body.dedup_key)).toEqual(['run-1/lease', 'run-1/lease']);
  });

  it('says when it stays throttled, and for how long', async () => {
    answers = [{ status: 429, headers: { 'retry-after': '60' } }];
    await expect(pager().page(request, never)).rejects.toMatchObject({ code: 'throttled', retryAfterMs: 60_000 });
  });

  it.each<[string, Told | 'lost', string]>([
    ['a fault of PagerDuty’s', { status: 503, body: { message: 'no' } }, 'unavailable'],
    ['a proxy’s page', { status: 502, body: '<html>' }, 'unavailable'],
    ['an answer that is lost', 'lost', 'unavailable'],
  ])('calls %s something to try again', async (_name, told, code) => {
    answers = [told];
    await expect(pager().page(request, never)).rejects.toMatchObject({ code, transient: true });
  });

  it('gives up at its deadline', async () => {
    answers = ['never'];
    await expect(pager(100).page(request, never)).rejects.toMatchObject({ code: 'timeout', transient: true });
  });

  it('ends with the caller’s own reason when the caller gives up', async () => {
    answers = ['never'];
    const stop = new AbortController();
    const reason = new Error('stopping');
    const page = pager().page(request, stop.signal);
    stop.abort(reason);
    await expect(page).rejects.toBe(reason);
  });

  it('shows its key to nobody', async () => {
    answers = [{ status: 400, body: {} }];
    const error: unknown = await pager()
      .page(request, never)
      .catch((reason: unknown) => reason);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('R0UTE');
  });
});
