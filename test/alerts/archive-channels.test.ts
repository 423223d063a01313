import { type SlackTestEmulator, startSlackEmulator } from '../../sandbox/slack/start-slack.ts';
import { archiveOldChannels, createArchiveEffect } from '../../src/alerts/archive-channels.ts';
import { refreshIncident } from '../../src/alerts/incident-cards.ts';
import { createChannelEffects } from '../../src/alerts/incident-channels.ts';
import { getIncident } from '../../src/alerts/incident-store.ts';
import { reopened } from '../../src/alerts/transitions.ts';
import { createIncidentPresenter } from '../../src/blocks/incident-presenter.ts';
import { dayMs } from '../../src/domain/duration.ts';
import { createEffects, type Effects } from '../../src/engine/effects.ts';
import { OpsError } from '../../src/errors.ts';
import { createChat } from '../../src/integrations/slack/create-chat.ts';
import { Secret } from '../../src/secret.ts';
import { ana, quiet } from '../support/engine-harness.ts';
import { type IncidentHarness, startIncidents } from '../support/incident-harness.ts';

describe('the channel of an incident that is long over', () => {
  let harness: IncidentHarness;
  let slack: SlackTestEmulator;
  let effects: Effects;
  let asked = 0;
  /** Done once, right before Slack is asked to archive. */
  let meanwhile: (() => Promise<unknown>) | undefined;

  beforeAll(async () => {
    [harness, slack] = await Promise.all([
      startIncidents({ archiveAfterMs: 14 * dayMs }),
      startSlackEmulator({ limits: false }),
    ]);
    const chat = createChat({ botToken: new Secret(slack.botToken), apiUrl: slack.apiUrl });
    const { database, context } = harness;
    const archiveChannel = async (channel: string) => {
      const first = meanwhile;
      meanwhile = undefined;
      await first?.();
      await chat.archiveChannel(channel);
    };
    const { policy, people } = context;
    effects = createEffects(
      database,
      {
        ...createChannelEffects({ database, policy, chat, people, presenter: createIncidentPresenter() }),
        ...createArchiveEffect({ database, chat: { archiveChannel } }),
      },
      quiet,
      new AbortController().signal,
    );
  });
  afterAll(() => Promise.all([harness.stop(), slack.close()]));

  async function settle(): Promise<void> {
    await harness.database.query(`delete from stamps.effects where kind like 'pagerduty%'`);
    await harness.database.query('update stamps.effects set next_at = clock_timestamp() where done_at is null');
    while ((await effects.pump()) > 0) await effects.idle();
    if ((await effects.depth()) > 0) await settle();
  }
  async function resolvedDaysAgo(days: number): Promise<string> {
    asked += 1;
    const wanted = { requestKey: `d-${asked}`, title: 'Sign-in fails', severity: 'P0', channel: 'C0' } as const;
    const { id } = await harness.incidents.declare(wanted, ana);
    await settle();
    await harness.incidents.resolve(id, ana);
    await harness.database.query(
      'update stamps.incidents set resolved_at = resolved_at - make_interval(days => $2) where id = $1',
      [id, days],
    );
    return id;
  }
  const look = () => archiveOldChannels(harness.context);
  const channelsOf = (id: string) =>
    slack.snapshot().channels.filter(({ name }) => name.startsWith(`inc-${id.slice(2)}-`));
  const archives = () => slack.calls.filter(({ method }) => method === 'conversations.archive').length;

  it('is archived once, however many replicas look, also when the answer was lost', async () => {
    const [old, young] = [await resolvedDaysAgo(15), await resolvedDaysAgo(13)];
    slack.faults.loseAnswers('conversations.archive', 1);
    await Promise.all([look(), look(), look()]);
    await settle();
    expect(channelsOf(old)).toMatchObject([{ isArchived: true }]);
    expect(channelsOf(young)).toEqual([expect.not.objectContaining({ isArchived: true })]);
    expect((await harness.incidents.timeline(old)).at(-1)?.says).toBe('Its channel is archived.');
    const before = archives();
    await look();
    await settle();
    expect(archives()).toBe(before);
  });

  it('is not archived when the trouble is back meanwhile', async () => {
    const id = await resolvedDaysAgo(15);
    await look();
    await harness.database.transaction(async (tx) =>
      reopened(tx, harness.context, await getIncident(tx, id), 'it fails again'),
    );
    await settle();
    expect(channelsOf(id)).toEqual([expect.not.objectContaining({ isArchived: true })]);
    expect((await harness.incidents.incident(id)).ownChannel).toBe(channelsOf(id)[0]?.id);
  });

  it.each([
    ['while Slack archives it', 0],
    ['after an archiving whose answer was lost', 1],
  ])('gives way to another one when the trouble comes back %s', async (_, lost) => {
    const id = await resolvedDaysAgo(15);
    await refreshIncident(harness.context, id);
    await look();
    slack.faults.loseAnswers('conversations.archive', lost);
    meanwhile = () =>
      harness.database.transaction(async (tx) =>
        reopened(tx, harness.context, await getIncident(tx, id), 'it fails again'),
      );
    await settle();
    const [old, fresh] = channelsOf(id);
    expect(old).toMatchObject({ isArchived: true });
    expect(fresh).toMatchObject({ name: `inc-${id.slice(2)}-sign-in-fails-2` });
    expect(await harness.incidents.incident(id)).toMatchObject({ state: 'open', ownChannel: fresh?.id });
  });

  it('stays its channel when Slack refuses to archive it', async () => {
    const id = await resolvedDaysAgo(15);
    await refreshIncident(harness.context, id);
    await look();
    meanwhile = () => Promise.reject(new OpsError('not-allowed', 'Slack does not let the app archive.'));
    await settle();
    expect((await harness.incidents.incident(id)).ownChannel).toBe(channelsOf(id)[0]?.id);
    expect((await harness.incidents.timeline(id)).at(-1)?.says).toBe(
      'Its channel could not be archived: Slack does not let the app archive.',
    );
    expect([...(await harness.messages()).keys()]).toContain(`incident:${id}:own`);
  });

  it('makes room for another one, with a card of its own, when the trouble is back later', async () => {
    const id = await resolvedDaysAgo(15);
    await refreshIncident(harness.context, id);
    await look();
    await settle();
    expect((await harness.incidents.incident(id)).ownChannel).toBeUndefined();
    await harness.database.transaction(async (tx) =>
      reopened(tx, harness.context, await getIncident(tx, id), 'it fails again'),
    );
    await settle();
    expect(channelsOf(id).map(({ name }) => name)).toEqual([
      `inc-${id.slice(2)}-sign-in-fails`,
      `inc-${id.slice(2)}-sign-in-fails-2`,
    ]);
    await refreshIncident(harness.context, id);
    const rows = await harness.database.query<{ channel: string }>(
      `select channel from stamps.messages where key = $1`,
      [`incident:${id}:own`],
    );
    expect(rows).toEqual([{ channel: channelsOf(id)[1]?.id }]);
  });
});
