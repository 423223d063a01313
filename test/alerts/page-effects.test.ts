import type { PagerDutyEmulator } from '../../sandbox/pagerduty/contract.ts';
import { startPagerDutyEmulator } from '../../sandbox/pagerduty/start-pagerduty.ts';
import { pageStanding } from '../../src/alerts/incident-effects.ts';
import { openIncident, readTimeline } from '../../src/alerts/incident-store.ts';
import { createPageEffects } from '../../src/alerts/page-effects.ts';
import { createPresenter } from '../../src/blocks/presenter.ts';
import { minuteMs } from '../../src/domain/duration.ts';
import { createEffects } from '../../src/engine/effects.ts';
import { incidentPageKey, wantPage, wantPageAcknowledged, wantPageResolved } from '../../src/engine/pages.ts';
import { createPagerDuty } from '../../src/integrations/pagerduty/create-pagerduty.ts';
import { Secret } from '../../src/secret.ts';
import { quiet } from '../support/engine-harness.ts';
import { newIncident } from '../support/sample-incident.ts';
import { newDatabase } from '../support/test-database.ts';

describe('pages through PagerDuty', () => {
  let database: Awaited<ReturnType<typeof newDatabase>>;
  let pagerDuty: PagerDutyEmulator;
  let incident: string;
  let opened = 0;
  beforeAll(async () => {
    [database, pagerDuty] = await Promise.all([newDatabase(), startPagerDutyEmulator()]);
  });
  afterAll(() => Promise.all([database.close(), pagerDuty.close()]));
  beforeEach(async () => {
    opened += 1;
    const wanted = newIncident({ requestKey: `test-${opened}`, title: 'cell-banking answers nobody' });
    ({ id: incident } = (await database.transaction((tx) => openIncident(tx, wanted))).incident);
  });

  const never = new AbortController().signal;
  const request = () => ({
    key: incidentPageKey(incident),
    summary: 'P1: cell-banking answers nobody',
    source: 'Stamps',
    severity: 'critical' as const,
  });
  function effectsOver(configured = true, routingKey = pagerDuty.routingKey) {
    const pager = configured
      ? createPagerDuty({
          routingKey: new Secret(routingKey),
          eventsUrl: pagerDuty.eventsUrl,
          deadlineMs: 2_000,
          throttledWaitMs: 1,
        })
      : undefined;
    const effects = createEffects(database, createPageEffects({ presenter: createPresenter(), pager }), quiet, never);
    return async (turns = 1) => {
      for (let n = 0; n < turns; n += 1) {
        await database.query('update stamps.effects set next_at = clock_timestamp() where done_at is null');
        await effects.pump();
        await effects.idle();
      }
    };
  }
  const said = async () => (await readTimeline(database, incident)).map(({ says }) => says);
  const there = () => pagerDuty.incidents.filter(({ dedupKey }) => dedupKey === incidentPageKey(incident));

  it('open one incident there, and follow it to its end', async () => {
    const turn = effectsOver();
    const about = { incident };
    await database.transaction(async (tx) => {
      await wantPage(tx, request(), 'opened', about);
      await wantPage(tx, request(), 'opened', about);
      await wantPageAcknowledged(tx, incidentPageKey(incident), 'first', about);
    });
    await turn(2);
    expect(there()).toMatchObject([{ status: 'acknowledged', triggers: 1 }]);
    await database.transaction((tx) => wantPageResolved(tx, incidentPageKey(incident), 'first', about));
    await turn();
    expect(there()).toMatchObject([{ status: 'resolved' }]);
    expect(await said()).toEqual(['P1: cell-banking answers nobody. Paged through PagerDuty.']);
  });

  it('are wanted again on another occasion', async () => {
    const turn = effectsOver();
    for (const occasion of ['opened', 'escalated-1']) {
      await database.transaction((tx) => wantPage(tx, request(), occasion, { incident }));
    }
    await turn(2);
    expect(there()).toMatchObject([{ triggers: 2, status: 'triggered' }]);
  });

  it('wait out PagerDuty’s throttling, and people are told meanwhile', async () => {
    const turn = effectsOver();
    // Each try meets up to four answers: the SDK repeats three times.
    pagerDuty.throttle(1_000);
    await database.transaction((tx) => wantPage(tx, request(), 'opened', { incident }));
    await turn(2);
    expect(await said()).toEqual([expect.stringContaining('Not paged yet: PagerDuty')]);
    pagerDuty.throttle(0);
    await turn();
    expect(there()).toMatchObject([{ triggers: 1 }]);
    expect((await said()).at(-1)).toContain('Paged through PagerDuty.');
  });

  it('that are throttled for ten minutes go out within a minute of their end, once, and are seen to wait', async () => {
    const turn = effectsOver();
    const throttledMs = 10 * minuteMs;
    pagerDuty.throttling(true);
    await database.transaction((tx) => wantPage(tx, request(), 'incident', { incident }));
    // Each try as soon as it is due: time passes by what the database has yet to wait.
    const triedAtMs: number[] = [];
    for (let nowMs = 0; there().length === 0 && triedAtMs.length < 100; ) {
      triedAtMs.push(nowMs);
      if (nowMs >= throttledMs) pagerDuty.throttling(false);
      await turn();
      const [still] = await database.query<{ ms: number }>(
        `select (extract(epoch from next_at - clock_timestamp()) * 1000)::float8 as ms
         from stamps.effects where done_at is null and args->'about'->>'incident' = $1`,
        [incident],
      );
      if (still) expect(await pageStanding(database, incident)).toBe('The page is not through yet.');
      nowMs += still?.ms ?? 0;
    }
    // Whenever it ends, the next try is a minute away at most; and PagerDuty is not asked all the time.
    const waits = triedAtMs.slice(1).map((at, n) => at - (triedAtMs[n] ?? 0));
    expect(Math.max(...waits)).toBeLessThanOrEqual(minuteMs);
    expect(triedAtMs.length).toBeLessThan(20);
    expect(triedAtMs.at(-1)).toBeGreaterThanOrEqual(throttledMs);
    expect(there()).toMatchObject([{ triggers: 1 }]);
    expect(await said()).toEqual([
      expect.stringContaining('Not paged yet: PagerDuty'),
      expect.stringContaining('Paged through PagerDuty.'),
    ]);
    expect(await pageStanding(database, incident)).toBe('Paged through PagerDuty.');
  });

  it.each([
    ['without PagerDuty', false, undefined, 'PagerDuty is not configured, so nobody was paged. Call them by phone.'],
    ['with a wrong key', true, 'x'.repeat(32), 'PagerDuty refused the page (400)'],
  ])('say that nobody was woken %s', async (_, configured, key, words) => {
    await database.transaction((tx) => wantPage(tx, request(), 'opened', { incident }));
    await effectsOver(configured, key)();
    expect(await said()).toEqual([expect.stringContaining(words)]);
    expect(there()).toEqual([]);
  });

  it('of a run say in its thread what became of them', async () => {
    const run = { id: 'r-17', channel: 'C0INCIDENTS' };
    await database.transaction((tx) =>
      wantPage(tx, { ...request(), key: 'stamps/break-glass/r-17' }, 'broken', { run }),
    );
    await effectsOver()();
    const [message] = await database.query<{ thread_of: string; text: string }>(
      `select thread_of, content->>'text' as text from stamps.messages where key like 'run:r-17:%'`,
    );
    expect(message).toMatchObject({ thread_of: 'run:r-17', text: expect.stringContaining('Paged through PagerDuty.') });
  });
});
