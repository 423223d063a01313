import { channelName, createChannelEffects } from '../../src/alerts/incident-channels.ts';
import { createIncidentPresenter } from '../../src/blocks/incident-presenter.ts';
import { OpsError } from '../../src/errors.ts';
import { ana, dana } from '../support/engine-harness.ts';
import { type IncidentHarness, startIncidents } from '../support/incident-harness.ts';

it.each([
  ['Card payments time out', 'inc-17-card-payments-time-out'],
  ['Zahlungen über Karte: Störung!', 'inc-17-zahlungen-uber-karte-storung'],
  ['<!channel> & co', 'inc-17-channel-co'],
  ['支払い', 'inc-17'],
  ['x'.repeat(300), `inc-17-${'x'.repeat(53)}`],
])('makes a name that Slack takes of “%s”', (title, name) => {
  expect(channelName({ id: 'i-17', title })).toBe(name);
  expect(name).toMatch(/^[a-z0-9-]{1,80}$/);
});

describe('the channel of an incident', () => {
  let harness: IncidentHarness;
  const done: unknown[][] = [];
  beforeAll(async () => {
    harness = await startIncidents();
  });
  afterAll(() => harness.stop());
  const effects = (refuses?: OpsError) => {
    const chat = {
      createChannel: async (name: string) => {
        if (refuses) throw refuses;
        done.push(['create', name]);
        return 'C0INC';
      },
      invite: async (...what: unknown[]) => void done.push(['invite', ...what]),
      setTopic: async (...what: unknown[]) => void done.push(['topic', ...what]),
    };
    const people = { member: async () => ana, inGroups: async () => [ana.id, dana.id] };
    const { database, context } = harness;
    const presenter = createIncidentPresenter();
    const handler = createChannelEffects({ database, policy: context.policy, chat, people, presenter })[
      'incident-channel'
    ];
    if (!handler) throw new Error('nothing does incident-channel');
    return handler;
  };
  const declare = (key: string) =>
    harness.incidents.declare({ requestKey: key, title: 'Sign-in fails', severity: 'P0', channel: 'C0' }, ana);
  const signal = new AbortController().signal;

  it('is made with whom its severity calls, each once, and a repeat does the same', async () => {
    const { id } = await declare('a');
    await effects().perform({ incident: id }, 'k', signal);
    await effects().perform({ incident: id }, 'k', signal);
    expect(done.slice(0, 3)).toEqual([
      ['create', `inc-${id.slice(2)}-sign-in-fails`],
      ['invite', 'C0INC', [ana.id, dana.id]],
      ['topic', 'C0INC', `P0 ${id}: Sign-in fails`],
    ]);
    expect(await harness.incidents.incident(id)).toMatchObject({ ownChannel: 'C0INC' });
    expect((await harness.incidents.timeline(id)).filter(({ kind }) => kind === 'message')).toHaveLength(1);
  });

  it('is not made for what has ended', async () => {
    const { id } = await declare('b');
    await harness.incidents.resolve(id, ana);
    expect(await effects().perform({ incident: id }, 'k', signal)).toContain('It ended before');
  });

  it('is said to be missing in the thread when Slack refuses', async () => {
    const { id } = await declare('c');
    const refused = new OpsError('not-allowed', 'Slack refused conversations.create: restricted_action.');
    await expect(effects(refused).perform({ incident: id }, 'k', signal)).rejects.toBe(refused);
    await effects().tell?.(harness.database, { incident: id }, 'k', { done: false, says: refused.message });
    expect([...(await harness.messages()).values()].at(-1)).toContain('could not get a channel of its own');
  });
});
