import { readFile } from 'node:fs/promises';
import { type PagerDutyTestEmulator, startPagerDutyEmulator } from '../../sandbox/pagerduty/start-pagerduty.ts';
import { createPaging, type Paging } from '../../src/alerts/create-paging.ts';
import { getIncident } from '../../src/alerts/incident-store.ts';
import { createPagerPeople } from '../../src/alerts/pager-people.ts';
import { watchResponseClocks } from '../../src/alerts/response-clocks.ts';
import { reopened } from '../../src/alerts/transitions.ts';
import { createPresenter } from '../../src/blocks/presenter.ts';
import { minuteMs } from '../../src/domain/duration.ts';
import type { Rung } from '../../src/domain/incident-policy.ts';
import { parsePolicy } from '../../src/domain/policy-file.ts';
import { createEffects, type Effects } from '../../src/engine/effects.ts';
import { createPagerDutyPorts } from '../../src/integrations/pagerduty/create-ports.ts';
import type { ChatPort } from '../../src/ports/chat.ts';
import { systemClock } from '../../src/ports/clock.ts';
import { Secret } from '../../src/secret.ts';
import { ana, ben, quiet } from '../support/engine-harness.ts';
import { createFakeLogger } from '../support/fakes/fake-logger.ts';
import { type IncidentHarness, startIncidents } from '../support/incident-harness.ts';
import { receiveWebhooks, type WebhookReceiver } from '../support/receive-webhooks.ts';

const never = new AbortController().signal;

/** The ladder of the harness: `oncall` in Slack, then `managers`, with the policy “Databases” in PagerDuty. */
describe('a rung that pages', () => {
  let harness: IncidentHarness;
  let pagerDuty: PagerDutyTestEmulator;
  let webhooks: WebhookReceiver;
  let paging: Paging;
  let effects: Effects;
  let asked = 0;

  const chat = { idByEmail: async () => undefined, emailOf: async () => undefined } as unknown as ChatPort;

  function pagingFrom(from: string | undefined, logger = quiet, ladder?: readonly Rung[]): Paging {
    const ports = createPagerDutyPorts(
      {
        routingKey: new Secret(pagerDuty.routingKey),
        apiToken: new Secret(pagerDuty.apiToken),
        webhookSecret: new Secret(pagerDuty.webhookSecret),
        eventsUrl: pagerDuty.eventsUrl,
        apiUrl: pagerDuty.apiUrl,
        from,
      },
      systemClock,
    );
    const people = createPagerPeople({ chat, onCall: ports.onCall, clock: systemClock, logger: quiet });
    const { incidents, context } = harness;
    return createPaging({
      ...context,
      ...(ladder && { policy: { ...context.policy, incidents: { ...context.policy.incidents, ladder } } }),
      ...ports,
      presenter: createPresenter(),
      chat,
      clock: systemClock,
      logger,
      people,
      incidents,
    });
  }

  beforeAll(async () => {
    [harness, pagerDuty] = await Promise.all([startIncidents(), startPagerDutyEmulator({ retryDelaysMs: [0, 0, 0] })]);
    paging = pagingFrom(pagerDuty.appEmail);
    effects = createEffects(harness.database, paging.effects, quiet, never);
    webhooks = await receiveWebhooks(pagerDuty, paging);
  });
  afterAll(async () => {
    await pagerDuty.close();
    webhooks.stop();
    await harness.stop();
  });

  async function settle(over = effects): Promise<void> {
    await harness.database.query('update stamps.effects set next_at = clock_timestamp() where done_at is null');
    while ((await over.pump()) > 0) await over.idle();
    await pagerDuty.webhooks.idle();
    for (const { work } of paging.loops) await work();
    if ((await over.depth()) > 0) await settle(over);
  }
  async function declare(severity: 'P1' | 'P2' = 'P1'): Promise<string> {
    asked += 1;
    const wanted = { requestKey: `d-${asked}`, title: 'Sign-in fails', severity, channel: 'C0' } as const;
    const { id } = await harness.incidents.declare(wanted, ana);
    await settle();
    return id;
  }
  async function pass(id: string, minutes: number, over = effects): Promise<void> {
    await harness.age(id, minutes * minuteMs);
    await watchResponseClocks(harness.context);
    await settle(over);
  }
  const pagesOf = (id: string) =>
    pagerDuty.incidents
      .filter(({ dedupKey }) => dedupKey === `stamps/${id}` || dedupKey.startsWith(`stamps/${id}/`))
      .map(({ dedupKey, policy, status, triggers }) => [dedupKey, policy, status, triggers]);
  const thread = async (id: string) =>
    [...(await harness.messages())].filter(([key]) => key.startsWith(`incident:${id}:`)).map(([, text]) => text);
  const pagerId = (key: string) => pagerDuty.incidents.findLast(({ dedupKey }) => dedupKey === key)?.id ?? '';

  it('wakes whom it names, once, and its page ends with the acknowledgement and the end', async () => {
    const id = await declare();
    await pass(id, 31);
    expect(pagesOf(id)).toEqual([[`stamps/${id}`, 'Platform', 'triggered', 1]]);
    await pass(id, 30);
    const rung = `stamps/${id}/escalated-2`;
    expect(pagesOf(id)).toEqual([
      [`stamps/${id}`, 'Platform', 'triggered', 1],
      [rung, 'Databases', 'triggered', 1],
    ]);
    expect((await thread(id)).at(-1)).toContain('PagerDuty pages managers.');
    // Past the last rung it is mentioned again, and its page stands.
    await pass(id, 60);
    expect(pagesOf(id)).toHaveLength(2);
    expect((await thread(id)).at(-1)).not.toContain('PagerDuty pages');
    expect((await harness.incidents.timeline(id)).map(({ says }) => says)).toContain(
      'Page to managers: Paged through PagerDuty.',
    );

    await harness.incidents.acknowledge(id, ben);
    await settle();
    expect(pagesOf(id).map(([, , status]) => status)).toEqual(['acknowledged', 'acknowledged']);
    await harness.incidents.resolve(id, ben);
    await settle();
    expect(pagesOf(id).map(([, , status]) => status)).toEqual(['resolved', 'resolved']);
    // What we said ourselves is not told as somebody else's deed.
    const said = (await harness.incidents.timeline(id)).map(({ says }) => says);
    expect(said.filter((says) => says.includes('in PagerDuty by'))).toEqual([]);
  });

  it('is acknowledged in PagerDuty by whom it woke, and the first page hears of it', async () => {
    const id = await declare();
    await pass(id, 61);
    pagerDuty.as('PUEVA05').acknowledge(pagerId(`stamps/${id}/escalated-2`));
    await settle();
    await settle();
    expect(await harness.incidents.incident(id)).toMatchObject({ state: 'acknowledged', acknowledgedBy: 'pagerduty' });
    expect(pagesOf(id).map(([, , status]) => status)).toEqual(['acknowledged', 'acknowledged']);
    // Their page is over; the trouble is not.
    pagerDuty.as('PUEVA05').resolve(pagerId(`stamps/${id}/escalated-2`));
    await settle();
    expect(await harness.incidents.incident(id)).toMatchObject({ state: 'acknowledged' });
    expect((await harness.incidents.timeline(id)).at(-1)?.says).toBe('Resolved in PagerDuty by Eva Brandt.');
  });

  it('wakes anew when the trouble is back, and not when an acknowledgement timed out', async () => {
    const id = await declare();
    await pass(id, 61);
    await harness.incidents.acknowledge(id, ben);
    await settle();
    await harness.incidents.unacknowledge(id, ben, new Date(Date.now() + minuteMs).toISOString());
    await pass(id, 61);
    expect(pagesOf(id).map(([key]) => key)).toEqual([`stamps/${id}`, `stamps/${id}/escalated-2`]);
    await harness.incidents.resolve(id, ben);
    await harness.database.transaction(async (tx) =>
      reopened(tx, harness.context, await getIncident(tx, id), 'it fails again'),
    );
    await settle();
    await pass(id, 61);
    expect(pagesOf(id).at(-1)).toEqual([`stamps/${id}/escalated-2-again-1`, 'Databases', 'triggered', 1]);
  });

  it('wakes nobody who is not needed any more, and nobody for a severity that does not page', async () => {
    const id = await declare();
    await harness.age(id, 61 * minuteMs);
    await watchResponseClocks(harness.context);
    await harness.incidents.acknowledge(id, ben);
    await settle();
    expect(pagesOf(id).map(([key]) => key)).toEqual([`stamps/${id}`]);
    const calm = await declare('P2');
    await pass(calm, 5 * 60);
    expect(pagesOf(calm)).toEqual([]);
  });

  it('is told at the start when it could page nobody', () => {
    const { logger, lines } = createFakeLogger();
    pagingFrom(pagerDuty.appEmail, logger);
    expect(lines).toEqual([]);
    pagingFrom(undefined, logger);
    expect(lines).toMatchObject([{ level: 'warn', fields: { groups: ['managers'] } }]);
  });

  it('is told once when it would wake the people of the first page again, in the log and to who asks', async () => {
    const { logger, lines } = createFakeLogger();
    const own = [{ tell: 'oncall' }, { tell: 'managers', page: { policy: 'PPLATFM' } }];
    const { loops, desk } = pagingFrom(pagerDuty.appEmail, logger, own);
    const check = loops.find(({ name }) => name === 'ladder check');
    await check?.work();
    await check?.work();
    const says = expect.stringContaining('pages Platform, the policy of the service that is paged first');
    expect(lines).toMatchObject([{ level: 'warn', message: says }]);
    expect(await desk.ladderFaults()).toEqual([says]);
  });

  it('looks at people too: who is on call in both policies at a time would be woken twice', async () => {
    const rung = (page: Rung['page']) => [{ tell: 'oncall' }, { tell: 'managers', ...(page && { page }) }];
    const faults = (page: Rung['page']) => pagingFrom(pagerDuty.appEmail, quiet, rung(page)).desk.ladderFaults();
    const twice = (name: string) => [expect.stringContaining(`pages ${name}, on call at the same time for Platform`)];
    expect(await faults({ person: 'PUCHL03' })).toEqual(twice('Chloe Martin'));
    expect(await faults({ policy: 'PDATABS' })).toEqual(twice('Databases, with Ben Okafor'));
    expect(await faults({ person: 'PUEVA05' })).toEqual([]);
  });

  it('is as it should be in the sandbox', async () => {
    const { ladder } = parsePolicy(await readFile('sandbox/policy.yml', 'utf8')).incidents;
    expect(ladder.filter(({ page }) => page)).toHaveLength(1);
    expect(await pagingFrom(pagerDuty.appEmail, quiet, ladder).desk.ladderFaults()).toEqual([]);
  });

  it('says in the thread that nobody was woken', async () => {
    const id = await declare();
    const nameless = createEffects(harness.database, pagingFrom(undefined).effects, quiet, never);
    await pass(id, 61, nameless);
    expect(pagesOf(id)).toHaveLength(1);
    expect((await thread(id)).at(-1)).toContain('Page to managers: Not paged: PagerDuty wants to know who pages');
    expect((await thread(id)).at(-1)).toContain('Set PAGERDUTY_FROM');
    const unknown = createEffects(harness.database, pagingFrom('nobody@stamps.example').effects, quiet, never);
    const other = await declare();
    await pass(other, 61, unknown);
    expect((await thread(other)).at(-1)).toContain('does not know the login of PAGERDUTY_FROM');
  });
});
