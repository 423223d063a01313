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

it('archives a channel, as often as it is said, whose name stays taken', async () => {
  const id = await chat.createChannel('inc-17');
  await chat.archiveChannel(id);
  await chat.archiveChannel(id);
  expect(channel(id)).toMatchObject({ isArchived: true, members: [] });
  await expect(chat.createChannel('inc-17')).rejects.toMatchObject({ code: 'conflict' });
  await expect(chat.post({ channel: id }, 'k', { text: 'late', blocks: [] })).rejects.toMatchObject({
    code: 'not-found',
  });
  await expect(chat.archiveChannel('C0NONE')).rejects.toMatchObject({ code: 'not-found' });
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

it('makes a canvas, lets the channel read it as often as it is said, and tells its address in the workspace', async () => {
  const id = await chat.createCanvas('Post-mortem', '# Hello');
  const url = await chat.shareCanvas(id, 'C0INCIDENTS');
  expect(await chat.shareCanvas(id, 'C0INCIDENTS')).toBe(url);
  expect(url).toMatch(/\/docs\/T0STAMPS\/F0CANVAS[A-Z0-9]+$/);
  expect(await (await fetch(url)).text()).toBe('Post-mortem\n\n# Hello');
  expect(slack.calls.at(-1)).toMatchObject({ method: 'canvases.access.set', args: { access_level: 'read' } });
});

it('finds a canvas whose answer was lost, and neither an older one nor a file of its title', async () => {
  const since = new Date(Date.now() - 60_000).toISOString();
  await chat.upload({ channel: 'C0INCIDENTS' }, { name: 'a.md', title: 'Post-mortem', text: '# Hello' });
  expect(await chat.findCanvases('Post-mortem', since)).toEqual([]);
  expect([await chat.hasUploaded('a.md', since), await chat.hasUploaded('b.md', since)]).toEqual([true, false]);
  slack.faults.loseAnswers('canvases.create', 1);
  await expect(chat.createCanvas('Post-mortem', '# Hello')).rejects.toMatchObject({ transient: true });
  expect(await chat.findCanvases('Post-mortem', since)).toEqual([expect.stringMatching(/^F0CANVAS/)]);
  expect(await chat.findCanvases('Post-mortem of another', since)).toEqual([]);
  const later = new Date(Date.now() + 60_000).toISOString();
  expect(await chat.findCanvases('Post-mortem', later)).toEqual([]);
});

it('tells where people see a picture', async () => {
  const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 1, 2, 3]);
  const id = await chat.uploadPicture({ name: 'i-17.png', title: 'CPU', altText: 'CPU: 91 %', png });
  const address = await chat.fileAddress(id);
  expect(Buffer.from(await (await fetch(address ?? '')).arrayBuffer()).equals(Buffer.from(png))).toBe(true);
});

it('says that a free workspace has no canvases', async () => {
  slack.allowCanvases(false);
  await expect(chat.createCanvas('Post-mortem', '# Hello')).rejects.toMatchObject({
    code: 'not-allowed',
  });
});
