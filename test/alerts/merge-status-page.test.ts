import type { StatuspageEmulator } from '../../sandbox/statuspage/contract.ts';
import { startStatuspageEmulator } from '../../sandbox/statuspage/start-statuspage.ts';
import { createStatusPage, type StatusPage } from '../../src/alerts/create-status-page.ts';
import { createPresenter } from '../../src/blocks/presenter.ts';
import type { Estate } from '../../src/domain/estate.ts';
import type { StatusUpdate } from '../../src/domain/status-update.ts';
import { createEffects, type Effects } from '../../src/engine/effects.ts';
import { createStatuspage } from '../../src/integrations/statuspage/create-statuspage.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { Secret } from '../../src/secret.ts';
import { ana, quiet } from '../support/engine-harness.ts';
import { type IncidentHarness, startIncidents } from '../support/incident-harness.ts';

const never = new AbortController().signal;
const [banking, retail] = ['bnk7c1d2e3f4', 'rtl8a9b0c1d2'];
const estate = {
  regions: [{ name: 'eastus' }],
  cells: [
    { name: 'cell-banking', region: 'eastus', statusComponent: banking },
    { name: 'cell-retail', region: 'eastus', statusComponent: retail },
  ],
} as unknown as Estate;

describe('what customers are told of incidents that are merged', () => {
  let harness: IncidentHarness;
  let page: StatuspageEmulator;
  let statusPage: StatusPage;
  let effects: Effects;
  let gone: string;
  let stays: string;
  let passed = 0;
  const clock: Clock = {
    now: () => Date.now() + passed,
    async sleep(ms, signal) {
      if (ms !== 1_200) passed += ms;
      else await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    },
  };

  beforeEach(async () => {
    [harness, page] = await Promise.all([startIncidents(), startStatuspageEmulator({ now: clock.now })]);
    const { database, context } = harness;
    const settings = { pageId: page.pageId, apiKey: new Secret(page.apiKey), apiUrl: page.apiUrl, clock };
    statusPage = createStatusPage({
      ...{ database, estate, policy: context.policy, clock, logger: quiet, presenter: createPresenter() },
      statusPage: createStatuspage(settings),
    });
    effects = createEffects(database, statusPage.effects, quiet, never);
    gone = await declare('cell-banking');
    stays = await declare('cell-retail');
  });
  afterEach(() => Promise.all([harness.stop(), page.close()]));

  async function declare(cell: string): Promise<string> {
    const place = { scope: 'cell', region: 'eastus', cell } as const;
    const wanted = { requestKey: cell, title: `${cell} is down`, severity: 'P1', place, channel: 'C0' } as const;
    return (await harness.incidents.declare(wanted, ana)).id;
  }
  async function settle(): Promise<void> {
    await harness.database.query('update stamps.effects set next_at = clock_timestamp() where done_at is null');
    while ((await effects.pump()) > 0) await effects.idle();
  }
  let keys = 0;
  async function tell(
    incident: string,
    change: Partial<StatusUpdate> = {},
    purpose: 'draft' | 'update' | 'resolve' = 'draft',
  ) {
    const { update } = await statusPage.desk.draft(purpose, incident);
    keys += 1;
    await statusPage.desk.publish(`tell-${keys}`, incident, { ...update, ...change }, ana);
    await settle();
  }
  const shown = (name: string) => page.snapshot().incidents.filter((one) => one.name === name);
  const component = (id: string) => page.snapshot().components.find((one) => one.id === id)?.status;
  const merge = async () => {
    await harness.incidents.merge(gone, stays, ana);
    await settle();
  };

  it('both were told: the one says where it goes on and is resolved, once, and its components stay', async () => {
    await tell(gone);
    await tell(stays);
    page.loseAnswers(1);
    await merge();
    await settle();
    await harness.incidents.merge(gone, stays, ana);
    await settle();
    const link = (
      await harness.database.query<{ link: string }>('select link from stamps.status_updates where incident_id = $1', [
        stays,
      ])
    )[0]?.link;
    const [last, ...before] = shown('Problems with Banking')[0]?.updates ?? [];
    expect(before).toHaveLength(1);
    expect(last).toMatchObject({
      status: 'resolved',
      body: `This is part of a larger problem. We go on about it under “Problems with Retail”: ${link}`,
    });
    expect(shown('Problems with Banking')).toMatchObject([{ status: 'resolved', components: ['Banking'] }]);
    expect(shown('Problems with Retail')).toMatchObject([{ status: 'investigating' }]);
    expect(component(banking)).toBe('partial_outage');
    const says = (await harness.incidents.timeline(stays)).map((line) => line.says);
    expect(says).toContainEqual(expect.stringContaining('Customers were told (resolved): This is part of'));

    // The next words of the one that stays are about both, and its last ones end both.
    const { update } = await statusPage.desk.draft('update', stays);
    expect(update.components).toEqual({ [banking]: 'partial_outage', [retail]: 'partial_outage' });
    await tell(stays, {}, 'resolve');
    expect([component(banking), component(retail)]).toEqual(['operational', 'operational']);
    expect(page.snapshot().incidents.map(({ status }) => status)).toEqual(['resolved', 'resolved']);
  });

  it('only what is merged was told: it goes on under the other, on the same incident there', async () => {
    await tell(gone);
    await merge();
    expect(page.snapshot().incidents).toMatchObject([{ status: 'investigating', updates: [{}] }]);
    await tell(stays, { status: 'identified', body: 'We know the cause of all of it.' }, 'update');
    expect(page.snapshot().incidents).toMatchObject([{ status: 'identified', updates: [{}, {}] }]);
    await tell(stays, {}, 'resolve');
    expect(page.snapshot().incidents).toMatchObject([{ status: 'resolved', updates: [{}, {}, {}] }]);
    expect(await harness.incidents.incident(stays)).toMatchObject({ statusPageId: page.snapshot().incidents[0]?.id });
  });

  it('goes on also when its first words were still on their way, and when the other’s were over before', async () => {
    await tell(stays);
    await tell(stays, {}, 'resolve');
    const { update } = await statusPage.desk.draft('draft', gone);
    await statusPage.desk.publish('on-its-way', gone, update, ana);
    await merge();
    expect(shown('Problems with Banking')).toMatchObject([{ status: 'investigating' }]);
    expect((await harness.incidents.timeline(stays)).map((line) => line.says)).toContainEqual(
      expect.stringContaining('Customers were told (investigating)'),
    );
    await tell(stays, {}, 'resolve');
    expect(page.snapshot().incidents.map(({ status }) => status)).toEqual(['resolved', 'resolved']);
  });

  it('says nothing when nothing was told, or it was over already', async () => {
    await tell(gone);
    await tell(gone, {}, 'resolve');
    await tell(stays);
    await merge();
    expect(shown('Problems with Banking')).toMatchObject([{ status: 'resolved', updates: [{}, {}] }]);
    expect((await statusPage.desk.draft('update', stays)).update.components).toEqual({ [retail]: 'partial_outage' });
  });

  it('takes no words for what was merged meanwhile, and says where they belong', async () => {
    const { update } = await statusPage.desk.draft('draft', gone);
    await merge();
    const refused = { code: 'conflict', hint: `\`/stamps statuspage draft ${stays}\`` };
    await expect(statusPage.desk.publish('late', gone, update, ana)).rejects.toMatchObject(refused);
    await expect(statusPage.desk.draft('draft', gone)).rejects.toMatchObject(refused);
    await settle();
    expect(page.snapshot().incidents).toEqual([]);
  });
});
