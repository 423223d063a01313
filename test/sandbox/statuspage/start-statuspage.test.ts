import type { StatuspageEmulator } from '../../../sandbox/statuspage/contract.ts';
import { startStatuspageEmulator } from '../../../sandbox/statuspage/start-statuspage.ts';

const banking = 'bnk7c1d2e3f4';

describe('the Statuspage emulator', () => {
  let page: StatuspageEmulator;
  let now: number;
  beforeEach(async () => {
    now = Date.parse('2026-11-24T03:00:00Z');
    page = await startStatuspageEmulator({ now: () => now });
  });
  afterEach(() => page.close());

  async function ask(method: string, path: string, incident?: object, key = page.apiKey) {
    const answer = await fetch(`${page.apiUrl}/v1/pages/${page.pageId}${path}`, {
      method,
      headers: { authorization: `OAuth ${key}` },
      ...(incident && { body: JSON.stringify({ incident }) }),
    });
    return { status: answer.status, headers: answer.headers, body: await answer.json() };
  }
  const open = {
    name: 'Trouble',
    status: 'investigating',
    body: 'We look.',
    components: { [banking]: 'partial_outage' },
  };

  it('opens an incident, changes its components with it, and carries it to its end', async () => {
    const made = await ask('POST', '/incidents', { ...open, metadata: { stamps: { incident: 'i-1' } } });
    expect(made).toMatchObject({
      status: 201,
      body: { status: 'investigating', impact: 'major', metadata: { stamps: { incident: 'i-1' } } },
    });
    const { id } = made.body;
    const end = { status: 'resolved', body: 'Over.', components: { [banking]: 'operational' } };
    expect((await ask('PATCH', `/incidents/${id}`, end)).status).toBe(200);
    expect((await ask('GET', `/incidents/${id}`)).body.incident_updates).toHaveLength(2);
    expect(page.snapshot()).toMatchObject({
      components: expect.arrayContaining([{ id: banking, name: 'Banking', status: 'operational' }]),
      incidents: [{ name: 'Trouble', status: 'resolved', components: ['Banking'], updates: [{ body: 'Over.' }, {}] }],
    });
  });

  it('makes two incidents of two equal requests', async () => {
    await ask('POST', '/incidents', open);
    await ask('POST', '/incidents', open);
    expect((await ask('GET', '/incidents')).body).toHaveLength(2);
  });

  it('does what it was asked before the answer is lost', async () => {
    page.loseAnswers(1);
    await expect(ask('POST', '/incidents', open)).rejects.toThrow();
    expect(page.snapshot().incidents).toHaveLength(1);
    expect((await ask('GET', '/incidents')).status).toBe(200);
  });

  it('takes 60 requests in any minute', async () => {
    for (let n = 0; n < 60; n += 1) expect((await ask('GET', '/incidents')).status).toBe(200);
    now += 20_000;
    const refused = await ask('GET', '/incidents');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([420, '40']);
    now += 40_000;
    expect((await ask('GET', '/incidents')).status).toBe(200);
  });

  it('lists components without pages once a minute only', async () => {
    expect((await ask('GET', '/components')).status).toBe(200);
    expect((await ask('GET', '/components')).status).toBe(429);
    expect((await ask('GET', '/components?page=1&per_page=2')).body).toHaveLength(2);
    expect((await ask('GET', '/components?page=4&per_page=2')).body).toHaveLength(0);
    now += 60_000;
    expect((await ask('GET', '/components')).status).toBe(200);
  });

  it.each([
    ['no name', { body: 'x' }],
    ['an unknown status', { ...open, status: 'sad' }],
    ['an unknown impact', { ...open, impact_override: 'huge' }],
    ['an unknown component', { ...open, components: { nothere: 'operational' } }],
    ['an unknown status of a component', { ...open, components: { [banking]: 'sad' } }],
    ['metadata that is no object of objects', { ...open, metadata: { stamps: 'i-1' } }],
  ])('refuses %s', async (_, incident) => {
    expect(await ask('POST', '/incidents', incident)).toMatchObject({
      status: 422,
      body: { error: expect.any(Array) },
    });
    expect(page.snapshot().incidents).toEqual([]);
  });

  it('refuses a wrong key, another page and an incident that is gone', async () => {
    expect((await ask('GET', '/incidents', undefined, 'x')).status).toBe(401);
    expect((await ask('PATCH', '/incidents/none', { body: 'x' })).status).toBe(404);
    const other = await fetch(`${page.apiUrl}/v1/pages/other/incidents`, {
      headers: { authorization: `OAuth ${page.apiKey}` },
    });
    expect(other.status).toBe(404);
  });

  it('throttles when it is told to', async () => {
    page.throttle(1, 429, 7);
    const { status, headers } = await ask('GET', '/incidents');
    expect([status, headers.get('retry-after')]).toEqual([429, '7']);
  });
});
