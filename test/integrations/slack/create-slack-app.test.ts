import { createHmac } from 'node:crypto';
import { OpsError } from '../../../src/errors.ts';
import { createSlackApp, type SlackApp } from '../../../src/integrations/slack/create-slack-app.ts';
import { systemClock } from '../../../src/ports/clock.ts';
import type { Incoming } from '../../../src/ports/incoming.ts';
import { Secret } from '../../../src/secret.ts';
import { quiet } from '../../support/engine-harness.ts';
import { fc } from '../../support/properties.ts';

const signingSecret = 'a'.repeat(32);
const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString();
const command = {
  command: '/stamps',
  text: 'status',
  trigger_id: 't1',
  user_id: 'U0ANA',
  team_id: 'T0',
  channel_id: 'C0',
  response_url: 'https://hooks.slack.com/commands/x',
};
const click = {
  type: 'block_actions',
  trigger_id: 't2',
  user: { id: 'U0BEN', team_id: 'T0' },
  team: { id: 'T0' },
  channel: { id: 'C0' },
  message: { ts: '2.0', thread_ts: '1.0' },
  container: { type: 'message' },
  response_url: 'https://hooks.slack.com/actions/x',
  actions: [{ type: 'button', block_id: 'b', action_id: 'run_approve', value: 'r-1:abcd1234', action_ts: '3.0' }],
};
const submission = {
  type: 'view_submission',
  trigger_id: 't3',
  user: { id: 'U0ANA', team_id: 'T0' },
  team: { id: 'T0' },
  view: {
    id: 'V1',
    hash: 'h1',
    callback_id: 'isolate',
    private_metadata: 'C0',
    type: 'modal',
    state: {
      values: {
        cell: { x: { type: 'static_select', selected_option: { value: 'cell-a' } } },
        reason: { y: { type: 'plain_text_input', value: null } },
      },
    },
  },
};
const mention = (more: object = {}) => ({
  type: 'event_callback',
  event_id: 'E1',
  team_id: 'T0',
  authorizations: [],
  event: {
    type: 'app_mention',
    user: 'U0BEN',
    channel: 'C0',
    ts: '5.0',
    thread_ts: '1.0',
    text: '<@U0STAMPS> approve',
    event_ts: '5.0',
    ...more,
  },
});

describe('what Slack sends over HTTP', () => {
  let app: SlackApp;
  let port: number;
  let taken: Incoming[];
  let fault: Error | undefined;
  let errors: Record<string, string> | undefined;

  beforeAll(async () => {
    app = createSlackApp({
      botToken: new Secret('xoxb-1'),
      signingSecret: new Secret(signingSecret),
      appToken: undefined,
      apiUrl: 'http://127.0.0.1:9/api/',
      port: 0,
      customRoutes: [{ path: '/healthz', method: 'GET', handler: (_, response) => void response.end('alive') }],
      accept: async (incoming) => {
        if (fault) throw fault;
        if (errors) return { errors };
        if (!taken.some(({ key }) => key === incoming.key)) taken.push(incoming);
        return {};
      },
      logger: quiet,
      clock: systemClock,
    });
    ({ port } = await app.start());
  });
  afterAll(() => app.stop());
  beforeEach(() => {
    taken = [];
    fault = undefined;
    errors = undefined;
  });

  async function send(body: string, contentType: string, { secondsAway = 0, key = signingSecret } = {}) {
    const timestamp = String(Math.floor(Date.now() / 1000) + secondsAway);
    const signature = `v0=${createHmac('sha256', key).update(`v0:${timestamp}:${body}`).digest('hex')}`;
    const response = await fetch(`http://127.0.0.1:${port}/slack/events`, {
      method: 'POST',
      body,
      headers: { 'content-type': contentType, 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature },
    });
    return { status: response.status, text: await response.text() };
  }
  const sendForm = (fields: Record<string, string>, options = {}) =>
    send(form(fields), 'application/x-www-form-urlencoded', options);
  const sendPayload = (payload: object) => sendForm({ payload: JSON.stringify(payload) });
  const sendEvent = (event: object) => send(JSON.stringify(event), 'application/json');

  it('becomes a command, with its trigger as the key', async () => {
    expect(await sendForm(command)).toEqual({ status: 200, text: '' });
    expect(taken).toEqual([
      {
        type: 'command',
        key: 'command:t1',
        personId: 'U0ANA',
        teamId: 'T0',
        channel: 'C0',
        text: 'status',
        responseUrl: command.response_url,
        triggerId: 't1',
      },
    ]);
  });

  it('becomes a click, a form and a mention', async () => {
    expect((await sendPayload(click)).status).toBe(200);
    expect((await sendPayload(submission)).status).toBe(200);
    expect((await sendEvent(mention())).status).toBe(200);
    expect(taken).toMatchObject([
      {
        type: 'action',
        personId: 'U0BEN',
        actionId: 'run_approve',
        value: 'r-1:abcd1234',
        channel: 'C0',
        messageTs: '2.0',
        threadTs: '1.0',
      },
      { type: 'submission', callbackId: 'isolate', values: { cell: 'cell-a', reason: '' }, privateMetadata: 'C0' },
      { type: 'mention', text: 'approve', threadTs: '1.0', key: 'mention:C0:5.0' },
    ]);
  });

  it.each([
    ['a bot', { bot_id: 'B1', subtype: 'bot_message' }],
    ['what a bot wrote as a person', { bot_id: 'B1' }],
    ['a change that calls itself a mention', { subtype: 'message_changed' }],
    [
      'the event of a change',
      { type: 'message', subtype: 'message_changed', message: { text: '<@U0STAMPS> approve' } },
    ],
  ])('is no mention when it is %s', async (_, more) => {
    expect((await sendEvent(mention(more))).status).toBe(200);
    expect(taken).toEqual([]);
  });

  it('is one mention when it is also sent to the channel, under whatever event', async () => {
    await sendEvent(mention());
    await sendEvent({ ...mention({ subtype: 'thread_broadcast' }), event_id: 'E2' });
    expect(taken).toMatchObject([{ type: 'mention', text: 'approve', threadTs: '1.0' }]);
  });

  it('is an edit without words, and no mention, when the message was edited', async () => {
    expect((await sendEvent(mention({ edited: { user: 'U0BEN', ts: '6.0' } }))).status).toBe(200);
    expect(taken).toEqual([
      {
        ...{ type: 'edit', key: 'edit:C0:5.0:6.0', personId: 'U0BEN', teamId: 'T0' },
        ...{ channel: 'C0', ts: '5.0', threadTs: '1.0' },
      },
    ]);
  });

  it('is taken once however often it is replayed', async () => {
    const answers = await Promise.all(Array.from({ length: 300 }, () => sendForm(command)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(taken).toHaveLength(1);
  });

  it.each([
    ['forged', { key: 'b'.repeat(32) }],
    ['old', { secondsAway: -301 }],
    ['from the future', { secondsAway: 400 }],
  ])('is refused when it is %s', async (_, options) => {
    expect((await sendForm(command, options)).status).toBe(401);
    expect(taken).toEqual([]);
  });

  it('gives the faults of a form back', async () => {
    errors = { reason: 'Give a reason.' };
    expect(JSON.parse((await sendPayload(submission)).text)).toEqual({ response_action: 'errors', errors });
  });

  it('says so when it could not be stored, and lets Slack send events again', async () => {
    fault = new OpsError('unavailable', 'The database can’t be reached.', { service: 'PostgreSQL' });
    const answer = await sendForm(command);
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toMatchObject({
      response_type: 'ephemeral',
      text: expect.stringContaining('Nothing was done'),
    });
    expect((await sendEvent(mention())).status).toBe(503);
    fault = undefined;
    expect((await sendEvent(mention())).status).toBe(200);
    expect(taken).toHaveLength(1);
  });

  it('answers the checks of Slack and the routes beside it', async () => {
    expect(await sendEvent({ type: 'url_verification', challenge: 'c' })).toEqual({
      status: 200,
      text: '{"challenge":"c"}',
    });
    expect((await sendForm({ ssl_check: '1' })).status).toBe(200);
    expect(await (await fetch(`http://127.0.0.1:${port}/healthz`)).text()).toBe('alive');
    expect((await fetch(`http://127.0.0.1:${port}/else`)).status).toBe(404);
  });

  it('is never a crash, whatever it is, and nothing too large', async () => {
    const kinds = ['event_callback', 'block_actions', 'view_submission', 'view_closed', 'block_suggestion', 'shortcut'];
    const parts = ['event', 'command', 'name', 'actions', 'user', 'team', 'channel', 'view', 'authorizations'];
    const nearly = fc
      .record(
        { type: fc.constantFrom(...kinds), ...Object.fromEntries(parts.map((part) => [part, fc.jsonValue()])) },
        { requiredKeys: [] },
      )
      .map((body) => JSON.stringify(body));
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(nearly, fc.json(), fc.string({ unit: 'binary' })),
        fc.boolean(),
        async (text, wrapped) => {
          const { status } = wrapped ? await sendForm({ payload: text }) : await send(text, 'application/json');
          expect([200, 400, 404]).toContain(status);
        },
      ),
      { numRuns: 300, examples: [['{"name":false}', false]] },
    );
    expect((await send('x'.repeat(1_100_000), 'application/json')).status).toBe(413);
    expect(taken).toEqual([]);
  });
});
