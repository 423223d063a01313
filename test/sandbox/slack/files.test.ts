import { type SlackTestEmulator, startSlackEmulator } from '../../../sandbox/slack/start-slack.ts';
import { createChat } from '../../../src/integrations/slack/create-chat.ts';
import { drawBoard } from '../../../src/pictures/draw.ts';
import { Secret } from '../../../src/secret.ts';

const incidents = 'C0INCIDENTS';
let time: number;
let waits: number[];
let slack: SlackTestEmulator;

beforeEach(async () => {
  time = Date.UTC(2026, 10, 25, 9);
  waits = [];
  slack = await startSlackEmulator({ now: () => time });
});
afterEach(() => slack.close());

const clock = {
  now: () => time,
  sleep: async (ms: number) => {
    waits.push(ms);
    time += ms;
  },
};
const chat = () => createChat({ botToken: new Secret(slack.botToken), apiUrl: slack.apiUrl, clock });
const drawn = () => drawBoard({ title: 'KPIs', subtitle: 'The estate', tiles: [] });
const shows = (slack_file: object) => ({
  text: 'KPIs',
  blocks: [{ type: 'image', slack_file, alt_text: 'KPIs of the estate' }],
});

describe('a picture in Slack', () => {
  it('is uploaded, waited for, and shown by an image block', async () => {
    const { png, altText } = await drawn();
    const id = await chat().uploadPicture({ name: 'kpis.png', title: 'KPIs', altText, png });
    await chat().post({ channel: incidents }, 'digest:1', shows({ id }));
    expect(waits.length).toBeGreaterThan(0);
    expect(slack.file(id)).toMatchObject({ name: 'kpis.png', type: 'image/png' });
    expect(Buffer.from(slack.file(id)?.bytes ?? []).equals(Buffer.from(png))).toBe(true);
    const asked = slack.calls.filter(({ method }) => method === 'files.getUploadURLExternal');
    expect(asked.map(({ args }) => args.alt_txt)).toEqual([altText]);
  });

  it('stands in no channel by itself', async () => {
    await chat().uploadPicture({ name: 'kpis.png', title: 'KPIs', ...(await drawn()) });
    expect(slack.snapshot().channels.flatMap(({ messages }) => messages)).toEqual([]);
  });

  it('is given up when Slack takes too long over it', async () => {
    const stuck = { ...clock, sleep: async (ms: number) => void waits.push(ms) };
    const port = createChat({ botToken: new Secret(slack.botToken), apiUrl: slack.apiUrl, clock: stuck });
    const upload = port.uploadPicture({ name: 'kpis.png', title: 'KPIs', ...(await drawn()) });
    await expect(upload).rejects.toMatchObject({ code: 'timeout', service: 'Slack' });
    expect(waits.length).toBeLessThan(10);
  });

  it('keeps within Slack’s room for a description', async () => {
    const { png } = await drawn();
    const id = await chat().uploadPicture({ name: 'kpis.png', title: 'KPIs', altText: 'x'.repeat(5_000), png });
    expect(id).toMatch(/^F/);
  });
});

describe('Slack refuses a block with', () => {
  it('a file that it has not looked over yet', async () => {
    const id = await chat().uploadPicture({ name: 'kpis.png', title: 'KPIs', ...(await drawn()) });
    time -= 10_000;
    await expect(chat().post({ channel: incidents }, 'k', shows({ id }))).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('invalid slack file'),
    });
  });

  it.each([
    ['a file that is not there', { id: 'F0NOWHERE1' }],
    ['an id that is none', { id: 'kpis.png' }],
    ['both an id and an address', { id: 'F0NOWHERE1', url: 'https://files.slack.com/x' }],
  ])('%s', async (_, file) => {
    await expect(chat().post({ channel: incidents }, 'k', shows(file))).rejects.toMatchObject({ code: 'bad-input' });
  });

  it('a file that is no picture', async () => {
    await chat().upload({ channel: incidents }, { name: 'a.txt', title: 'A', text: 'words' });
    const [message] = slack.snapshot().channels.find(({ id }) => id === incidents)?.messages ?? [];
    time += 10_000;
    const id = message?.files?.[0]?.id ?? '';
    expect(slack.file(id)?.type).toBe('text/plain');
    await expect(chat().post({ channel: incidents }, 'k', shows({ id }))).rejects.toMatchObject({ code: 'bad-input' });
  });
});
