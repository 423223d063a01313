import { Client } from 'pg';
import type { SlackMessage, SlackView } from '../../sandbox/slack/contract.ts';
import { incidents, startWorld, type World } from '../support/start-world.ts';

jest.setTimeout(60_000);

/** Cards and lines in threads for some five hundred alerts: fewer than one for twenty. */
const mostPosts = 25;

describe('Azure Monitor and the whole app', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ alertMinuteMs: 40 });
  });
  afterAll(() => world.stop());

  async function stored(): Promise<unknown[]> {
    const client = new Client({ connectionString: world.databaseUrl });
    await client.connect();
    const { rows } = await client.query(`select alert from stamps.alerts order by received_at`);
    await client.end();
    return rows.map(({ alert }) => alert);
  }

  it('tells of a cell that fails, and of its recovery', async () => {
    world.azure.faults.failCell('cell-banking');
    await world.until(async () => (await stored()).length === 1, 'an alert is stored');
    const card = await world.sees('cell-banking-Health-Alert');
    await world.until(
      () => imagesOf(world.messages().find(({ ts }) => ts === card.ts)).length === 1,
      'the card has the graph of the metric',
    );
    world.azure.faults.healCell('cell-banking');
    await world.until(async () => (await stored()).length === 2, 'its end is stored');
    const place = { scope: 'cell', region: 'eastus', cell: 'cell-banking' };
    const [fired, resolved] = (await stored()) as Record<string, unknown>[];
    expect(fired).toMatchObject({
      condition: 'fired',
      rule: 'cell-banking-Health-Alert',
      azureSeverity: 1,
      place,
      metric: { name: 'Requests', threshold: 10 },
    });
    expect(resolved).toMatchObject({ condition: 'resolved', instance: fired?.instance, place });
    expect(world.azure.alerts.snapshot()).toMatchObject({ total: 1, firing: 0, notified: { accepted: 1 } });
  });

  function imagesOf(message: SlackMessage | undefined): object[] {
    return ((message?.blocks ?? []) as { type: string }[]).filter(({ type }) => type === 'image');
  }

  it('has every alert of a flood stored', async () => {
    const before = (await stored()).length;
    await world.azure.alerts.flood(500, 0);
    expect(world.azure.alerts.snapshot().notified).toEqual({ accepted: 501 });
    expect((await stored()).length - before).toBe(500);
  });

  it('says little of that flood in the channel, and shows every alert of it page by page', async () => {
    const { database, close } = await connected();
    const count = async (where: string) =>
      Number((await database.query(`select count(*) as n from stamps.alerts where ${where}`)).rows[0]?.n);
    await world.until(async () => (await count('handled_at is null')) === 0, 'every alert is looked at');
    const placed = await count(`incident_id is not null and condition = 'fired'`);
    const { rows } = await database.query<{ id: string; ts: string }>(
      `select distinct i.id, m.ts from stamps.incidents i join stamps.alerts a on a.incident_id = i.id
       join stamps.messages m on m.key = 'incident:' || i.id where i.state <> 'merged'`,
    );
    // Those that still wait in the outbox are posts too.
    const wanted = await database.query('select 1 from stamps.messages where channel = $1', [incidents]);
    await close();
    expect(placed).toBeGreaterThanOrEqual(500);
    expect(wanted.rows.length).toBeLessThanOrEqual(mostPosts);
    const posts = world.slack.calls.filter(
      ({ method, args }) => method === 'chat.postMessage' && args.channel === incidents,
    );
    expect(posts.length).toBeLessThanOrEqual(mostPosts);

    const ana = world.slack.as('U0ANA');
    let shown = 0;
    for (const { ts } of rows) {
      const before = world.slack.snapshot().views.length;
      await ana.act(incidents, ts, 'incident_details');
      await world.until(() => world.slack.snapshot().views.length > before, 'the details');
      for (let page = 1; ; page += 1) {
        await world.until(() => page === 1 || pageOf(newestView()).page === page, `page ${page}`);
        const { pages, lines } = pageOf(newestView());
        shown += lines;
        if (page >= pages) break;
        await ana.actInView(newestView().id, 'incident_alerts_older');
      }
      await ana.closeView(newestView().id);
    }
    expect(shown).toBe(placed);
  });

  const newestView = () => world.slack.snapshot().views.at(-1) as SlackView;

  async function connected() {
    const database = new Client({ connectionString: world.databaseUrl });
    await database.connect();
    return { database, close: () => database.end() };
  }
});

/** Which page of how many a view of details shows, and how many alerts. */
function pageOf({ view }: SlackView): { page: number; pages: number; lines: number } {
  const texts = ((view.blocks ?? []) as { text?: { text?: string } }[]).map(({ text }) => text?.text ?? '');
  const head = texts.findIndex((text) => text.startsWith('*Alerts:*'));
  const [, page = '1', pages = '1'] = /page (\d+) of (\d+)/.exec(texts[head] ?? '') ?? [];
  const end = texts.findIndex((text, index) => index > head && (text === '' || text.startsWith('*Timeline*')));
  return { page: Number(page), pages: Number(pages), lines: end - head - 1 };
}
