import { LogLevel, WebClient } from '@slack/web-api';
import { type SlackTestEmulator, startSlackEmulator } from '../../../sandbox/slack/start-slack.ts';
import { createChat } from '../../../src/integrations/slack/create-chat.ts';
import { createSlackApp, type SlackApp } from '../../../src/integrations/slack/create-slack-app.ts';
import { systemClock } from '../../../src/ports/clock.ts';
import type { Incoming } from '../../../src/ports/incoming.ts';
import { Secret } from '../../../src/secret.ts';
import { quiet } from '../../support/engine-harness.ts';

const nothing = () => undefined;
const silent = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  setName: nothing,
  getLevel: () => LogLevel.ERROR,
};
const incidents = 'C0INCIDENTS';
const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });
const says = (text: string) => ({ text, blocks: [section(text)] });

describe('the Slack emulator, with the real client', () => {
  let time = 1_800_000_000_000;
  let slack: SlackTestEmulator;
  let client: WebClient;
  beforeEach(async () => {
    slack = await startSlackEmulator({ now: () => time });
    client = new WebClient(slack.botToken, {
      logger: silent,
      slackApiUrl: slack.apiUrl,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
    });
  });
  afterEach(() => slack.close());

  const error = (call: Promise<unknown>) =>
    call.then(
      () => 'ok',
      (failure) => failure.data?.error ?? failure.code,
    );

  it('refuses what Slack refuses, in its words', async () => {
    expect(await error(client.chat.postMessage({ channel: 'C0NOWHERE', text: 'x' }))).toBe('channel_not_found');
    expect(await error(client.chat.postMessage({ channel: incidents, text: 'x', thread_ts: '1.000000' }))).toBe(
      'thread_not_found',
    );
    expect(await error(client.chat.update({ channel: incidents, ts: '1.000000', text: 'x' }))).toBe(
      'message_not_found',
    );
    expect(await error(client.users.info({ user: 'U0NOBODY' }))).toBe('user_not_found');
    expect(await error(client.users.lookupByEmail({ email: 'nobody@stamps.example' }))).toBe('users_not_found');
    expect(await error(client.users.lookupByEmail({ email: 'rob@stamps.example' }))).toBe('users_not_found');
    expect(await error(client.usergroups.users.list({ usergroup: 'S0NONE' }))).toBe('no_such_subteam');
    expect(
      await error(
        client.views.open({
          trigger_id: 'made-up',
          view: { type: 'modal', title: { type: 'plain_text', text: 'x' }, blocks: [] },
        }),
      ),
    ).toBe('invalid_trigger_id');
    expect(
      await error(new WebClient('xoxb-wrong', { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } }).auth.test()),
    ).toBe('invalid_auth');
  });

  it('knows people by their e-mail address, and the other way round', async () => {
    const chat = createChat({ botToken: new Secret(slack.botToken), apiUrl: slack.apiUrl, clock: systemClock });
    expect(await chat.idByEmail('Ana@stamps.example')).toBe('U0ANA');
    expect(await chat.idByEmail('rob@stamps.example')).toBeUndefined();
    expect(await chat.idByEmail('nobody@stamps.example')).toBeUndefined();
    expect(await chat.emailOf('U0ANA')).toBe('ana@stamps.example');
  });

  it.each([
    ['51 blocks', Array.from({ length: 51 }, () => ({ type: 'divider' }))],
    ['a section of 3,001 characters', [section('x'.repeat(3_001))]],
    ['an empty section', [section('')]],
    ['an unknown block', [{ type: 'carousel' }]],
    ['a header of 151 characters', [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }]],
    [
      'a button of 76 characters',
      [
        {
          type: 'actions',
          elements: [{ type: 'button', action_id: 'a', text: { type: 'plain_text', text: 'x'.repeat(76) } }],
        },
      ],
    ],
    [
      'two elements with one action id',
      [
        {
          type: 'actions',
          elements: [1, 2].map(() => ({ type: 'button', action_id: 'a', text: { type: 'plain_text', text: 'x' } })),
        },
      ],
    ],
    [
      '11 context elements',
      [{ type: 'context', elements: Array.from({ length: 11 }, () => ({ type: 'mrkdwn', text: 'x' })) }],
    ],
  ])('refuses %s as invalid_blocks', async (_, blocks) => {
    expect(await error(client.chat.postMessage({ channel: incidents, text: 'x', blocks: blocks as never }))).toBe(
      'invalid_blocks',
    );
  });

  it('takes a section of 3,000 characters and 50 blocks', async () => {
    const blocks = [section('x'.repeat(3_000)), ...Array.from({ length: 49 }, () => ({ type: 'divider' }))];
    expect(await error(client.chat.postMessage({ channel: incidents, text: 'x', blocks: blocks as never }))).toBe('ok');
  });

  it('throttles posts by channel, with Retry-After, and lets them go on after it', async () => {
    const answers = await Promise.all(
      Array.from({ length: 7 }, () => error(client.chat.postMessage({ channel: incidents, text: 'x' }))),
    );
    expect(answers.filter((answer) => answer === 'ok')).toHaveLength(5);
    expect(await error(client.chat.postMessage({ channel: 'C0OPERATIONS', text: 'x' }))).toBe('ok');
    time += 1_000;
    expect(await error(client.chat.postMessage({ channel: incidents, text: 'x' }))).toBe('ok');
  });
});

describe('the chat port', () => {
  let slack: SlackTestEmulator;
  beforeEach(async () => {
    slack = await startSlackEmulator();
  });
  afterEach(() => slack.close());
  const chat = () => createChat({ botToken: new Secret(slack.botToken), apiUrl: slack.apiUrl });
  const messages = () => slack.snapshot().channels.find(({ id }) => id === incidents)?.messages ?? [];

  it('posts, updates, answers in threads, and finds what it posted by its key', async () => {
    const port = chat();
    const ts = await port.post({ channel: incidents }, 'run:r-1', says('one'));
    await port.update(incidents, ts, 'run:r-1', says('two'));
    const reply = await port.post({ channel: incidents, threadTs: ts }, 'run:r-1:note', says('reply'));
    expect(messages().map(({ text, threadTs }) => [text, threadTs])).toEqual([
      ['two', undefined],
      ['reply', ts],
    ]);
    expect(await port.findByKey({ channel: incidents }, 'run:r-1')).toBe(ts);
    expect(await port.findByKey({ channel: incidents, threadTs: ts }, 'run:r-1:note')).toBe(reply);
    expect(await port.findByKey({ channel: incidents }, 'other')).toBeUndefined();
  });

  it('finds a post whose answer was lost', async () => {
    slack.faults.loseAnswers('chat.postMessage', 1);
    await expect(chat().post({ channel: incidents }, 'lost', says('x'))).rejects.toMatchObject({ code: 'unavailable' });
    expect(await chat().findByKey({ channel: incidents }, 'lost')).toBe(messages()[0]?.ts);
  });

  it('does not let a throttled post hold up what a person waits for', async () => {
    const port = chat();
    slack.faults.throttle('chat.postMessage', 1, 30);
    const [post, person] = await Promise.allSettled([
      port.post({ channel: incidents }, 'k', says('x')),
      port.person('U0ANA'),
    ]);
    expect(post).toMatchObject({ status: 'rejected', reason: { code: 'throttled', retryAfterMs: 30_000 } });
    expect(person).toMatchObject({ status: 'fulfilled', value: { id: 'U0ANA' } });
  });

  it.each([
    ['U0ANA', undefined],
    ['U0GUS', 'guest'],
    ['U0SAM', 'stranger'],
    ['U0ROB', 'deactivated'],
    ['U0STAMPS', 'bot'],
    ['U0NOBODY', 'unknown'],
  ])('tells that %s is barred as %s', async (id, barred) => {
    expect((await chat().person(id)).barred).toBe(barred);
  });

  it('uploads a file, whispers, and publishes a home', async () => {
    const port = chat();
    await port.upload(
      { channel: await port.directChannel('U0ANA') },
      { name: 'audit.jsonl', title: 'Audit log', text: '{}\n' },
    );
    await port.whisper({ channel: incidents }, 'U0ANA', says('psst'));
    await port.publishHome('U0ANA', { type: 'home', blocks: [section('home')] });
    const { channels, homes } = slack.snapshot();
    expect(channels.find(({ isDirect }) => isDirect)?.messages[0]?.files).toMatchObject([
      { name: 'audit.jsonl', text: '{}\n' },
    ]);
    expect(messages()).toMatchObject([{ text: 'psst', ephemeralTo: 'U0ANA' }]);
    expect(homes.U0ANA).toMatchObject({ type: 'home' });
  });

  it.each([
    ['down', (it: SlackTestEmulator) => it.faults.down(true), 'unavailable'],
    ['in trouble', (it: SlackTestEmulator) => it.faults.failWith('auth.test', 1, 502), 'unavailable'],
    ['throttling', (it: SlackTestEmulator) => it.faults.throttle('auth.test', 1, 7), 'throttled'],
  ])('says what is wrong when Slack is %s', async (_, harm, code) => {
    harm(slack);
    await expect(chat().ping()).rejects.toMatchObject({ code, service: 'Slack' });
  });

  it.each([
    'http://127.0.0.1:1/response/x',
    'https://example.com/x',
    'file:///etc/passwd',
    'https://hooks.slack.com.evil.test/x',
  ])('answers at no address but Slack’s: %s', async (url) => {
    await expect(chat().respond(url, says('x'))).rejects.toMatchObject({ code: 'bad-input' });
  });
});

describe.each(['HTTP', 'Socket Mode'])('the app over %s', (mode) => {
  let slack: SlackTestEmulator;
  let app: SlackApp;
  const taken: Incoming[] = [];
  beforeAll(async () => {
    slack = await startSlackEmulator();
    app = createSlackApp({
      botToken: new Secret(slack.botToken),
      signingSecret: new Secret(slack.signingSecret),
      appToken: mode === 'HTTP' ? undefined : new Secret(slack.appToken),
      apiUrl: slack.apiUrl,
      port: 0,
      customRoutes: [],
      accept: async (incoming) => {
        taken.push(incoming);
        return {};
      },
      logger: quiet,
      clock: systemClock,
    });
    const { port } = await app.start();
    if (mode === 'HTTP') slack.requestUrl = `http://127.0.0.1:${port}/slack/events`;
    else while (!slack.sockets.connected) await systemClock.sleep(10);
  });
  afterAll(async () => {
    await app.stop();
    await slack.close();
  });

  it('takes commands, clicks, mentions and home, each once', async () => {
    const ana = slack.as('U0ANA');
    const ts = await createChat({ botToken: new Secret(slack.botToken), apiUrl: slack.apiUrl }).post(
      { channel: incidents },
      'card',
      {
        text: 'card',
        blocks: [
          {
            type: 'actions',
            elements: [
              {
                type: 'button',
                action_id: 'run_approve',
                value: 'r-1:abc',
                text: { type: 'plain_text', text: 'Approve' },
              },
            ],
          },
        ],
      },
    );
    expect((await ana.command(incidents, 'isolate “cell-a” because a < b & c')).status).toBe(200);
    expect((await ana.act(incidents, ts, 'run_approve', 'r-1:abc')).status).toBe(200);
    await ana.say(incidents, '@stamps approve', ts);
    expect((await ana.openHome()).status).toBe(200);
    expect(taken).toMatchObject([
      { type: 'command', personId: 'U0ANA', text: 'isolate “cell-a” because a < b & c', channel: incidents },
      { type: 'action', actionId: 'run_approve', value: 'r-1:abc', messageTs: ts },
      { type: 'mention', text: 'approve', threadTs: ts },
      { type: 'home', personId: 'U0ANA' },
    ]);
  });
});
