import { type PagerDutyTestEmulator, startPagerDutyEmulator } from '../../sandbox/pagerduty/start-pagerduty.ts';
import { createPaging, type Paging } from '../../src/alerts/create-paging.ts';
import { addToTimeline, openIncident, readTimeline } from '../../src/alerts/incident-store.ts';
import { createOnCallDesk } from '../../src/alerts/on-call-desk.ts';
import { createPagerPeople } from '../../src/alerts/pager-people.ts';
import { createPresenter } from '../../src/blocks/presenter.ts';
import type { Incident } from '../../src/domain/incident.ts';
import { defaultIncidentPolicy } from '../../src/domain/incident-policy.ts';
import type { Member } from '../../src/domain/person.ts';
import { createEffects, type Effects } from '../../src/engine/effects.ts';
import { incidentPageKey, wantPage, wantPageResolved } from '../../src/engine/pages.ts';
import { OpsError } from '../../src/errors.ts';
import { createPagerDutyPorts } from '../../src/integrations/pagerduty/create-ports.ts';
import type { ChatPort } from '../../src/ports/chat.ts';
import { systemClock } from '../../src/ports/clock.ts';
import { Secret } from '../../src/secret.ts';
import { ana, policy as basePolicy, gus, quiet } from '../support/engine-harness.ts';
import { receiveWebhooks, type WebhookReceiver } from '../support/receive-webhooks.ts';
import { newIncident } from '../support/sample-incident.ts';
import { newDatabase } from '../support/test-database.ts';

const policy = { ...basePolicy, incidents: { ...defaultIncidentPolicy, responders: ['oncall'] } };
const never = new AbortController().signal;

describe('PagerDuty and Slack tell each other', () => {
  let database: Awaited<ReturnType<typeof newDatabase>>;
  let pagerDuty: PagerDutyTestEmulator;
  let webhooks: WebhookReceiver;
  let paging: Paging;
  let effects: Effects;
  let incident: string;
  let opened = 0;
  const done: { did: string; id: string; by: string; groups: readonly string[] }[] = [];
  let failure: OpsError | undefined;

  /** Slack knows Ana and Ben by their e-mail addresses, and nobody else. */
  const chat = {
    idByEmail: async (email: string) =>
      ({ 'ana@stamps.example': 'U0ANA', 'ben@stamps.example': 'U0BEN', 'chloe@stamps.example': 'U0GUS' })[email],
    person: async (id: string) => ({ id, teamId: 'T0', name: id, ...(id === 'U0GUS' && { barred: 'guest' as const }) }),
    emailOf: async (id: string) => ({ U0ANA: 'ana@stamps.example', U0DANA: 'dana@elsewhere.example' })[id],
  } as unknown as ChatPort;

  beforeAll(async () => {
    [database, pagerDuty] = await Promise.all([newDatabase(), startPagerDutyEmulator({ retryDelaysMs: [0, 0, 0, 0] })]);
    const moves = (did: string) => async (id: string, by: Member) => {
      if (failure) throw failure;
      done.push({ did, id, by: by.id, groups: by.groups });
      return {} as Incident;
    };
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
    paging = createPaging({
      ...{ database, policy, presenter: createPresenter(), chat, clock: systemClock, logger: quiet, people, ...ports },
      incidents: {
        acknowledge: moves('acknowledge'),
        unacknowledge: moves('unacknowledge'),
        resolve: moves('resolve'),
      },
    });
    effects = createEffects(database, paging.effects, quiet, never);
    webhooks = await receiveWebhooks(pagerDuty, paging);
  });
  afterAll(async () => {
    await pagerDuty.close();
    webhooks.stop();
    await database.close();
  });
  beforeEach(async () => {
    opened += 1;
    done.length = 0;
    failure = undefined;
    const wanted = newIncident({ requestKey: `test-${opened}`, place: { scope: 'global' }, cells: [] });
    ({ id: incident } = (await database.transaction((tx) => openIncident(tx, wanted))).incident);
  });

  async function settle(): Promise<void> {
    await database.query('update stamps.effects set next_at = clock_timestamp() where done_at is null');
    while ((await effects.pump()) > 0) await effects.idle();
    await pagerDuty.webhooks.idle();
    for (const { work } of paging.loops) await work();
  }
  async function paged(): Promise<string> {
    const page = { key: incidentPageKey(incident), summary: 'down', source: 'test', severity: 'critical' as const };
    await database.transaction((tx) => wantPage(tx, page, 'opened', { incident }));
    await settle();
    return pagerDuty.incidents.findLast(({ dedupKey }) => dedupKey === page.key)?.id ?? '';
  }
  const timeline = async () => (await readTimeline(database, incident)).map(({ says }) => says);
  const outcomes = async () =>
    (await database.query<{ outcome: string }>('select outcome from stamps.pager_news order by seq')).map(
      (row) => row.outcome,
    );

  it('an engineer acknowledges and resolves in PagerDuty, and it is so in Slack, once', async () => {
    const id = await paged();
    pagerDuty.as('PUBEN02').acknowledge(id);
    await settle();
    await pagerDuty.replayWebhook();
    pagerDuty.as('PUBEN02').resolve(id);
    await settle();
    await pagerDuty.replayWebhook();
    await settle();
    expect(done).toEqual([
      { did: 'acknowledge', id: incident, by: 'U0BEN', groups: ['oncall'] },
      { did: 'resolve', id: incident, by: 'U0BEN', groups: ['oncall'] },
    ]);
    expect(await timeline()).toEqual([
      'down. Paged through PagerDuty.',
      'Acknowledged in PagerDuty by Ben Okafor.',
      'Resolved in PagerDuty by Ben Okafor.',
    ]);
  });

  it.each([
    ['Eva Brandt', 'PUEVA05', 'nobody in Slack has her e-mail'],
    ['Chloe Martin', 'PUCHL03', 'a guest in Slack'],
  ])('%s counts as PagerDuty itself: %s is %s', async (name, userId) => {
    pagerDuty.as(userId).acknowledge(await paged());
    await settle();
    expect(done).toEqual([{ did: 'acknowledge', id: incident, by: 'pagerduty', groups: ['oncall'] }]);
    expect((await timeline()).at(-1)).toBe(`Acknowledged in PagerDuty by ${name}.`);
  });

  it('does not take its own word, that comes back, for somebody else’s', async () => {
    await paged();
    await database.transaction((tx) => wantPageResolved(tx, incidentPageKey(incident), 'first', { incident }));
    await settle();
    expect(pagerDuty.incidents.at(-1)?.status).toBe('resolved');
    expect(done).toEqual([]);
    expect((await outcomes()).at(-1)).toBe('An echo of our own.');
  });

  it('hears what came in another order, and leaves what is over', async () => {
    const id = await paged();
    pagerDuty.webhooks.hold();
    pagerDuty.as('PUANA01').acknowledge(id);
    pagerDuty.as('PUANA01').resolve(id);
    pagerDuty.webhooks.release((waiting) => waiting.toReversed());
    await pagerDuty.webhooks.idle();
    await settle();
    // Both had arrived before anybody looked: the moments that PagerDuty gave put them right.
    expect(done.map(({ did }) => did).toSorted()).toEqual(['acknowledge', 'resolve']);
    failure = new OpsError('conflict', 'It is resolved.');
    await pagerDuty.webhooks.replay(-2);
    await settle();
    expect(done).toHaveLength(2);
  });

  it('does not resolve what was opened again since', async () => {
    const id = await paged();
    pagerDuty.webhooks.hold();
    pagerDuty.as('PUANA01').resolve(id);
    await database.transaction((tx) =>
      addToTimeline(tx, incident, [
        { kind: 'reopened', actor: 'azure-monitor', says: 'again', at: new Date(Date.now() + 60_000).toISOString() },
      ]),
    );
    pagerDuty.webhooks.release();
    await pagerDuty.webhooks.idle();
    await settle();
    expect(done).toEqual([]);
    expect((await outcomes()).at(-1)).toBe('From before it was opened again.');
  });

  it('keeps on when an incident is gone, and tries again when the database was away', async () => {
    const id = await paged();
    failure = new OpsError('unavailable', 'away', { service: 'PostgreSQL' });
    pagerDuty.as('PUANA01').acknowledge(id);
    await expect(settle()).rejects.toThrow('away');
    failure = new OpsError('conflict', 'It is merged into i-1.');
    await settle();
    expect((await outcomes()).at(-1)).toBe('It is merged into i-1.');
  });

  it('brings a note over, whose key must be asked for', async () => {
    pagerDuty.as('PUANA01').note(await paged(), 'failing over <!channel>');
    await settle();
    expect((await timeline()).at(-1)).toBe('Noted in PagerDuty by Ana Ruiz: failing over <!channel>');
  });

  it('leaves incidents alone that are not of ours', async () => {
    await fetch(`${pagerDuty.eventsUrl}/v2/enqueue`, {
      method: 'POST',
      body: JSON.stringify({
        routing_key: pagerDuty.routingKey,
        event_action: 'trigger',
        dedup_key: 'somebody-elses',
        payload: { summary: 'x', source: 'y', severity: 'info' },
      }),
    });
    pagerDuty.as('PUANA01').resolve(pagerDuty.incidents.at(-1)?.id ?? '');
    await pagerDuty.webhooks.idle();
    await settle();
    expect(done).toEqual([]);
    expect((await outcomes()).at(-1)).toBe('Not ours.');
  });

  it('refuses what is not signed, and takes no replay under another delivery’s id', async () => {
    const before = (await outcomes()).length;
    const post = (headers: Record<string, string>, body = '{}') =>
      fetch(pagerDuty.webhookUrl ?? '', { method: 'POST', headers, body }).then(({ status }) => status);
    expect(await post({ 'x-webhook-id': 'w' })).toBe(401);
    expect(await post({ 'x-webhook-id': 'w' }, 'x'.repeat(300_000))).toBe(413);
    expect(await outcomes()).toHaveLength(before);
    const id = await paged();
    pagerDuty.as('PUANA01').acknowledge(id);
    await settle();
    const { body, headers } = await lastWebhook();
    expect(await post({ ...headers, 'x-webhook-id': 'forged' }, body)).toBe(202);
    await settle();
    expect(done).toHaveLength(1);
  });

  /** What an eavesdropper would have. */
  async function lastWebhook(): Promise<{ body: string; headers: Record<string, string> }> {
    const caught = new Promise<{ body: string; headers: Record<string, string> }>((resolve) => {
      webhooks.server.prependOnceListener('request', async (request) => {
        const parts: Buffer[] = [];
        request.on('data', (part: Buffer) => parts.push(part));
        request.on('end', () =>
          resolve({
            body: Buffer.concat(parts).toString('utf8'),
            headers: { 'x-pagerduty-signature': String(request.headers['x-pagerduty-signature']) },
          }),
        );
      });
    });
    await pagerDuty.replayWebhook();
    return caught;
  }

  it('knows whether incidents page anybody', () => {
    const parts = { database, policy, onCall: undefined, clock: systemClock };
    const people = createPagerPeople({ chat, onCall: undefined, clock: systemClock, logger: quiet });
    expect(paging.desk.pagesIncidents).toBe(true);
    expect(createOnCallDesk({ ...parts, people, pager: undefined }).pagesIncidents).toBe(false);
  });

  describe('a page to whom somebody chose', () => {
    const card = async () => {
      const [message] = await database.query<{ text: string }>(
        `select content->>'text' as text from stamps.messages where key like 'page:%' order by seq desc limit 1`,
      );
      return message?.text ?? '';
    };
    const ask = async (why: string, member: Member = ana, named = 'Databases') => {
      const target = (await paging.desk.targets()).find(({ name }) => name === named);
      if (!target) throw new Error(`no ${named}`);
      await paging.desk.page({ key: `command:${why}`, target, why, channel: 'C0INCIDENTS' }, member);
    };

    it('goes out once, and its card tells what becomes of it', async () => {
      await ask('card payments time out');
      expect(await card()).toContain('On its way.');
      await ask('card payments time out');
      await settle();
      const mine = pagerDuty.incidents.filter(({ summary }) => summary === 'card payments time out');
      expect(mine).toMatchObject([{ assignees: ['Eva Brandt'], triggers: 1 }]);
      expect(await card()).toContain('Paged through PagerDuty.');
      pagerDuty.as('PUEVA05').acknowledge(mine[0]?.id ?? '');
      await settle();
      expect(await card()).toContain('Acknowledged in PagerDuty by Eva Brandt.');
      pagerDuty.as('PUEVA05').resolve(mine[0]?.id ?? '');
      await settle();
      expect(await card()).toContain('Resolved in PagerDuty by Eva Brandt.');
    });

    it('waits out throttling, and says so meanwhile', async () => {
      await ask('the disk is nearly full');
      pagerDuty.throttleRest(1_000);
      await settle();
      expect(await card()).toContain('Not paged yet: PagerDuty has had too many requests');
      pagerDuty.throttleRest(0);
      await settle();
      expect(await card()).toContain('Paged through PagerDuty.');
    });

    it('says when PagerDuty does not know you', async () => {
      await ask('I want to know', { ...ana, id: 'U0DANA' });
      await settle();
      expect(await card()).toContain('Not paged: PagerDuty does not know you');
    });

    it('is for those alone who respond to incidents', async () => {
      await expect(ask('let me in please', { ...gus, groups: ['oncall'] })).rejects.toMatchObject({
        code: 'not-allowed',
      });
      await expect(ask('let me in please', { ...ana, groups: [] })).rejects.toMatchObject({ code: 'not-allowed' });
    });

    it('stands in the timeline of the incident whose channel it was asked in', async () => {
      await database.query(`update stamps.incidents set own_channel = 'C0OWN' where id = $1`, [incident]);
      const [target] = await paging.desk.targets();
      if (!target) throw new Error('no target');
      await paging.desk.page({ key: 'own', target, why: 'come and look', channel: 'C0OWN' }, ana);
      await settle();
      expect(await timeline()).toEqual(['Page to Platform: Paged through PagerDuty.']);
    });
  });

  it('knows who is on call now and next, and by whom Slack knows them', async () => {
    const turns = await paging.desk.turns('PPLATFM');
    expect(turns).toMatchObject([
      { level: 1, now: [{ name: 'Ana Ruiz', slackId: 'U0ANA' }], next: { name: 'Ben Okafor', slackId: 'U0BEN' } },
      { level: 2, now: [{ name: 'Ben Okafor', slackId: 'U0BEN' }], next: { name: 'Chloe Martin' } },
    ]);
    expect(turns[1]?.next).not.toHaveProperty('slackId');
    // Databases comes first by its name, and is not whom an incident wakes.
    const all = await paging.desk.turns();
    expect(all.map(({ policy, level }) => [policy.name, level])).toEqual([
      ['Platform', 1],
      ['Platform', 2],
      ['Databases', 1],
      ['Databases', 2],
    ]);
  });
});
