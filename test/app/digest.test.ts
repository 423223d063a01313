import { Client } from 'pg';
import type { SlackMessage } from '../../sandbox/slack/contract.ts';
import { startWorld, type World, wordsOf } from '../support/start-world.ts';

jest.setTimeout(60_000);
const operations = 'C0OPERATIONS';

type Block = { type: string; alt_text?: string; elements?: { action_id?: string; value?: string }[] };

describe('a report that somebody asks for', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.stop());
  const messages = (): readonly SlackMessage[] =>
    world.slack.snapshot().channels.find(({ id }) => id === operations)?.messages ?? [];
  /** The database of cell-retail is full within a month. */
  async function fillingUp(): Promise<void> {
    const client = new Client({ connectionString: world.databaseUrl });
    await client.connect();
    await client.query(
      `insert into stamps.kpi_rollups (grain, kpi, scope, at, windows, known, met, mean, least, most)
       select 'day', 'capacity.sqlStorage', 'cell/cell-retail', date_trunc('day', now(), 'UTC') - n * interval '1 day',
              24, 24, 24, 95 - 0.2 * n, 95 - 0.2 * n, 95 - 0.2 * n from generate_series(1, 60) n on conflict do nothing`,
    );
    await client.end();
  }

  it('stands in the channel with its picture, and its details in the thread', async () => {
    await world.slack.as('U0ANA').command(operations, 'digest');
    const first = () => messages().find((message) => wordsOf(message).includes('Daily digest'));
    await world.until(() => messages().filter(({ threadTs }) => threadTs === first()?.ts).length >= 3, 'a thread');
    const picture = (
      (first()?.blocks ?? []) as { type: string; alt_text?: string; slack_file?: { id: string } }[]
    ).find(({ type }) => type === 'image');
    expect(picture?.alt_text).toContain('Indicators. The estate');
    expect(world.slack.file(picture?.slack_file?.id ?? '')?.type).toBe('image/png');
    expect(messages().filter((message) => wordsOf(message).includes('Daily digest'))).toHaveLength(1);
  });

  it('of a week lists what Azure holds, and a finding that is snoozed is left out of the next', async () => {
    const ana = world.slack.as('U0ANA');
    await ana.command(operations, 'maintenance weekly');
    const head = () => messages().findLast((message) => wordsOf(message).includes('Weekly maintenance'));
    const findings = () =>
      messages().find((message) => message.threadTs === head()?.ts && wordsOf(message).includes('Findings'));
    // The head is edited from “is being made”, which can come after its thread.
    const said = (words: string) => wordsOf(head() as SlackMessage).includes(words);
    await world.until(() => findings() !== undefined && said('*Failed backup jobs'), 'findings');
    expect(wordsOf(head() as SlackMessage)).toContain('*Failed backup jobs of 7 days:* 2');
    expect(wordsOf(findings() as SlackMessage)).toContain('redis-stamps-eastus is Failed');
    const rows = (findings()?.blocks ?? []) as {
      type: string;
      text?: { text: string };
      elements?: { action_id: string; value: string }[];
    }[];
    const at = rows.findIndex(({ text }) => text?.text.includes('redis-stamps-eastus'));
    const button = rows[at + 1]?.elements?.find(({ action_id }) => action_id === 'finding_snooze');
    await ana.act(operations, findings()?.ts ?? '', 'finding_snooze', button?.value);
    await world.until(() => wordsOf(findings() as SlackMessage).includes('snoozed until'), 'the snooze');
    const before = head()?.ts;
    await ana.command(operations, 'maintenance weekly');
    await world.until(() => head()?.ts !== before && said('*Failed backup jobs'), 'another report');
    expect(wordsOf(head() as SlackMessage)).toContain('*Resources not Succeeded:* 0');
    expect(wordsOf(head() as SlackMessage)).toContain('1 snoozed');
  });

  it('of a week lets somebody look after a finding, and opens the playbook that fits with its cell filled in', async () => {
    const ben = world.slack.as('U0BEN');
    await ben.command(operations, 'maintenance weekly');
    const report = () =>
      messages().findLast((message) => {
        const head = messages().findLast((one) => wordsOf(one).includes('Weekly maintenance'));
        return message.threadTs === head?.ts && wordsOf(message).includes('Findings');
      });
    const buttonOf = (actionId: string) =>
      ((report()?.blocks ?? []) as Block[])
        .flatMap(({ elements = [] }) => elements)
        .find(({ action_id }) => action_id === actionId)?.value;
    await world.until(() => buttonOf('finding_assign') !== undefined, 'findings');
    const ts = report()?.ts ?? '';
    await ben.act(operations, ts, 'finding_assign', buttonOf('finding_assign'));
    const shown = () => messages().find((message) => message.ts === ts);
    await world.until(() => wordsOf(shown() as SlackMessage).includes('<@U0BEN> looks after it'), 'who looks after it');

    const cell = buttonOf('isolate_open');
    expect(cell).toBe('cell-retail');
    await ben.act(operations, ts, 'isolate_open', cell);
    const form = () => world.slack.snapshot().views.find(({ userId }) => userId === 'U0BEN');
    await world.until(() => form() !== undefined, 'the form');
    expect(JSON.stringify(form()?.view)).toContain('cell-retail');
  });

  it('of a month has the limits of its cells, and the same buttons', async () => {
    await fillingUp();
    const chloe = world.slack.as('U0CHLOE');
    await chloe.command(operations, 'maintenance monthly');
    const head = () => messages().findLast((message) => wordsOf(message).includes('Monthly maintenance,'));
    const inThread = (words: string) =>
      messages().find((message) => message.threadTs === head()?.ts && wordsOf(message).includes(words));
    await world.until(() => inThread('*Evidence:*') !== undefined, 'the whole report');
    expect(wordsOf(head() as SlackMessage)).toMatch(/\*Access:\* \d+ grants, the first review/);
    expect(wordsOf(inThread('*Limits of cells within half a year*') as SlackMessage)).toMatch(
      /\*SQL storage\* of cell-retail: 95 % now, 100 % about .*The plan foresees SQL databases to the Premium tier/,
    );

    const findings = () => inThread('*Findings*');
    const buttonOf = (actionId: string) =>
      ((findings()?.blocks ?? []) as Block[])
        .flatMap(({ elements = [] }) => elements)
        .findLast(({ action_id }) => action_id === actionId)?.value;
    const ts = findings()?.ts ?? '';
    await chloe.act(operations, ts, 'finding_assign', buttonOf('finding_assign'));
    await world.until(() => wordsOf(findings() as SlackMessage).includes('<@U0CHLOE> looks after it'), 'who it is');
    await chloe.act(operations, ts, 'finding_snooze', buttonOf('finding_snooze'));
    await world.until(() => wordsOf(findings() as SlackMessage).includes('by <@U0CHLOE>'), 'the snooze');
    await chloe.act(operations, ts, 'isolate_open', buttonOf('isolate_open'));
    const form = () => world.slack.snapshot().views.find(({ userId }) => userId === 'U0CHLOE');
    await world.until(() => form() !== undefined, 'the form');
    expect(JSON.stringify(form()?.view)).toContain('cell-retail');

    const before = head()?.ts;
    await chloe.command(operations, 'maintenance monthly');
    await world.until(() => head()?.ts !== before && inThread('*Access review:*') !== undefined, 'another report');
    expect(wordsOf(head() as SlackMessage)).toContain('2 snoozed');
  });

  it('of a cell is a picture', async () => {
    const title = 'Dashboard of cell-banking';
    await world.slack.as('U0ANA').command(operations, 'dashboard cell cell-banking');
    const found = () => messages().find((message) => wordsOf(message).includes(title));
    await world.until(() => found() !== undefined, title);
    const [, image] = (found()?.blocks ?? []) as { alt_text?: string; slack_file?: { id: string } }[];
    expect(image?.alt_text).toContain('SQL query time of cell-banking');
    expect(world.slack.file(image?.slack_file?.id ?? '')?.type).toBe('image/png');
  });

  it('of the estate’s capacity says which limit comes first, as does the day’s', async () => {
    await fillingUp();
    await world.slack.as('U0ANA').command(operations, 'capacity');
    const report = () => messages().find((message) => wordsOf(message).includes('*First limit:* *SQL storage*'));
    const limits = () =>
      messages().find(
        (message) => message.threadTs === report()?.ts && wordsOf(message).includes('*Limits within a year*'),
      );
    await world.until(() => report() !== undefined && limits() !== undefined, 'the limits');
    expect(wordsOf(report() as SlackMessage)).toMatch(/of cell-retail: 95 % now, 100 % about/);
    const image = ((limits()?.blocks ?? []) as { type: string; alt_text?: string; slack_file?: { id: string } }[]).find(
      ({ type }) => type === 'image',
    );
    expect(image?.alt_text).toContain('SQL storage of cell-retail');
    expect(world.slack.file(image?.slack_file?.id ?? '')?.type).toBe('image/png');
    await world.slack.as('U0ANA').command(operations, 'digest');
    await world.until(
      () => messages().some((message) => /within 90 days[\s\S]*cell-retail: 95 % now/.test(wordsOf(message))),
      'the limit in the digest',
    );
  });

  it('of the estate’s capacity is made of live replicas and load', async () => {
    await world.slack.as('U0ANA').command(operations, 'capacity');
    const first = () => messages().find((message) => wordsOf(message).includes('Growth against the plan'));
    const cells = () =>
      messages().find(
        ({ ts, threadTs, ...rest }) =>
          threadTs === first()?.ts && wordsOf({ ts, ...rest }).includes('the fullest first'),
      );
    await world.until(() => first() !== undefined && cells() !== undefined, 'the capacity report');
    expect(wordsOf(first() as SlackMessage)).toContain('*Cells:* 6 now; plan 6, 10 in 6 months, 20 in 12');
    expect(wordsOf(first() as SlackMessage)).toContain('a forecast needs four weeks');
    expect(wordsOf(cells() as SlackMessage)).toMatch(
      /cell-banking\*: \d+ % full, \d+ of 600 requests a second, \d+ of 12 replicas/,
    );
  });

  it('of maturity says what shows it, and does not guess', async () => {
    await world.slack.as('U0ANA').command(operations, 'maturity');
    const found = () => messages().find((message) => wordsOf(message).includes('Not known: too little happened'));
    await world.until(() => found() !== undefined, 'the maturity report');
    expect(wordsOf(found() as SlackMessage)).toContain('*Evidence:*');
  });
});
