import { type SlackTestEmulator, startSlackEmulator } from '../../sandbox/slack/start-slack.ts';
import { createPostmortemEffect } from '../../src/alerts/publish-postmortem.ts';
import { createEffects, type Effects } from '../../src/engine/effects.ts';
import { createChat } from '../../src/integrations/slack/create-chat.ts';
import type { ChatPort } from '../../src/ports/chat.ts';
import type { Graph } from '../../src/ports/incident-presenter.ts';
import { Secret } from '../../src/secret.ts';
import { ana, quiet } from '../support/engine-harness.ts';
import { createFakeClock } from '../support/fakes/fake-clock.ts';
import { type IncidentHarness, startIncidents } from '../support/incident-harness.ts';

const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 1, 2, 3]);

describe('the document of an incident', () => {
  let harness: IncidentHarness;
  let slack: SlackTestEmulator;
  let chat: ChatPort;
  let effects: Effects;
  let asked = 0;
  const clock = createFakeClock();
  /** What can be drawn of how it went: by default nothing. */
  let whole: () => Promise<Graph[]> = async () => [];

  beforeAll(async () => {
    [harness, slack] = await Promise.all([startIncidents(), startSlackEmulator({ limits: false })]);
    chat = createChat({ botToken: new Secret(slack.botToken), apiUrl: slack.apiUrl });
    const graphs = { whole: () => whole() };
    const handlers = createPostmortemEffect({ ...harness.context, chat, graphs, clock: clock.clock });
    effects = createEffects(harness.database, handlers, quiet, new AbortController().signal);
  });
  afterAll(() => Promise.all([harness.stop(), slack.close()]));
  afterEach(() => {
    slack.allowCanvases(true);
    whole = async () => [];
  });

  async function declare(): Promise<string> {
    asked += 1;
    const wanted = {
      requestKey: `d-${asked}`,
      title: `Sign-in fails ${asked}`,
      severity: 'P3',
      channel: 'C0',
    } as const;
    return (await harness.incidents.declare(wanted, ana)).id;
  }
  const uploaded = (altText: string) => chat.uploadPicture({ name: 'graph.png', title: 'CPU', altText, png });
  async function drawn(id: string): Promise<string> {
    const file = await uploaded('CPU of cell-banking');
    await harness.database.query(
      `insert into stamps.metric_graphs (incident_id, next_at, file_id, alt_text)
       values ($1, clock_timestamp(), $2, 'CPU of cell-banking')`,
      [id, file],
    );
    return file;
  }
  /** Until nothing is left: what was put off is due at once. */
  async function settle(): Promise<void> {
    await harness.database.query(`update stamps.effects set next_at = clock_timestamp() where kind = 'postmortem'`);
    await harness.database.query(`delete from stamps.effects where kind <> 'postmortem'`);
    while ((await effects.pump()) > 0) await effects.idle();
    if ((await effects.depth()) > 0) await settle();
  }
  const said = async (id: string) =>
    [...(await harness.messages())]
      .filter(([key]) => key.startsWith(`incident:${id}:postmortem`))
      .map(([, text]) => text);
  const uploads = () =>
    slack.snapshot().channels.flatMap(({ messages }) => messages.flatMap(({ files = [] }) => files));
  const made = (method = 'canvases.create') => slack.calls.filter((call) => call.method === method).length;
  const pageOf = async (text: string | undefined) =>
    (await fetch(/<(http[^|]+)\|canvas>/.exec(text ?? '')?.[1] ?? '', { headers: { accept: 'text/html' } })).text();

  it('is a canvas that shows the graph itself', async () => {
    const id = await declare();
    const file = await drawn(id);
    await harness.incidents.postmortem(id, ana, 'k');
    await settle();
    const [text] = await said(id);
    const page = await pageOf(text);
    const source = /<img src="([^"]+)"/.exec(page)?.[1] ?? '';
    expect(source).toContain(file);
    expect(new Uint8Array(await (await fetch(source)).arrayBuffer())).toEqual(png);
    expect(page).toContain('<code>CPU of cell-banking</code>');
  });

  it('shows how everything went that its alerts watched, not what the card showed at the beginning', async () => {
    const id = await declare();
    const onCard = await drawn(id);
    const names = ['Memory of cell-banking', 'Latency of Front Door'];
    whole = () => Promise.all(names.map(async (altText) => ({ altText, fileId: await uploaded(altText) })));
    await harness.incidents.postmortem(id, ana, 'k');
    await settle();
    const page = await pageOf((await said(id))[0]);
    expect(page.match(/<img /g)).toHaveLength(2);
    for (const name of names) expect(page).toContain(`<code>${name}</code>`);
    expect(page).not.toContain(onCard);
  });

  it('makes do with the card’s graph when drawing takes too long', async () => {
    const id = await declare();
    const file = await drawn(id);
    whole = () => {
      setImmediate(() => clock.advance(60_000));
      return new Promise(() => undefined);
    };
    await harness.incidents.postmortem(id, ana, 'k');
    await settle();
    expect(await pageOf((await said(id))[0])).toContain(file);
  });

  it.each(['canvases.create', 'canvases.access.set', 'files.list', 'auth.test'])(
    'is made once when the answer of %s is lost',
    async (method) => {
      const id = await declare();
      const before = made();
      slack.faults.loseAnswers(method, 1);
      await harness.incidents.postmortem(id, ana, 'k');
      await settle();
      expect(made() - before).toBe(1);
      expect(await said(id)).toHaveLength(1);
      expect(await pageOf((await said(id))[0])).toContain(`Post-mortem of ${id}`);
    },
  );

  it('is made once when sharing fails and the canvas is known, though Slack lists no files', async () => {
    const id = await declare();
    const [before, listed] = [made(), made('files.list')];
    slack.faults.failWith('canvases.access.set', 2, 500);
    await harness.incidents.postmortem(id, ana, 'k');
    await settle();
    expect([made() - before, made('files.list') - listed, (await said(id)).length]).toEqual([1, 1, 1]);
  });

  it('is made once for a request that comes twice, and audited once', async () => {
    const id = await declare();
    const before = made();
    await harness.incidents.postmortem(id, ana, 'k');
    await harness.incidents.postmortem(id, ana, 'k');
    await settle();
    await harness.incidents.postmortem(id, ana, 'k');
    await settle();
    expect(made() - before).toBe(1);
    const audited = await harness.database.query(
      `select 1 from stamps.audit where kind = 'incident-postmortem' and body->>'incident' = $1`,
      [id],
    );
    expect(audited).toHaveLength(1);
  });

  it('is another one for another request', async () => {
    const id = await declare();
    const before = made();
    for (const key of ['k', 'l']) {
      await harness.incidents.postmortem(id, ana, key);
      await settle();
    }
    expect([made() - before, new Set(await said(id)).size]).toEqual([2, 2]);
  });

  it.each(['files.completeUploadExternal', 'files.list', 'files.getUploadURLExternal'])(
    'is one file, for each request, where there are no canvases and the answer of %s is lost',
    async (method) => {
      slack.allowCanvases(false);
      const id = await declare();
      for (const [index, key] of ['k', 'l'].entries()) {
        slack.faults.loseAnswers(method, 1);
        await harness.incidents.postmortem(id, ana, key);
        await settle();
        expect(uploads().filter(({ title }) => title.startsWith(`Post-mortem of ${id}:`))).toHaveLength(index + 1);
      }
      expect(await said(id)).toHaveLength(2);
    },
  );

  it('is a file with its picture beside it where the workspace has no canvases', async () => {
    slack.allowCanvases(false);
    const id = await declare();
    const file = await drawn(id);
    await harness.incidents.postmortem(id, ana, 'k');
    await settle();
    const document = uploads().find(({ name }) => name.startsWith(`postmortem-${id}-`))?.text ?? '';
    expect(document).toMatch(new RegExp(`!\\[graph\\]\\(http[^)]+/${file}/[^)]+\\)`));
    const [row] = await harness.database.query<{ content: { blocks: object[] } }>(
      `select content from stamps.messages where key like $1`,
      [`incident:${id}:postmortem%`],
    );
    expect(row?.content.blocks.at(-1)).toMatchObject({ type: 'image', slack_file: { id: file } });
    expect(await said(id)).toEqual([expect.stringContaining('a file in this thread; its graphs stand here')]);
  });
});
