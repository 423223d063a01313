import type { PagerIncident } from '../../sandbox/pagerduty/contract.ts';
import { type PagerDutyTestEmulator, startPagerDutyEmulator } from '../../sandbox/pagerduty/start-pagerduty.ts';
import type { StatuspageEmulator } from '../../sandbox/statuspage/contract.ts';
import { startStatuspageEmulator } from '../../sandbox/statuspage/start-statuspage.ts';
import { createPaging, type Paging } from '../../src/alerts/create-paging.ts';
import { createStatusPage } from '../../src/alerts/create-status-page.ts';
import { openIncident } from '../../src/alerts/incident-store.ts';
import { wantPagerNote } from '../../src/alerts/pager-notes.ts';
import { createPagerPeople } from '../../src/alerts/pager-people.ts';
import { wantRungPage } from '../../src/alerts/rung-pages.ts';
import { opened } from '../../src/alerts/transitions.ts';
import { createIncidentPresenter } from '../../src/blocks/incident-presenter.ts';
import { createPresenter } from '../../src/blocks/presenter.ts';
import type { StatusUpdate } from '../../src/domain/status-update.ts';
import { createEffects, type Effects } from '../../src/engine/effects.ts';
import { wantPage } from '../../src/engine/pages.ts';
import { createPagerDutyPorts } from '../../src/integrations/pagerduty/create-ports.ts';
import { createStatuspage } from '../../src/integrations/statuspage/create-statuspage.ts';
import type { ChatPort } from '../../src/ports/chat.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { Secret } from '../../src/secret.ts';
import { ana, quiet } from '../support/engine-harness.ts';
import { hostileCorpus } from '../support/hostile-corpus.ts';
import { startIncidents } from '../support/incident-harness.ts';
import { outsideFaults } from '../support/outside-faults.ts';
import { plantedSecrets } from '../support/planted-secrets.ts';

jest.setTimeout(300_000);

const never = new AbortController().signal;
const secrets = plantedSecrets(2);
/** As the inbox stores what people typed; what alerts say is stored so too. */
const stored = (text: string) => text.toWellFormed().replaceAll('\0', '');
const longestSummary = 1_024;
const pageful = 50;
const notesEach = 40;

/**
 * Every text of the corpus, and secrets of every shape, through every path that ends at PagerDuty or Statuspage: the
 * product's own transactions, its effects, its clients, over HTTP to the emulators. What arrived is looked at.
 */
describe('whatever people and strangers write, nothing of it is live outside, and no secret gets there', () => {
  let harness: Awaited<ReturnType<typeof startIncidents>>;
  let pagerDuty: PagerDutyTestEmulator;
  let paging: Paging;
  let effects: Effects;
  let passed = 0;
  const clock: Clock = {
    now: () => Date.now() + passed,
    async sleep(ms) {
      passed += ms;
    },
  };
  const own = () => [pagerDuty.routingKey, pagerDuty.apiToken, 'a-key-of-the-status-page'];
  const texts = () => [
    ...hostileCorpus(),
    ...secrets.map(({ text }) => text),
    // Zero-width marks within a secret do not hide it from us, and its cut end is no way out.
    ...secrets.map(({ text }) => `${'x'.repeat(longestSummary - 60)} \u200b${text}`),
    ...own().map((secret) => `our own: ${secret}`),
  ];

  beforeAll(async () => {
    [harness, pagerDuty] = await Promise.all([startIncidents(), startPagerDutyEmulator({ now: clock.now })]);
    const { database, context } = harness;
    const chat = { emailOf: async () => 'ana@stamps.example' } as unknown as ChatPort;
    const ports = createPagerDutyPorts(
      {
        routingKey: new Secret(pagerDuty.routingKey),
        apiToken: new Secret(pagerDuty.apiToken),
        from: pagerDuty.appEmail,
        webhookSecret: undefined,
        eventsUrl: pagerDuty.eventsUrl,
        apiUrl: pagerDuty.apiUrl,
      },
      clock,
      own().map((secret) => new Secret(secret)),
    );
    const people = createPagerPeople({ chat, onCall: ports.onCall, clock, logger: quiet });
    const common = { database, policy: context.policy, clock, logger: quiet, presenter: createPresenter() };
    paging = createPaging({ ...common, chat, people, ...ports, incidents: harness.incidents });
    effects = createEffects(database, paging.effects, quiet, never);
  });
  afterAll(() => Promise.all([harness.stop(), pagerDuty.close()]));

  /** The desk for this page, whose effects are done from now on. */
  function connect(page: StatuspageEmulator) {
    const settings = { pageId: page.pageId, apiKey: new Secret(page.apiKey), apiUrl: page.apiUrl, clock };
    const statusPage = createStatuspage({ ...settings, secrets: own().map((secret) => new Secret(secret)) });
    const { database, context } = harness;
    const common = { database, policy: context.policy, estate: context.estate, clock, logger: quiet };
    const made = createStatusPage({ ...common, presenter: createPresenter(), statusPage });
    effects = createEffects(database, made.effects, quiet, never);
    return made;
  }

  async function settle(): Promise<void> {
    do {
      await harness.database.query('update stamps.effects set next_at = clock_timestamp() where done_at is null');
      while ((await effects.pump()) > 0) {
        await effects.idle();
        // The account's 960 requests a minute are not what this is about.
        passed += 60_000;
      }
    } while ((await effects.depth()) > 0);
  }
  const failed = async () =>
    (
      await harness.database.query<{ outcome: string }>(
        `select outcome from stamps.effects where outcome like 'Not done%'`,
      )
    ).map(({ outcome }) => outcome);
  const leaked = (arrived: readonly string[]) => {
    const all = arrived.join('\n');
    return [...secrets.map(({ secret }) => secret), ...own()].filter((secret) => all.includes(secret));
  };

  const wantedIncident = (title: string, requestKey: string) => ({
    ...{ requestKey, title, severity: 'P1' as const, severityBy: 'evidence', place: { scope: 'global' } as const },
    ...{ cells: [title.slice(0, 80).toWellFormed()], channel: 'C0INCIDENTS', startedAt: '2026-11-24T03:05:00.000Z' },
  });

  it('in the pages of incidents', async () => {
    const before = pagerDuty.incidents.length;
    const context = { ...harness.context, presenter: createIncidentPresenter() };
    await harness.database.transaction(async (tx) => {
      for (const [index, text] of texts().map(stored).entries()) {
        const { incident } = await openIncident(tx, wantedIncident(text, `corpus-${index}`));
        await opened(tx, context, incident, text);
      }
    });
    await settle();
    const arrived = pagerDuty.incidents.slice(before);
    await expectDead(arrived, detailFaults);
    expect(arrived.flatMap(({ summary }) => summary.match(/\n/g) ?? [])).toEqual([]);
  });

  it('in the pages of the ladder', async () => {
    const before = pagerDuty.incidents.length;
    await harness.database.transaction(async (tx) => {
      for (const [index, text] of texts().map(stored).entries()) {
        const { incident } = await openIncident(tx, wantedIncident(text, `ladder-${index}`));
        await wantRungPage(tx, incident, { rung: 2, round: 0, group: 'managers', to: { policy: 'PDATABS' } });
      }
    });
    await settle();
    await expectDead(pagerDuty.incidents.slice(before), (details) => outsideFaults('details', details, 4_000));
  });

  it('in pages of runs, and wherever else a page is wanted', async () => {
    const before = pagerDuty.incidents.length;
    await harness.database.transaction(async (tx) => {
      for (const [index, text] of texts().map(stored).entries()) {
        const page = { key: `corpus/${index}`, summary: text, source: text, severity: 'error' as const };
        await wantPage(tx, { ...page, details: { run: 'r-17', reason: text } }, 'once', {
          run: { id: 'r-17', channel: 'C0INCIDENTS' },
        });
      }
    });
    await settle();
    await expectDead(pagerDuty.incidents.slice(before), detailFaults);
  });

  it('in pages to whom somebody chose', async () => {
    const before = pagerDuty.incidents.length;
    const target = (await paging.desk.targets()).find(({ name }) => name === 'Databases');
    if (!target) throw new Error('no Databases');
    for (const [index, why] of texts().map(stored).entries()) {
      const member = { ...ana, name: why, groups: ['sre'] };
      await paging.desk.page({ key: `corpus-${index}`, target, why, channel: 'C0INCIDENTS' }, member);
    }
    await settle();
    await expectDead(pagerDuty.incidents.slice(before), (details) => outsideFaults('details', details, 4_000));
  });

  it('in notes', async () => {
    const { incidents } = harness;
    const declared = { title: 'down', severity: 'P1' as const, channel: 'C0INCIDENTS' };
    const all = texts().map(stored);
    // All notes of an incident are read before another one is written: some each, so that as many go out side by side.
    const noted: string[] = [];
    for (let from = 0; from < all.length; from += notesEach)
      noted.push(
        (await incidents.declare({ ...declared, requestKey: `notes-${from}` }, { ...ana, groups: ['sre'] })).id,
      );
    await settle();
    await harness.database.transaction(async (tx) => {
      for (const [index, text] of all.entries()) {
        const id = noted[Math.floor(index / notesEach)] as string;
        await wantPagerNote(tx, { id }, { key: `note-${index}`, text, member: { ...ana, name: text } });
      }
    });
    await settle();
    const notes = pagerDuty.incidents.flatMap((one) => one.notes.map(({ text }) => text));
    expect(notes).toHaveLength(all.length);
    expect(notes.flatMap((note) => outsideFaults('a note', note, 4_000))).toEqual([]);
    expect(notes.filter((note) => !/^\[Slack [0-9a-f]{12}\] /.test(note))).toEqual([]);
    expect(leaked(notes)).toEqual([]);
    expect(await failed()).toEqual([]);
  });

  it('on the status page, whose title and text a person writes', async () => {
    const update = (text: string): StatusUpdate => ({
      ...{ name: text, status: 'investigating', impact: 'major', body: text },
      components: { bnk7c1d2e3f4: 'partial_outage' },
    });
    const all = texts().map(stored);
    const titles: string[] = [];
    const bodies: string[] = [];
    // A page lists all that was ever said on it: some at a time, each on a page of its own.
    for (let from = 0; from < all.length; from += pageful) {
      const page = await startStatuspageEmulator({ now: clock.now });
      page.subscribe(() => titles.push(page.snapshot().incidents[0]?.name ?? ''));
      const { desk } = connect(page);
      const wanted = wantedIncident('down', `public-${from}`);
      const { incident } = await harness.database.transaction((tx) => openIncident(tx, wanted));
      for (const [index, text] of all.slice(from, from + pageful).entries()) {
        await desk.publish(`public-${from + index}`, incident.id, update(text), { ...ana, groups: ['sre'] });
      }
      await settle();
      bodies.push(...page.snapshot().incidents.flatMap(({ updates }) => updates.map(({ body }) => body)));
      await page.close();
    }
    const refused = await failed();
    // What leaves nothing to read is refused here, and said so; all else is published.
    expect(new Set(refused)).toEqual(
      new Set(['Not done: Nothing that customers could read is in its title or its text.']),
    );
    expect(refused.length).toBeLessThan(10);
    expect(bodies.length + refused.length).toBe(all.length);
    expect(titles.flatMap((title) => outsideFaults('a title', title, 255))).toEqual([]);
    expect(titles.flatMap((title) => title.match(/\n/g) ?? [])).toEqual([]);
    expect(bodies.flatMap((body) => outsideFaults('a text', body, 25_000))).toEqual([]);
    expect(leaked([...titles, ...bodies])).toEqual([]);
  });

  /** Every text has arrived, none of it live, no secret in it. */
  async function expectDead(arrived: readonly PagerIncident[], faultsOf: (details: string) => string[]): Promise<void> {
    expect(arrived).toHaveLength(texts().length);
    expect(arrived.flatMap(({ summary }) => outsideFaults('a summary', summary, longestSummary))).toEqual([]);
    expect(arrived.flatMap(({ details }) => faultsOf(details))).toEqual([]);
    expect(leaked(arrived.flatMap(({ summary, details }) => [summary, details]))).toEqual([]);
    expect(await failed()).toEqual([]);
  }

  /** Details come as JSON of our names. */
  function detailFaults(details: string): string[] {
    return Object.entries(JSON.parse(details) as Record<string, string>)
      .filter(([, text]) => text !== '')
      .flatMap(([name, text]) => outsideFaults(name, text, 4_000));
  }
});
