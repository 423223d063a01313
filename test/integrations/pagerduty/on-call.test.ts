import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type PagerDutyTestEmulator, startPagerDutyEmulator } from '../../../sandbox/pagerduty/start-pagerduty.ts';
import { createOnCall } from '../../../src/integrations/pagerduty/create-on-call.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { DirectPage } from '../../../src/ports/on-call.ts';
import { Secret } from '../../../src/secret.ts';

const never = new AbortController().signal;
const now = Date.parse('2026-11-24T03:00:00Z');
const clock: Clock = { now: () => now, sleep: async () => undefined };
const page: DirectPage = {
  key: 'stamps/page/1',
  title: 'Ana pages: card payments time out',
  details: 'card payments time out',
  to: { policy: 'PDATABS' },
  by: 'ana@stamps.example',
};

describe('on call, over the emulator', () => {
  let pager: PagerDutyTestEmulator;
  beforeEach(async () => {
    pager = await startPagerDutyEmulator({ now: () => now });
  });
  afterEach(() => pager.close());

  const onCall = (apiToken = pager.apiToken, routingKey = pager.routingKey) =>
    createOnCall({
      apiToken: new Secret(apiToken),
      apiUrl: pager.apiUrl,
      routingKey: new Secret(routingKey),
      from: pager.appEmail,
      clock,
    });

  it('knows policies, people and shifts, now and next', async () => {
    expect(await onCall().policies(never)).toEqual([
      { id: 'PPLATFM', name: 'Platform' },
      { id: 'PDATABS', name: 'Databases' },
    ]);
    expect((await onCall().people(never)).map(({ email }) => email)).toContain('eva@databases.example');
    const shifts = await onCall().shifts(30, never, 'PPLATFM');
    expect(shifts.map(({ level, person, from }) => [level, person.name, from])).toEqual([
      [1, 'Ana Ruiz', '2026-11-19T00:00:00.000Z'],
      [1, 'Ben Okafor', '2026-11-26T00:00:00.000Z'],
      [1, 'Chloe Martin', '2026-12-03T00:00:00.000Z'],
      [2, 'Ben Okafor', '2026-11-19T00:00:00.000Z'],
      [2, 'Chloe Martin', '2026-11-26T00:00:00.000Z'],
      [2, 'Ana Ruiz', '2026-12-03T00:00:00.000Z'],
    ]);
    const now = await onCall().shifts(0, never, 'PDATABS');
    expect(now.map(({ person, from }) => [person.name, from])).toEqual([
      ['Eva Brandt', '2026-11-19T00:00:00.000Z'],
      ['Dana Levi', undefined],
    ]);
  });

  it('knows the policy of the service that our pages go to, and that an orchestration’s key has none', async () => {
    expect(await onCall().ownPolicy(never)).toEqual({ id: 'PPLATFM', name: 'Platform' });
    expect(await onCall(pager.apiToken, 'R0ORCHESTRATION00000000000000000').ownPolicy(never)).toBeUndefined();
  });

  it('pages in the app’s own name, and tells what became of it, as often as it is said', async () => {
    const { by: _, ...ours } = page;
    await onCall().page(ours, never);
    expect(await onCall().move(page.key, 'acknowledged', never)).toBe(true);
    expect(pager.incidents[0]?.status).toBe('acknowledged');
    expect(await onCall().move(page.key, 'resolved', never)).toBe(true);
    expect(await onCall().move(page.key, 'acknowledged', never)).toBe(true);
    expect(pager.incidents[0]?.status).toBe('resolved');
    expect(await onCall().move('stamps/i-9/escalated-1', 'resolved', never)).toBe(false);
  });

  it('pages a policy once for its key, on the service of our own pages', async () => {
    const first = await onCall().page(page, never);
    expect(await onCall().page(page, never)).toEqual(first);
    expect(pager.incidents).toMatchObject([
      { dedupKey: page.key, service: 'Stamps', policy: 'Databases', assignees: ['Eva Brandt'], triggers: 1 },
    ]);
  });

  it('does not page again though the first was resolved before the repeat', async () => {
    await onCall().page(page, never);
    pager.as('PUEVA05').resolve(pager.incidents[0]?.id ?? '');
    await onCall().page(page, never);
    expect(pager.incidents).toHaveLength(1);
  });

  it('makes one incident of two pages with one key at the same time', async () => {
    await Promise.all([onCall().page(page, never), onCall().page(page, never)]);
    expect(pager.incidents).toHaveLength(1);
  });

  it('pages a person, and cuts a title that is too long', async () => {
    await onCall().page({ ...page, to: { person: 'PUBEN02' }, title: 'x'.repeat(2_000) }, never);
    expect(pager.incidents).toMatchObject([{ assignees: ['Ben Okafor'], summary: `${'x'.repeat(1_023)}…` }]);
  });

  it('takes the policy’s own service when the routing key is of none', async () => {
    await onCall(undefined, 'of-an-orchestration').page(page, never);
    expect(pager.incidents).toMatchObject([{ service: 'Databases' }]);
  });

  it('says when PagerDuty does not know you', async () => {
    await expect(onCall().page({ ...page, by: 'gus@elsewhere.example' }, never)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('no PagerDuty user has your Slack e-mail'),
    });
  });

  it('says when the token is wrong, and shows it to nobody', async () => {
    const error: unknown = await onCall('s3cret')
      .people(never)
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'misconfigured', hint: expect.stringContaining('PAGERDUTY_API_TOKEN') });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('s3cret');
  });

  it('finds the key of an incident', async () => {
    await onCall().page(page, never);
    expect(await onCall().keyOf(pager.incidents[0]?.id ?? '', never)).toBe(page.key);
    expect(await onCall().keyOf('QNONE', never)).toBeUndefined();
    expect(await onCall().keyOf('../users', never)).toBeUndefined();
  });

  it('goes on after it was throttled for a moment', async () => {
    pager.throttleRest(1);
    expect(await onCall().policies(never)).toHaveLength(2);
  });
});

describe('on call, told what PagerDuty answers', () => {
  let server: Server;
  let url: string;
  let told: { status: number; body?: string; headers?: Record<string, string> } | 'never' | 'lost';
  let atOnce = 0;
  let mostAtOnce = 0;
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      atOnce += 1;
      mostAtOnce = Math.max(mostAtOnce, atOnce);
      request.resume();
      await new Promise((turn) => setImmediate(turn));
      atOnce -= 1;
      if (told === 'never') return;
      if (told === 'lost') return void request.socket.destroy();
      response.writeHead(told.status, { 'content-type': 'application/json', ...told.headers }).end(told.body ?? '{}');
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const onCall = (deadlineMs = 8_000) =>
    createOnCall({
      apiToken: new Secret('t'),
      apiUrl: url,
      routingKey: new Secret('r'),
      from: undefined,
      clock,
      deadlineMs,
    });

  it.each<[string, typeof told, string]>([
    ['trouble of its own', { status: 503 }, 'unavailable'],
    ['a proxy’s page', { status: 502, body: '<html>' }, 'unavailable'],
    ['a broken connection', 'lost', 'unavailable'],
    ['a shape that is unknown', { status: 200, body: '{"users":{}}' }, 'bad-response'],
    ['a refusal', { status: 400, body: '{"error":{"message":"Invalid","errors":["limit"]}}' }, 'bad-input'],
  ])('calls %s by its name', async (_, answer, code) => {
    told = answer;
    await expect(onCall().people(never)).rejects.toMatchObject({ code, service: 'PagerDuty' });
  });

  it('says for how long it stays throttled', async () => {
    told = { status: 429, headers: { 'ratelimit-reset': '20' } };
    await expect(onCall().people(never)).rejects.toMatchObject({ code: 'throttled', retryAfterMs: 20_000 });
  });

  it('is told of throttling without a body', async () => {
    told = { status: 429, body: '' };
    await expect(onCall().people(never)).rejects.toMatchObject({ code: 'throttled' });
  });

  it('gives up at its deadline', async () => {
    told = 'never';
    await expect(onCall(100).people(never)).rejects.toMatchObject({ code: 'timeout' });
  });

  it('asks one thing at a time', async () => {
    told = { status: 200, body: '{"users":[]}' };
    mostAtOnce = 0;
    const one = onCall();
    await Promise.all([one.people(never), one.people(never), one.people(never)]);
    expect(mostAtOnce).toBe(1);
  });
});
