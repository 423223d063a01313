import type { StatuspageEmulator } from '../../sandbox/statuspage/contract.ts';
import { startStatuspageEmulator } from '../../sandbox/statuspage/start-statuspage.ts';
import { createStatusPage, type StatusPage } from '../../src/alerts/create-status-page.ts';
import { openIncident, readTimeline, updateIncident } from '../../src/alerts/incident-store.ts';
import { createPresenter } from '../../src/blocks/presenter.ts';
import type { Estate } from '../../src/domain/estate.ts';
import { defaultIncidentPolicy } from '../../src/domain/incident-policy.ts';
import type { StatusUpdate } from '../../src/domain/status-update.ts';
import { createEffects, type Effects } from '../../src/engine/effects.ts';
import { createStatuspage } from '../../src/integrations/statuspage/create-statuspage.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { Secret } from '../../src/secret.ts';
import { ana, policy as basePolicy, gus, quiet } from '../support/engine-harness.ts';
import { newIncident } from '../support/sample-incident.ts';
import { newDatabase } from '../support/test-database.ts';

const policy = { ...basePolicy, incidents: { ...defaultIncidentPolicy, responders: ['oncall'] } };
const never = new AbortController().signal;
const banking = 'bnk7c1d2e3f4';
const estate = {
  regions: [{ name: 'eastus' }],
  cells: [{ name: 'cell-banking', region: 'eastus', statusComponent: banking }],
} as unknown as Estate;

describe('telling customers', () => {
  let database: Awaited<ReturnType<typeof newDatabase>>;
  let page: StatuspageEmulator;
  let statusPage: StatusPage;
  let effects: Effects;
  let incident: string;
  let opened = 0;
  let passed = 0;
  const clock: Clock = {
    now: () => Date.now() + passed,
    // Turns pass at once; who waits for a deadline waits for ever.
    async sleep(ms, signal) {
      if (ms !== 1_200) passed += ms;
      else await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    },
  };

  beforeAll(async () => {
    [database, page] = await Promise.all([newDatabase(), startStatuspageEmulator({ now: clock.now })]);
    statusPage = create(true);
    effects = createEffects(database, statusPage.effects, quiet, never);
  });
  afterAll(() => Promise.all([database.close(), page.close()]));
  beforeEach(async () => {
    opened += 1;
    const wanted = newIncident({ requestKey: `test-${opened}`, title: 'cell-banking answers nobody' });
    ({ id: incident } = (await database.transaction((tx) => openIncident(tx, wanted))).incident);
  });

  function create(configured: boolean): StatusPage {
    const settings = { pageId: page.pageId, apiKey: new Secret(page.apiKey), apiUrl: page.apiUrl, clock };
    return createStatusPage({
      ...{ database, estate, policy, clock, logger: quiet, presenter: createPresenter() },
      statusPage: configured ? createStatuspage(settings) : undefined,
    });
  }
  async function settle(): Promise<void> {
    await database.query('update stamps.effects set next_at = clock_timestamp() where done_at is null');
    while ((await effects.pump()) > 0) await effects.idle();
  }
  const draft = (purpose: 'draft' | 'update' | 'resolve') => statusPage.desk.draft(purpose, incident);
  const publish = async (key: string, update: StatusUpdate) => {
    await statusPage.desk.publish(`${incident}/${key}`, incident, update, ana);
    await settle();
  };
  const shown = () =>
    page.snapshot().incidents.filter(({ updates }) => updates.some(({ body }) => body.includes(incident)));
  const mine = (update: StatusUpdate): StatusUpdate => ({ ...update, body: `${incident}: ${update.body}` });
  const thread = () =>
    database
      .query<{ text: string; key: string }>(
        `select key, content->>'text' as text from stamps.messages where thread_of = $1 order by seq`,
        [`incident:${incident}`],
      )
      .then((rows) => rows.map(({ text }) => text));

  it('goes from a draft over an update to the last words, on one incident', async () => {
    const first = await draft('draft');
    expect(first).toMatchObject({
      published: false,
      update: { name: 'Problems with Banking', status: 'investigating' },
    });
    await publish('1', mine(first.update));
    expect(shown()).toMatchObject([{ name: 'Problems with Banking', components: ['Banking'] }]);
    const second = await draft('update');
    expect(second).toMatchObject({ published: true, update: { components: { [banking]: 'partial_outage' } } });
    await publish('2', mine({ ...second.update, status: 'identified' }));
    const last = await draft('resolve');
    expect(last.update).toMatchObject({ status: 'resolved', components: { [banking]: 'operational' } });
    await publish('3', mine(last.update));
    expect(shown()).toMatchObject([{ status: 'resolved', updates: [{}, {}, {}] }]);
    expect((await readTimeline(database, incident)).map(({ kind, says }) => [kind, says.slice(0, 40)])).toEqual([
      ['status-page', expect.stringContaining('Customers were told (investigating)')],
      ['status-page', expect.stringContaining('Customers were told (identified)')],
      ['status-page', expect.stringContaining('Customers were told (resolved)')],
    ]);
    expect((await thread())[0]).toMatch(
      /Customers were told \(investigating\): .* <https:\/\/stspg\.example\/\w+\|Status page>/,
    );
    const [row] = await database.query<{ status_page_id: string }>(
      'select status_page_id from stamps.incidents where id = $1',
      [incident],
    );
    expect(row?.status_page_id).toBe(shown()[0]?.id);
  });

  it('has one incident there though the answer was lost, and people hear of the delay', async () => {
    const { update } = await draft('draft');
    page.loseAnswers(1);
    await publish('1', mine(update));
    expect(await thread()).toEqual([
      expect.stringContaining('Not on the status page yet: Statuspage cannot be reached.'),
    ]);
    await settle();
    expect(shown()).toHaveLength(1);
    expect(shown()[0]?.updates).toHaveLength(1);
    expect((await thread()).at(-1)).toContain('Customers were told');
  });

  it('takes a form that is submitted twice once', async () => {
    const { update } = await draft('draft');
    await publish('1', mine(update));
    await publish('1', mine({ ...update, body: 'Something else entirely.' }));
    expect(shown()[0]?.updates).toHaveLength(1);
  });

  it('waits out 420 as long as it is told', async () => {
    const { update } = await draft('draft');
    page.throttle(1, 420, 45);
    await publish('1', mine(update));
    const [row] = await database.query<{ waits: number }>(
      'select extract(epoch from next_at - clock_timestamp())::float as waits from stamps.effects where done_at is null',
    );
    expect(row?.waits).toBeGreaterThan(40);
    await settle();
    expect(shown()).toHaveLength(1);
  });

  it('says that customers were not told when Statuspage refuses, and drafts the first words again', async () => {
    const { update } = await draft('draft');
    await publish('1', { ...update, components: { nothere: 'operational' } });
    expect(await thread()).toEqual([
      expect.stringContaining('Customers were not told (investigating): Statuspage refused it (422)'),
    ]);
    expect(await draft('draft')).toMatchObject({ published: false });
  });

  it('asks for the last words once an incident is over, and not when they were said', async () => {
    const ask = statusPage.loops.find(({ name }) => name === 'last words');
    await publish('1', mine((await draft('draft')).update));
    await ask?.work();
    const before = (await thread()).length;
    await database.transaction((tx) =>
      updateIncident(tx, incident, { state: 'resolved', resolved_at: new Date().toISOString(), resolved_by: 'U0ANA' }),
    );
    await ask?.work();
    await ask?.work();
    expect((await thread()).slice(before)).toEqual([expect.stringContaining('customers still read “investigating”')]);
    await publish('2', mine((await draft('resolve')).update));
    const after = (await thread()).length;
    await ask?.work();
    expect(await thread()).toHaveLength(after);
  });

  it('has nothing to resolve before something was said', async () => {
    await expect(draft('resolve')).rejects.toMatchObject({
      code: 'conflict',
      hint: expect.stringContaining('statuspage draft'),
    });
  });

  it('is for those who respond to incidents', async () => {
    const { update } = await draft('draft');
    const as = (member: typeof ana) => statusPage.desk.publish('x', incident, update, member);
    await expect(as({ ...ana, groups: [] })).rejects.toMatchObject({ code: 'not-allowed' });
    await expect(as({ ...gus, groups: ['oncall'] })).rejects.toMatchObject({ code: 'not-allowed' });
    expect(await database.query(`select 1 from stamps.status_updates where key = 'x'`)).toEqual([]);
  });

  it('is remembered in the audit log with what was said', async () => {
    await publish('1', mine((await draft('draft')).update));
    const rows = await database.query<{ body: { update: StatusUpdate } }>(
      `select body from stamps.audit where kind = 'status-page-wanted' and body->>'incident' = $1`,
      [incident],
    );
    expect(rows).toMatchObject([{ body: { update: { status: 'investigating' } } }]);
  });

  it('says what is missing without a status page', async () => {
    const without = create(false);
    expect(without.desk.configured).toBe(false);
    expect(without.loops).toEqual([]);
    await expect(without.desk.draft('draft', incident)).rejects.toMatchObject({
      code: 'misconfigured',
      hint: expect.stringContaining('STATUSPAGE_PAGE_ID'),
    });
  });

  it('drafts without names when the page does not answer', async () => {
    const dead = createStatusPage({
      ...{ database, estate, policy, clock, logger: quiet, presenter: createPresenter() },
      statusPage: createStatuspage({ pageId: 'p', apiKey: new Secret('k'), apiUrl: 'http://127.0.0.1:1', clock }),
    });
    expect(await dead.desk.draft('draft', incident)).toMatchObject({
      update: { name: 'Problems with our service', components: { [banking]: 'partial_outage' } },
    });
  });
});
