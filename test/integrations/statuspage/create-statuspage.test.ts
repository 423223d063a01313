import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StatuspageEmulator } from '../../../sandbox/statuspage/contract.ts';
import { startStatuspageEmulator } from '../../../sandbox/statuspage/start-statuspage.ts';
import type { StatusUpdate } from '../../../src/domain/status-update.ts';
import { createStatuspage } from '../../../src/integrations/statuspage/create-statuspage.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { Secret } from '../../../src/secret.ts';

const never = new AbortController().signal;
const banking = 'bnk7c1d2e3f4';
const update: StatusUpdate = {
  name: 'Problems with Banking',
  status: 'investigating',
  impact: 'major',
  body: 'We are looking.',
  components: { [banking]: 'partial_outage' },
};
const marker = 'i-17 2026-11-24T03:06:00.000Z';

/** Sleeping passes the time. */
function passingClock(from = Date.parse('2026-11-24T03:00:00Z')) {
  let now = from;
  const slept: number[] = [];
  const clock: Clock = {
    now: () => now,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      slept.push(ms);
      now += ms;
    },
  };
  return { clock, slept };
}

describe('Statuspage, over the emulator', () => {
  let page: StatuspageEmulator;
  let time: ReturnType<typeof passingClock>;
  beforeEach(async () => {
    time = passingClock();
    page = await startStatuspageEmulator({ now: time.clock.now });
  });
  afterEach(() => page.close());

  const client = (apiKey = page.apiKey, pageId = page.pageId) =>
    createStatuspage({ pageId, apiKey: new Secret(apiKey), apiUrl: page.apiUrl, clock: time.clock });
  const shown = () => page.snapshot().incidents;

  it('knows the components of the page', async () => {
    expect(await client().components(never)).toContainEqual({ id: banking, name: 'Banking', status: 'operational' });
  });

  it('opens one incident, updates it and resolves it, components with it', async () => {
    const one = client();
    const first = await one.publish(update, marker, 'u-1', never);
    const second = { ...update, status: 'identified' as const, body: 'We know why.' };
    expect(await one.publish(second, marker, 'u-2', never)).toEqual(first);
    const last = {
      ...update,
      status: 'resolved' as const,
      body: 'Over.',
      components: { [banking]: 'operational' as const },
    };
    await one.publish(last, marker, 'u-3', never);
    expect(shown()).toMatchObject([
      {
        status: 'resolved',
        impact: 'major',
        updates: [{ body: 'Over.' }, { body: 'We know why.' }, { body: 'We are looking.' }],
      },
    ]);
    expect(page.snapshot().components).toContainEqual({ id: banking, name: 'Banking', status: 'operational' });
  });

  it.each(['first', 'second'])(
    'has one incident and one update though the answer to the %s was lost',
    async (which) => {
      const one = client();
      if (which === 'second') await one.publish(update, marker, 'u-0', never);
      page.loseAnswers(1);
      const lost = { ...update, status: 'identified' as const, body: 'Lost on the way.' };
      await expect(one.publish(lost, marker, 'u-1', never)).rejects.toMatchObject({ code: 'unavailable' });
      await one.publish(lost, marker, 'u-1', never);
      expect(shown()).toHaveLength(1);
      expect(shown()[0]?.updates.filter(({ body }) => body === 'Lost on the way.')).toHaveLength(1);
    },
  );

  it('knows that the last words were said though their answer was lost', async () => {
    const one = client();
    await one.publish(update, marker, 'u-1', never);
    page.loseAnswers(1);
    const last = { ...update, status: 'resolved' as const };
    await expect(one.publish(last, marker, 'u-2', never)).rejects.toThrow();
    await one.publish(last, marker, 'u-2', never);
    expect(shown()).toHaveLength(1);
    expect(shown()[0]?.updates).toHaveLength(2);
  });

  it('keeps incidents of other markers apart, and opens a new one once the old is over', async () => {
    const one = client();
    await one.publish(update, marker, 'u-1', never);
    await one.publish(update, 'i-18 x', 'u-2', never);
    await one.publish({ ...update, status: 'resolved' }, marker, 'u-3', never);
    await one.publish(update, marker, 'u-4', never);
    expect(shown().map(({ status }) => status)).toEqual(['investigating', 'investigating', 'resolved']);
  });

  it('resolves nothing that is not open', async () => {
    await expect(client().publish({ ...update, status: 'resolved' }, marker, 'u-1', never)).rejects.toMatchObject({
      code: 'refused',
    });
    expect(shown()).toEqual([]);
  });

  it('asks once a second, whoever asks, so that a minute’s limit is never met', async () => {
    const one = client();
    for (let n = 0; n < 100; n += 1) await one.components(never);
    expect(time.slept).toEqual(Array(99).fill(1_000));
  });

  it.each([420, 429])('says for how long it is throttled by %i', async (status) => {
    page.throttle(1, status, 7);
    await expect(client().components(never)).rejects.toMatchObject({ code: 'throttled', retryAfterMs: 7_000 });
  });

  it('says what Statuspage refuses', async () => {
    const wrong = { ...update, components: { nothere: 'operational' as const } };
    await expect(client().publish(wrong, marker, 'u-1', never)).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('Component nothere does not belong to the page'),
    });
  });

  it.each([
    ['key', 'w/rong', undefined, 'STATUSPAGE_API_KEY'],
    ['page', undefined, '../other', 'STATUSPAGE_PAGE_ID'],
  ])('names the setting when the %s is wrong, and shows no key', async (_, key, pageId, hint) => {
    const error: unknown = await client(key, pageId)
      .components(never)
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'misconfigured', hint: expect.stringContaining(hint) });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toMatch(/w\/rong|sandbox-statuspage-key/);
  });
});

describe('Statuspage, told what it answers', () => {
  let server: Server;
  let url: string;
  let told: { status: number; body?: string; headers?: Record<string, string> } | 'never';
  const asked: string[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      if (told === 'never') return;
      response.writeHead(told.status, { 'content-type': 'application/json', ...told.headers }).end(told.body ?? '[]');
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const client = (deadlineMs = 8_000, apiUrl = url) =>
    createStatuspage({ pageId: 'p', apiKey: new Secret('k'), apiUrl, clock: passingClock().clock, deadlineMs });

  it.each<[string, { status: number; body?: string }, string]>([
    ['trouble of its own', { status: 503 }, 'unavailable'],
    ['a proxy’s page', { status: 200, body: '<html>' }, 'bad-response'],
    ['another shape', { status: 200, body: '{"components":[]}' }, 'bad-response'],
    ['a refusal in one word', { status: 422, body: '{"error":"no"}' }, 'bad-input'],
    ['throttling without a word', { status: 420, body: '' }, 'throttled'],
  ])('calls %s by its name', async (_, answer, code) => {
    told = answer;
    await expect(client().components(never)).rejects.toMatchObject({ code, service: 'Statuspage' });
  });

  it('follows no redirect', async () => {
    told = { status: 302, headers: { location: `${url}/elsewhere` } };
    await expect(client().components(never)).rejects.toMatchObject({ code: 'unavailable' });
    expect(asked).not.toContain('/elsewhere');
  });

  it('gives up at its deadline, or when the caller does', async () => {
    told = 'never';
    await expect(client(100).components(never)).rejects.toMatchObject({ code: 'timeout' });
    const stop = new AbortController();
    const reason = new Error('stopping');
    const waiting = client().components(stop.signal);
    setImmediate(() => stop.abort(reason));
    await expect(waiting).rejects.toBe(reason);
  });

  it('says that nobody is there', async () => {
    await expect(client(8_000, 'http://127.0.0.1:1').components(never)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('leaves out groups, and takes a status that it does not know for operational', async () => {
    told = {
      status: 200,
      body: '[{"id":"g","name":"Group","status":"operational","group":true},{"id":"a","name":"A","status":"new_one"}]',
    };
    expect(await client().components(never)).toEqual([{ id: 'a', name: 'A', status: 'operational' }]);
  });
});
