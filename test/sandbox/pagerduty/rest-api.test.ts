import { type PagerDutyTestEmulator, startPagerDutyEmulator } from '../../../sandbox/pagerduty/start-pagerduty.ts';

const began = Date.parse('2026-11-24T03:00:00Z');

describe('the PagerDuty emulator’s REST API', () => {
  let pager: PagerDutyTestEmulator;
  let now: number;
  beforeEach(async () => {
    now = began;
    pager = await startPagerDutyEmulator({ now: () => now });
  });
  afterEach(() => pager.close());

  async function ask(path: string, init: RequestInit & { token?: string } = {}) {
    const { token = pager.apiToken, ...rest } = init;
    const headers = { authorization: `Token token=${token}`, ...(rest.headers as Record<string, string>) };
    const answer = await fetch(`${pager.apiUrl}${path}`, { ...rest, headers });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text) };
  }
  const create = (more: object = {}, from: string | undefined = 'ana@stamps.example') =>
    ask('/incidents', {
      method: 'POST',
      ...(from !== undefined && { headers: { from } }),
      body: JSON.stringify({
        incident: {
          type: 'incident',
          title: 'Look at this',
          service: { id: 'PSVCSTA', type: 'service_reference' },
          incident_key: 'page-1',
          ...more,
        },
      }),
    });

  it('refuses a wrong token with 401', async () => {
    expect(await ask('/users', { token: 'x' })).toMatchObject({ status: 401, body: { error: { code: 2006 } } });
  });

  it('takes 960 requests a minute and says how many are left', async () => {
    const first = await ask('/users');
    expect(first.headers.get('ratelimit-limit')).toBe('960');
    expect(first.headers.get('ratelimit-remaining')).toBe('959');
    for (let n = 1; n < 960; n += 1) await ask('/users');
    now += 40_000;
    const refused = await ask('/users');
    expect(refused).toMatchObject({ status: 429, body: { error: { code: 2020 } } });
    expect(refused.headers.get('ratelimit-reset')).toBe('20');
    now += 20_000;
    expect((await ask('/users')).status).toBe(200);
  });

  it('may refuse without any header', async () => {
    pager.throttleRest(1);
    const { status, headers } = await ask('/users');
    expect([status, headers.get('ratelimit-reset')]).toEqual([429, null]);
  });

  it('pages its lists', async () => {
    const { body } = await ask('/users?limit=2&offset=2');
    expect(body).toMatchObject({ users: [{ id: 'PUCHL03' }, { id: 'PUDAN04' }], more: true });
    expect((await ask('/users?limit=2&offset=4')).body).toMatchObject({
      users: [{ id: 'PUEVA05' }, { id: 'PUAPP06' }],
      more: false,
    });
  });

  it('knows who is on call now, who is next, and who is always', async () => {
    const nowOnly = await ask('/oncalls?include[]=users&escalation_policy_ids[]=PDATABS');
    expect(nowOnly.body.oncalls).toMatchObject([
      { escalation_level: 1, user: { email: 'eva@databases.example' }, end: '2026-11-26T00:00:00.000Z' },
      { escalation_level: 2, user: { name: 'Dana Levi' }, start: null, end: null },
    ]);
    const month = await ask('/oncalls?earliest=true&until=2026-12-24T00:00:00Z&escalation_policy_ids[]=PDATABS');
    expect(
      month.body.oncalls.map((one: { user: { summary: string }; start: string }) => [one.user.summary, one.start]),
    ).toEqual([
      ['Eva Brandt', '2026-11-19T00:00:00.000Z'],
      ['Ben Okafor', '2026-11-26T00:00:00.000Z'],
      ['Dana Levi', null],
    ]);
    now += 7 * 86_400_000;
    expect((await ask('/oncalls?escalation_policy_ids[]=PPLATFM')).body.oncalls[0].user.summary).toBe('Ben Okafor');
  });

  it('creates an incident for a policy or for people, and refuses its key while it is open', async () => {
    const policy = { escalation_policy: { id: 'PDATABS', type: 'escalation_policy_reference' } };
    expect((await create(policy)).status).toBe(201);
    expect(pager.incidents).toMatchObject([{ dedupKey: 'page-1', policy: 'Databases', assignees: ['Eva Brandt'] }]);
    expect(await create()).toMatchObject({ status: 400, body: { error: { code: 2002 } } });
    pager.as('PUEVA05').resolve(pager.incidents[0]?.id ?? '');
    const person = { assignments: [{ assignee: { id: 'PUBEN02', type: 'user_reference' } }] };
    expect((await create(person)).status).toBe(201);
    expect(pager.incidents.at(-1)).toMatchObject({ assignees: ['Ben Okafor'] });
    expect((await ask('/incidents?incident_key=page-1&statuses[]=triggered')).body.incidents).toHaveLength(1);
  });

  it.each([
    ['without who asks', {}, '', 1008],
    ['for somebody unknown', {}, 'nobody@stamps.example', 1008],
    ['without a title', { title: '' }, 'ana@stamps.example', 2001],
    ['on an unknown service', { service: { id: 'PNONE', type: 'service_reference' } }, 'ana@stamps.example', 2001],
    [
      'with an unknown policy',
      { escalation_policy: { id: 'X', type: 'escalation_policy_reference' } },
      'ana@stamps.example',
      1014,
    ],
    [
      'for an unknown person',
      { assignments: [{ assignee: { id: 'X', type: 'user_reference' } }] },
      'ana@stamps.example',
      1007,
    ],
  ])('creates nothing %s', async (_, more, from, code) => {
    expect(await create(more, from)).toMatchObject({ status: 400, body: { error: { code } } });
    expect(pager.incidents).toEqual([]);
  });

  it('takes notes and gives an incident by its id', async () => {
    await create();
    const { id } = pager.incidents[0] ?? { id: '' };
    const note = { method: 'POST', headers: { from: 'ana@stamps.example' }, body: '{"note":{"content":"seen"}}' };
    expect((await ask(`/incidents/${id}/notes`, note)).status).toBe(201);
    expect(pager.incidents).toMatchObject([{ notes: [{ by: 'Ana Ruiz', text: 'seen' }] }]);
    expect((await ask(`/incidents/${id}`)).body.incident).toMatchObject({ id, incident_key: 'page-1' });
    expect((await ask('/incidents/QNONE')).status).toBe(404);
  });
});
