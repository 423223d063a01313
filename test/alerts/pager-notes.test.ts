import { type PagerDutyTestEmulator, startPagerDutyEmulator } from '../../sandbox/pagerduty/start-pagerduty.ts';
import { createPaging, type Paging } from '../../src/alerts/create-paging.ts';
import { createPagerPeople } from '../../src/alerts/pager-people.ts';
import { watchResponseClocks } from '../../src/alerts/response-clocks.ts';
import { createPresenter } from '../../src/blocks/presenter.ts';
import type { Incident } from '../../src/domain/incident.ts';
import type { Member } from '../../src/domain/person.ts';
import { createEffects, type Effects } from '../../src/engine/effects.ts';
import { createPagerDutyPorts } from '../../src/integrations/pagerduty/create-ports.ts';
import type { ChatPort } from '../../src/ports/chat.ts';
import { systemClock } from '../../src/ports/clock.ts';
import { Secret } from '../../src/secret.ts';
import { ana, ben, dana, quiet } from '../support/engine-harness.ts';
import { type IncidentHarness, startIncidents } from '../support/incident-harness.ts';
import { receiveWebhooks, type WebhookReceiver } from '../support/receive-webhooks.ts';

const never = new AbortController().signal;
const minuteMs = 60_000;

/** Slack and PagerDuty side by side: the product's incidents, its effects and its webhook, over HTTP. */
describe('an incident in Slack and in PagerDuty', () => {
  let harness: IncidentHarness;
  let pagerDuty: PagerDutyTestEmulator;
  let webhooks: WebhookReceiver;
  let paging: Paging;
  let effects: Effects;
  let incident: Incident;
  let declared = 0;
  /** PagerDuty's clock beside ours. */
  let ahead = 0;

  const emails: Readonly<Record<string, string>> = {
    U0ANA: 'ana@stamps.example',
    U0BEN: 'ben@stamps.example',
    // PagerDuty does not know her by this address.
    U0DANA: 'dana@elsewhere.example',
  };
  const chat = {
    emailOf: async (id: string) => emails[id],
    idByEmail: async (email: string) => Object.entries(emails).find(([, one]) => one === email)?.[0],
    person: async (id: string) => ({ id, teamId: 'T0', name: id }),
  } as unknown as ChatPort;

  beforeAll(async () => {
    [harness, pagerDuty] = await Promise.all([
      startIncidents(),
      startPagerDutyEmulator({ retryDelaysMs: [0, 0, 0, 0], now: () => Date.now() + ahead }),
    ]);
    const { database, context } = harness;
    const ports = createPagerDutyPorts(
      {
        routingKey: new Secret(pagerDuty.routingKey),
        apiToken: new Secret(pagerDuty.apiToken),
        from: undefined,
        webhookSecret: new Secret(pagerDuty.webhookSecret),
        eventsUrl: pagerDuty.eventsUrl,
        apiUrl: pagerDuty.apiUrl,
      },
      systemClock,
    );
    const people = createPagerPeople({ chat, onCall: ports.onCall, clock: systemClock, logger: quiet });
    const common = { database, policy: context.policy, presenter: createPresenter(), clock: systemClock };
    paging = createPaging({ ...common, chat, logger: quiet, people, ...ports, incidents: harness.incidents });
    effects = createEffects(database, paging.effects, quiet, never);
    webhooks = await receiveWebhooks(pagerDuty, paging);
  });
  afterAll(async () => {
    await pagerDuty.close();
    webhooks.stop();
    await harness.stop();
  });
  beforeEach(async () => {
    declared += 1;
    ahead = 0;
    const wanted = {
      requestKey: `d-${declared}`,
      title: 'It is slow',
      severity: 'P1' as const,
      channel: 'C0INCIDENTS',
    };
    incident = await harness.incidents.declare(wanted, ana);
    await settle();
  });

  async function settle(): Promise<void> {
    await harness.database.query('update stamps.effects set next_at = clock_timestamp() where done_at is null');
    while ((await effects.pump()) > 0) await effects.idle();
    await pagerDuty.webhooks.idle();
    for (const { work } of paging.loops) await work();
    while ((await effects.pump()) > 0) await effects.idle();
  }
  const there = () => pagerDuty.incidents.findLast(({ dedupKey }) => dedupKey === `stamps/${incident.id}`);
  const page = () => there()?.id ?? '';
  const notes = () => there()?.notes.map(({ by, text }) => `${by}: ${text.replace(/[0-9a-f]{12}/, 'marker')}`);
  const timeline = async () => (await harness.incidents.timeline(incident.id)).map(({ says }) => says);
  const noted = async (text: string, member: Member = ana, key = text) =>
    harness.incidents.note(incident.id, text, member, key);
  const state = async () => (await harness.incidents.incident(incident.id)).state;
  const outcome = async () => {
    const [row] = await harness.database.query<{ outcome: string }>(
      'select outcome from stamps.pager_news order by handled_at desc nulls last, seq desc limit 1',
    );
    return row?.outcome;
  };
  const thread = async () =>
    [...(await harness.messages())]
      .filter(([key]) => key.startsWith(`incident:${incident.id}:`))
      .map(([, text]) => text);

  describe('a note in Slack', () => {
    it('is a note there, in its writer’s name, in order, and no echo of it comes back', async () => {
      await noted('the bank restarted its side');
      await noted('card payments answer again', ben);
      await settle();
      expect(notes()).toEqual([
        'Ana Ruiz: [Slack marker] Ana: the bank restarted its side',
        'Ben Okafor: [Slack marker] Ben: card payments answer again',
      ]);
      expect(await outcome()).toBe('An echo of our own.');
      await pagerDuty.replayWebhook();
      await settle();
      expect((await timeline()).filter((says) => says.includes('the bank'))).toEqual(['the bank restarted its side']);
    });

    it('is there once when its answer is lost, when it is wanted twice, and when PagerDuty throttles', async () => {
      pagerDuty.loseNoteAnswers(1);
      await noted('once only');
      await noted('once only');
      await settle();
      await settle();
      pagerDuty.throttleRest(1_000);
      await noted('later');
      await settle();
      expect(notes()).toEqual(['Ana Ruiz: [Slack marker] Ana: once only']);
      pagerDuty.throttleRest(0);
      await settle();
      expect(notes()).toHaveLength(2);
      // The same words under another command are another note.
      await noted('once only', ana, 'another command');
      await settle();
      expect(notes()).toHaveLength(3);
    });

    it('keeps nobody from acknowledging while it waits', async () => {
      pagerDuty.throttleRest(1_000);
      await noted('waits');
      await harness.incidents.acknowledge(incident.id, ana);
      await settle();
      expect(there()?.status).toBe('acknowledged');
      pagerDuty.throttleRest(0);
      await settle();
      expect(notes()).toHaveLength(1);
    });

    it('waits for the page, and goes to the incident that is there now', async () => {
      pagerDuty.throttling(true);
      const wanted = { requestKey: 'early', title: 'Slow again', severity: 'P1' as const, channel: 'C0INCIDENTS' };
      incident = await harness.incidents.declare(wanted, ana);
      await noted('early');
      await settle();
      expect(there()).toBeUndefined();
      pagerDuty.throttling(false);
      await settle();
      await settle();
      expect(notes()).toEqual(['Ana Ruiz: [Slack marker] Ana: early']);
    });

    it('stays in Slack when PagerDuty does not know its writer, who is told so once', async () => {
      await noted('from a stranger to it', { ...dana, groups: ['managers'] });
      await noted('and again', { ...dana, groups: ['managers'] });
      await settle();
      expect(notes()).toEqual([]);
      const told = (await thread()).filter((text) => text.includes('not in PagerDuty'));
      expect(told).toHaveLength(1);
      expect(told[0]).toContain('PagerDuty does not know you');
      expect(await timeline()).toContain('from a stranger to it');
    });

    it('of before the first page follows it, once and in order', async () => {
      const wanted = { requestKey: 'late', title: 'Odd', severity: 'P3' as const, channel: 'C0INCIDENTS' };
      incident = await harness.incidents.declare(wanted, ana);
      await noted('it began with the release');
      await noted('the release is taken back', ben);
      await settle();
      expect(there()).toBeUndefined();
      await harness.incidents.page(incident.id, ana);
      await noted('now somebody is awake');
      await settle();
      await settle();
      expect(notes()).toEqual([
        'Ana Ruiz: [Slack marker] it began with the release',
        'Ben Okafor: [Slack marker] the release is taken back',
        'Ana Ruiz: [Slack marker] Ana: now somebody is awake',
      ]);
    });

    it('goes nowhere when nobody was paged', async () => {
      const wanted = { requestKey: 'calm', title: 'Odd', severity: 'P3' as const, channel: 'C0INCIDENTS' };
      incident = await harness.incidents.declare(wanted, ana);
      await noted('nothing to see');
      await settle();
      expect(there()).toBeUndefined();
      expect((await harness.effects()).filter(({ args }) => args.incident === incident.id)).toEqual([]);
    });
  });

  describe('a note in PagerDuty', () => {
    it('stands in the timeline once, and does not go back', async () => {
      pagerDuty.as('PUBEN02').note(page(), 'looking at the gateway');
      await settle();
      await pagerDuty.replayWebhook();
      await settle();
      const lines = (await timeline()).filter((says) => says.includes('gateway'));
      expect(lines).toEqual(['Noted in PagerDuty by Ben Okafor: looking at the gateway']);
      expect(there()?.notes).toHaveLength(1);
    });

    it('that only looks like one of ours is a note like any other', async () => {
      pagerDuty.as('PUBEN02').note(page(), '[Slack 0123456789ab] Ana: I never said so');
      await settle();
      expect(await timeline()).toContain('Noted in PagerDuty by Ben Okafor: [Slack 0123456789ab] Ana: I never said so');
    });

    it('belongs to where its incident was merged into', async () => {
      const id = page();
      const other = await harness.incidents.declare(
        { requestKey: `m-${declared}`, title: 'All slow', severity: 'P1', channel: 'C0INCIDENTS' },
        ana,
      );
      await harness.incidents.merge(incident.id, other.id, ana);
      await settle();
      pagerDuty.as('PUBEN02').note(id, 'still slow');
      await settle();
      const says = (await harness.incidents.timeline(other.id)).map((entry) => entry.says);
      expect(says).toContain('Noted in PagerDuty by Ben Okafor: still slow');
    });
  });

  describe('an acknowledgement that times out there', () => {
    it('opens it here: the clock starts anew, people are called, and the next one is told there again', async () => {
      await harness.incidents.acknowledge(incident.id, ana);
      await settle();
      expect(there()?.status).toBe('acknowledged');
      await harness.age(incident.id, 29 * minuteMs);
      ahead = minuteMs;
      pagerDuty.timeOut(page());
      await settle();
      const now = await harness.incidents.incident(incident.id);
      expect(now).toMatchObject({ state: 'open', escalation: 0 });
      expect(now.assigneeId).toBeUndefined();
      expect(Date.now() - Date.parse(now.severitySince)).toBeLessThan(minuteMs);
      expect(await timeline()).toContain('Nobody has it any more: the acknowledgement timed out');
      const told = (await thread()).filter((text) => text.includes('timed out in PagerDuty'));
      expect(told).toHaveLength(1);
      expect(told[0]).toMatch(/<!subteam|<@U0ANA>/);
      const card = (await harness.messages()).get(`incident:${incident.id}`);
      expect(card).toContain('Nobody has');
      expect(await harness.audits()).toContain('incident-unacknowledged by pagerduty');
      // Nobody is paged by us: PagerDuty wakes whom it wakes.
      expect(there()?.triggers).toBe(1);

      await pagerDuty.replayWebhook();
      await settle();
      expect((await thread()).filter((text) => text.includes('timed out in PagerDuty'))).toHaveLength(1);

      await watchResponseClocks(harness.context);
      expect((await harness.incidents.incident(incident.id)).escalation).toBe(0);
      await harness.age(incident.id, 31 * minuteMs);
      await watchResponseClocks(harness.context);
      expect((await harness.incidents.incident(incident.id)).escalation).toBe(1);

      ahead = 2 * minuteMs;
      await harness.incidents.acknowledge(incident.id, ben);
      await settle();
      expect(there()?.status).toBe('acknowledged');
      expect(await harness.incidents.incident(incident.id)).toMatchObject({
        state: 'acknowledged',
        acknowledgedBy: 'U0BEN',
        assigneeId: 'U0BEN',
      });
      expect((await thread()).filter((text) => text.startsWith('Acknowledged by'))).toHaveLength(2);
    });

    it('leaves it with whom it was given to', async () => {
      await harness.incidents.assign(incident.id, 'U0DANA', ana);
      await harness.incidents.acknowledge(incident.id, ana);
      await settle();
      ahead = minuteMs;
      pagerDuty.timeOut(page());
      await settle();
      expect(await harness.incidents.incident(incident.id)).toMatchObject({ state: 'open', assigneeId: 'U0DANA' });
    });

    it('changes nothing when somebody has acknowledged since, or it is over', async () => {
      await harness.incidents.acknowledge(incident.id, ana);
      await settle();
      ahead = -minuteMs;
      pagerDuty.timeOut(page());
      await settle();
      expect(await state()).toBe('acknowledged');
      await harness.incidents.resolve(incident.id, ana);
      ahead = minuteMs;
      await pagerDuty.webhooks.replay(-1);
      await settle();
      expect(await state()).toBe('resolved');
    });

    it('is right in whatever order it comes, also late and long after', async () => {
      ahead = -30 * minuteMs;
      await harness.age(incident.id, 40 * minuteMs);
      pagerDuty.webhooks.hold();
      pagerDuty.as('PUBEN02').acknowledge(page());
      ahead = -minuteMs;
      pagerDuty.timeOut(page());
      pagerDuty.webhooks.release((waiting) => waiting.toReversed());
      await pagerDuty.webhooks.idle();
      await settle();
      expect(await state()).toBe('open');

      // The end of it is handled first, and what came before it afterwards.
      pagerDuty.webhooks.hold();
      ahead = 0;
      pagerDuty.as('PUBEN02').acknowledge(page());
      ahead = minuteMs;
      pagerDuty.timeOut(page());
      const late: unknown[] = [];
      pagerDuty.webhooks.release((waiting) => {
        late.push(...waiting);
        return waiting.toReversed().slice(0, 1);
      });
      await settle();
      pagerDuty.webhooks.hold();
      pagerDuty.webhooks.release(() => late.slice(0, 1) as never);
      await settle();
      expect(await state()).toBe('open');
      expect(await outcome()).toBe('From before it was opened again.');
    });
  });

  it('who has it there, what it is worth there, and whether it goes on there stands in the timeline', async () => {
    const ben = pagerDuty.as('PUBEN02');
    const before = await harness.incidents.incident(incident.id);
    ben.reassign(page(), ['PUDAN04', 'PUEVA05']);
    pagerDuty.escalate(page());
    ben.delegate(page(), 'PDATABS');
    ben.prioritise(page(), 'P2');
    await settle();
    expect((await timeline()).slice(-4)).toEqual([
      'Reassigned to Dana Levi, Eva Brandt in PagerDuty by Ben Okafor.',
      'Escalated to Ben Okafor in PagerDuty.',
      'Handed to another escalation policy: Databases in PagerDuty by Ben Okafor.',
      'Priority changed to P2 in PagerDuty by Ben Okafor.',
    ]);
    const { alerts: _, ...after } = await harness.incidents.incident(incident.id);
    expect(before).toMatchObject(after);
    await harness.incidents.resolve(incident.id, ana);
    await settle();
    ben.reopen(page());
    await settle();
    expect(await state()).toBe('resolved');
    expect((await thread()).at(-1)).toContain('Reopened in PagerDuty by Ben Okafor');
  });
});
