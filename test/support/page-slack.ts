import type {
  SlackChannel,
  SlackEmulator,
  SlackHands,
  SlackMessage,
  SlackSnapshot,
  SlackUser,
} from '../../sandbox/slack/contract.ts';

export interface FakeSlack extends SlackEmulator {
  /** What hands and faults were asked for, oldest first. */
  readonly asked: { as?: string; what: string; args: unknown[] }[];
  /** Puts other content in place and tells the listeners. */
  show(change: Partial<SlackSnapshot>): void;
  post(channelId: string, message: SlackMessage): void;
}

const user = (id: string, name: string, realName: string, title: string, more: Partial<SlackUser> = {}): SlackUser => ({
  id,
  name,
  realName,
  title,
  ...more,
});

/** A workspace without a protocol: it remembers what it was asked, and shows what a test puts in. */
export function fakeSlack(): FakeSlack {
  const listeners = new Set<() => void>();
  const asked: FakeSlack['asked'] = [];
  let snapshot: SlackSnapshot = {
    teamId: 'T1',
    botUserId: 'UBOT',
    users: [
      user('UANA', 'ana', 'Ana Diaz', 'On call, SRE'),
      user('UBEN', 'ben', 'Ben Okafor', 'Engineering manager'),
      user('UGIL', 'gil', 'Gil Guest', 'Guest', { isRestricted: true }),
      user('UBOT', 'stamps', 'Stamps', 'App', { isBot: true }),
    ],
    groups: [{ id: 'SMGR', handle: 'managers', users: ['UBEN'] }],
    channels: [
      { id: 'CINC', name: 'incidents', members: ['UANA', 'UBEN', 'UGIL', 'UBOT'], messages: [] },
      { id: 'COPS', name: 'operations', members: ['UANA', 'UBEN', 'UBOT'], messages: [] },
      { id: 'DANA', name: 'stamps', isDirect: true, members: ['UANA', 'UBOT'], messages: [] },
    ],
    views: [],
    homes: {},
  };
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const show: FakeSlack['show'] = (change) => {
    snapshot = { ...snapshot, ...change };
    tell();
  };
  const post: FakeSlack['post'] = (channelId, message) => {
    const add = (channel: SlackChannel) =>
      channel.id === channelId ? { ...channel, messages: [...channel.messages, message] } : channel;
    show({ channels: snapshot.channels.map(add) });
  };
  const note = (what: string, args: unknown[], as?: string) => {
    asked.push({ what, args, ...(as !== undefined && { as }) });
  };
  const hands = (as: string): SlackHands => {
    const ask =
      (what: string) =>
      async (...args: unknown[]) => {
        note(what, args, as);
        return { status: 200, ms: 1, body: '' };
      };
    return {
      command: ask('command'),
      act: ask('act'),
      actInView: ask('actInView'),
      submit: ask('submit'),
      closeView: async (...args) => note('closeView', args, as),
      say: async (channelId, text, threadTs) => {
        note('say', [channelId, text, threadTs], as);
        const ts = (Date.now() / 1000).toFixed(6);
        post(channelId, { ts, userId: as, text, ...(threadTs !== undefined && { threadTs }) });
      },
      pin: async (...args) => note('pin', args, as),
      openHome: ask('openHome'),
    };
  };
  const fault =
    (what: string) =>
    (...args: unknown[]) =>
      note(what, args);
  return {
    apiUrl: 'http://127.0.0.1:9/api/',
    botToken: 'xoxb-fake',
    appToken: 'xapp-fake',
    signingSecret: 'fake',
    requestUrl: undefined,
    snapshot: () => snapshot,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    as: hands,
    faults: {
      down: fault('down'),
      throttle: fault('throttle'),
      loseAnswers: fault('loseAnswers'),
      answerLate: fault('answerLate'),
      failWith: fault('failWith'),
    },
    file: (id) => {
      const message = snapshot.channels
        .flatMap((channel) => channel.messages)
        .find(({ files }) => files?.some((file) => file.id === id));
      const file = message?.files?.find((candidate) => candidate.id === id);
      return file && { name: file.name, type: file.type, bytes: Buffer.from(file.text) };
    },
    setGroup: fault('setGroup'),
    setUser: fault('setUser'),
    allowCanvases: fault('allowCanvases'),
    calls: [],
    close: async () => {},
    asked,
    show,
    post,
  };
}
