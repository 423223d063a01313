import { viewIds } from '../../src/blocks/view-ids.ts';
import { breakGlass } from '../../src/commands/break-glass.ts';
import type { Policy } from '../../src/domain/approval.ts';
import type { Member } from '../../src/domain/person.ts';
import { readMention } from '../../src/integrations/slack/incoming-schemas.ts';
import { createIncomingHandler } from '../../src/interactions/handle-incoming.ts';
import { playbooks } from '../../src/playbooks/index.ts';
import type { Incoming } from '../../src/ports/incoming.ts';
import { type EngineHarness, startEngine } from '../support/engine-harness.ts';
import { createDesk, policy as deskPolicy, incidents } from '../support/fakes/desk.ts';
import { sampleMember } from '../support/fakes/fake-people.ts';
import { createFakeWorld } from '../support/playbook-world.ts';

jest.setTimeout(240_000);

/** One rule of its own for a cell, one for all others; nothing runs by one approval alone. */
const rule = (cells: readonly string[] | undefined, requester: string, approver: string) => ({
  match: cells ? { cells } : {},
  requesters: [requester],
  approvals: 2,
  approvers: [approver],
  fromDifferentGroups: false,
  expiresAfterMs: 1_800_000,
  remindBeforeMs: 300_000,
});
const policy: Policy = {
  ...deskPolicy,
  rules: [rule(['cell-banking'], 'bank', 'bankleads'), rule(undefined, 'oncall', 'leads')],
  breakGlass: { who: ['oncall'], remindEveryMs: 3_600_000 },
};

const everything = ['oncall', 'leads', 'bank', 'bankleads', 'operators'];
const people: readonly Member[] = [
  sampleMember('U0ONCALL', ['oncall']),
  sampleMember('U0LEAD', ['leads']),
  sampleMember('U0BANK', ['bank']),
  sampleMember('U0BANKLEAD', ['bankleads']),
  sampleMember('U0BOTH', ['leads', 'bankleads']),
  sampleMember('U0OPERATOR', ['operators']),
  sampleMember('U0NOBODY', []),
  sampleMember('U0GUEST', everything, 'guest'),
  sampleMember('U0STRANGER', everything, 'stranger'),
  sampleMember('U0ROBOT', everything, 'bot'),
  sampleMember('U0LEFT', everything, 'deactivated'),
  sampleMember('U0UNKNOWN', everything, 'unknown'),
];

/** What the policy says, written down a second time, by kind of cell. */
const table = {
  'a cell with approvers of its own': {
    cell: 'cell-banking',
    requester: 'U0BANK',
    mayAsk: ['U0BANK'],
    mayDecide: ['U0BANKLEAD', 'U0BOTH'],
    mayBreakGlass: ['U0ONCALL'],
  },
  'an ordinary cell': {
    cell: 'cell-retail',
    requester: 'U0ONCALL',
    mayAsk: ['U0ONCALL'],
    mayDecide: ['U0LEAD', 'U0BOTH'],
    mayBreakGlass: ['U0ONCALL'],
  },
  // Who may ask is shown why not; nobody can approve it, not even by break-glass.
  'a protected cell': {
    cell: 'cell-healthcare',
    requester: 'U0ONCALL',
    mayAsk: ['U0ONCALL'],
    mayDecide: [],
    mayBreakGlass: [],
  },
} as const;

let count = 0;
const key = () => {
  count += 1;
  return `key-${count}`;
};
const from = (personId: string) => ({ key: key(), personId, teamId: 'T0STAMPS' });

/** As Slack sends it, for what people write. */
const event = (personId: string, text: string, more: object): unknown => ({
  type: 'event_callback',
  event_id: key(),
  team_id: 'T0STAMPS',
  event: {
    type: 'app_mention',
    user: personId,
    channel: incidents,
    ts: `${count}.1`,
    text: `<@U0STAMPS> ${text}`,
    ...more,
  },
});

const ask = (text: string, channel: string) => (personId: string, cell: string) => ({
  ...from(personId),
  ...{
    type: 'command' as const,
    channel,
    text: text.replace('CELL', cell),
    responseUrl: 'https://hooks/1',
    triggerId: 't',
  },
});
const isolate = 'isolate CELL for 4h because something is very wrong';
const asking: Readonly<Record<string, (personId: string, cell: string) => Incoming>> = {
  'a command in the channel': ask(isolate, incidents),
  'a command in a direct message': ask(isolate, 'D0DIRECT'),
  'a command in a shared channel': ask(isolate, 'C0SHARED'),
  'the form': (personId, cell) => ({
    ...from(personId),
    ...{ type: 'submission', callbackId: viewIds.isolate, privateMetadata: JSON.stringify({ channel: incidents }) },
    values: { cell, for: '4h', reason: 'something is very wrong' },
  }),
};

interface Shown {
  readonly id: string;
  readonly code: string;
}
type Deciding = (personId: string, run: Shown, verdict: string) => Incoming | undefined;
const button =
  (where: object): Deciding =>
  (personId, { id, code }, verdict) => ({
    ...from(personId),
    ...{ type: 'action', actionId: `run_${verdict}`, value: `${id}:${code}`, triggerId: 't', ...where },
  });
const said =
  (more: object, named = false): Deciding =>
  (personId, { id }, verdict) =>
    readMention(event(personId, named ? `${verdict} ${id}` : verdict, more));

const inThread = { thread_ts: '99.0' };
/** Paths on which a decision counts, when it is one's own to take. */
const deciding: Readonly<Record<string, Deciding>> = {
  'the button': button({ channel: incidents, messageTs: '99.1', threadTs: '99.0' }),
  'the button in App Home': button({}),
  'a mention in the thread': said(inThread),
  'a mention that is also sent to the channel': said({ ...inThread, subtype: 'thread_broadcast' }),
  'a mention elsewhere that names it': said({ channel: 'D0DIRECT' }, true),
};
/** Paths on which nothing ever counts. */
const nothing: Readonly<Record<string, Deciding>> = {
  'a message that was edited': said({ ...inThread, edited: { user: 'U0X', ts: '99.9' } }),
  'a broadcast that was edited': said({
    ...inThread,
    subtype: 'thread_broadcast',
    edited: { user: 'U0X', ts: '99.9' },
  }),
  'the event of a change': (personId, _run, verdict) =>
    readMention(
      event(personId, verdict, {
        type: 'message',
        subtype: 'message_changed',
        message: {
          type: 'message',
          user: personId,
          text: `<@U0STAMPS> ${verdict}`,
          ts: '99.5',
          edited: { ts: '99.9' },
        },
      }),
    ),
  'a change that calls itself a mention': said({ ...inThread, subtype: 'message_changed' }),
  'a mention of a bot’s': said({ ...inThread, bot_id: 'B0OTHER' }),
};

describe.each(Object.entries(table))('%s', (_kind, { cell, requester, mayAsk, mayDecide, mayBreakGlass }) => {
  let engine: EngineHarness;
  let handle: (incoming: Incoming) => Promise<void>;
  let run: Shown;
  let whispers: () => string[];

  beforeAll(async () => {
    const world = createFakeWorld();
    const { estate, azure, declared, kinds, checks } = world;
    const alertRules = declared;
    engine = await startEngine({ estate, policy, azure: azure.ports, alertRules, kinds, checks, playbooks });
    const desk = createDesk({ homeChannel: incidents });
    for (const member of people) desk.people.members.set(member.id, member);
    const { operations } = engine.engine;
    const threadRun = async (channel: string, ts: string) =>
      channel === incidents && ts === '99.0' ? run.id : undefined;
    handle = createIncomingHandler({ ...desk.deps, operations, policy, estate, threadRun });
    whispers = () => desk.chat.shown.flatMap((shown) => ('content' in shown ? [JSON.stringify(shown.content)] : []));
    const { id, planHash } = await operations.request({
      ...{ requestKey: 'the-run', playbook: 'isolate-cell', channel: incidents },
      input: { cell, for: '4h', reason: 'something is very wrong' },
      requester: people.find((member) => member.id === requester) as Member,
    });
    run = { id, code: planHash.slice(0, 8) };
  });
  afterAll(() => engine.stop());

  const rows = async <T extends object>(sql: string, values: readonly unknown[]) =>
    engine.context.database.query<T>(sql, [...values]);

  it.each(Object.keys(asking))('is asked for by %s by those alone whom its rule names', async (path) => {
    const could: string[] = [];
    await rows(`update stamps.runs set state = 'cancelled' where id = $1 and state = 'waiting'`, [run.id]);
    for (const { id } of people) {
      await handle((asking[path] as (personId: string, cell: string) => Incoming)(id, cell));
      const made = await rows<{ target_cell: string }>(
        `delete from stamps.runs where requester_id = $1 and id <> $2 returning target_cell`,
        [id, run.id],
      );
      expect(made.filter(({ target_cell }) => target_cell !== cell)).toEqual([]);
      if (made.length > 0) could.push(id);
    }
    await rows(`update stamps.runs set state = 'waiting' where id = $1 and state = 'cancelled'`, [run.id]);
    // Where nobody else sees the card, nobody asks for a run.
    expect(could).toEqual(path === 'a command in a direct message' ? [] : mayAsk);
  });

  async function deciders(path: Deciding, verdict: string): Promise<string[]> {
    const could: string[] = [];
    for (const { id } of people) {
      const incoming = path(id, run, verdict);
      if (incoming) await handle(incoming);
      const made = await rows<{ person_id: string; verdict: string }>(
        'delete from stamps.decisions where run_id = $1 returning person_id, verdict',
        [run.id],
      );
      expect(made.filter((one) => one.person_id !== id || one.verdict !== verdict)).toEqual([]);
      if (made.length > 0) could.push(id);
      await rows(`update stamps.runs set state = 'waiting', finished_at = null where id = $1 and state = 'denied'`, [
        run.id,
      ]);
    }
    return could;
  }

  describe.each(['approve', 'deny'])('%s', (verdict) => {
    it.each(Object.keys(deciding))('by %s is for those alone whom its rule names', async (path) => {
      expect(await deciders(deciding[path] as Deciding, verdict)).toEqual(mayDecide);
    });

    it.each(Object.keys(nothing))('by %s is for nobody', async (path) => {
      expect(await deciders(nothing[path] as Deciding, verdict)).toEqual([]);
    });
  });

  it('tells who edited a message that nothing came of it', async () => {
    await handle(said({ ...inThread, edited: { user: 'U0LEAD', ts: '99.9' } })('U0LEAD', run, 'approve') as Incoming);
    expect(whispers().at(-1)).toContain('Editing a message does nothing here');
  });

  it('goes past its approval for those alone who may break glass, and a protected one for nobody', async () => {
    expect(breakGlass.acts).toBe(true);
    const could: string[] = [];
    await engine.engine.operations.pause(sampleMember('U0OPERATOR', ['operators']), 'a test looks at who may');
    for (const { id } of people) {
      const text = `break-glass ${run.id} because people are hurt by it now`;
      await handle(ask(text, incidents)(id, cell));
      const [broken] = await rows<{ by: string }>(
        `select break_glass->>'by' as by from stamps.runs where id = $1 and break_glass is not null`,
        [run.id],
      );
      if (broken) could.push(broken.by);
      await rows(
        `update stamps.runs set break_glass = null, state = 'waiting' where id = $1 and break_glass is not null`,
        [run.id],
      );
    }
    expect(could).toEqual(mayBreakGlass);
  });
});

describe('a message that mentions the bot', () => {
  it('counts once, whatever events Slack makes of it', () => {
    const more = { ts: '5.0', thread_ts: '1.0' };
    const first = readMention(event('U0LEAD', 'approve', more));
    const again = readMention(event('U0LEAD', 'approve', more));
    const broadcast = readMention(event('U0LEAD', 'approve', { ...more, subtype: 'thread_broadcast' }));
    expect(new Set([first?.key, again?.key, broadcast?.key])).toEqual(new Set([first?.key]));
    expect(readMention(event('U0LEAD', 'approve', { ...more, ts: '6.0' }))?.key).not.toBe(first?.key);
  });

  it('says nothing by being edited: not even its words are handed on', () => {
    const edited = readMention(event('U0LEAD', 'approve r-17', { ts: '5.0', edited: { user: 'U0LEAD', ts: '7.0' } }));
    expect(edited?.type).toBe('edit');
    expect(JSON.stringify(edited)).not.toContain('approve');
  });
});
