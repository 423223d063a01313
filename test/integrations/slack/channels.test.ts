import { type SlackTestEmulator, startSlackEmulator } from '../../../sandbox/slack/start-slack.ts';
import { createChat } from '../../../src/integrations/slack/create-chat.ts';
import type { ChatPort } from '../../../src/ports/chat.ts';
import { Secret } from '../../../src/secret.ts';

let slack: SlackTestEmulator;
let chat: ChatPort;
beforeEach(async () => {
  slack = await startSlackEmulator({ limits: false });
  chat = createChat({ botToken: new Secret(slack.botToken), apiUrl: slack.apiUrl });
});
afterEach(() => slack.close());

const channel = (id: string) => slack.snapshot().channels.find((one) => one.id === id);

it('makes a channel once, also when the first answer was lost', async () => {
  slack.faults.loseAnswers('conversations.create', 1);
  await expect(chat.createChannel('inc-17-banking')).rejects.toMatchObject({ code: 'unavailable' });
  const id = await chat.createChannel('inc-17-banking');
  expect(channel(id)).toMatchObject({ name: 'inc-17-banking', members: ['U0STAMPS'] });
  expect(slack.snapshot().channels.filter(({ name }) => name === 'inc-17-banking')).toHaveLength(1);
});

it('finds its own among more channels than one answer holds', async () => {
  const first = await chat.createChannel('inc-0');
  for (let n = 1; n < 210; n += 1) await chat.createChannel(`inc-${n}`);
  expect(await chat.createChannel('inc-0')).toBe(first);
});

it('refuses a name that Slack does not take', async () => {
  await expect(chat.createChannel('Not A Name')).rejects.toMatchObject({ code: 'bad-input' });
});

it('invites who can be invited, and passes over the others', async () => {
  const id = await chat.createChannel('inc-17');
  await chat.invite(id, ['U0ANA', 'U0GUS', 'U0NOBODY', 'U0DANA']);
  await chat.invite(id, ['U0ANA', 'U0BEN']);
  await chat.invite(id, ['U0ANA']);
  expect(channel(id)?.members).toEqual(['U0STAMPS', 'U0ANA', 'U0DANA', 'U0BEN']);
});

it('cuts a topic to what Slack takes', async () => {
  const id = await chat.createChannel('inc-17');
  await chat.setTopic(id, `P0 ${'😀'.repeat(200)}`);
  expect(channel(id)?.topic?.length).toBeLessThanOrEqual(250);
  expect(channel(id)?.topic?.isWellFormed()).toBe(true);
});

it('makes a canvas that the channel can read, at an address of the workspace', async () => {
  const url = await chat.createCanvas('C0INCIDENTS', 'Post-mortem', '# Hello');
  expect(url).toMatch(/\/docs\/T0STAMPS\/F0CANVAS[A-Z0-9]+$/);
  expect(await (await fetch(url)).text()).toBe('Post-mortem\n\n# Hello');
  expect(slack.calls.at(-1)).toMatchObject({ method: 'canvases.access.set', args: { access_level: 'read' } });
});

it('makes no canvas while it cannot tell its address', async () => {
  const made = () => slack.calls.filter(({ method }) => method === 'canvases.create').length;
  const before = made();
  slack.faults.failWith('auth.test', 1, 500);
  await expect(chat.createCanvas('C0INCIDENTS', 'Post-mortem', '# Hello')).rejects.toMatchObject({ transient: true });
  expect(made()).toBe(before);
});

it('says that a free workspace has no canvases', async () => {
  slack.allowCanvases(false);
  await expect(chat.createCanvas('C0INCIDENTS', 'Post-mortem', '# Hello')).rejects.toMatchObject({
    code: 'not-allowed',
  });
});
