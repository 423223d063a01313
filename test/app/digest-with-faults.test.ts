import { Client } from 'pg';
import type { SlackMessage } from '../../sandbox/slack/contract.ts';
import { startWorld, type World, wordsOf } from '../support/start-world.ts';

jest.setTimeout(180_000);
const operations = 'C0OPERATIONS';
/** Longer than what is repeated, and than any reading waits. */
const [always, retryAfterSeconds] = [10_000, 120];

/** A cell that was deleted, or that never was: the file names it, Azure has nothing of it, and it has no history. */
const withCellGone = (text: string) => {
  const changed = text.replace(
    /^( +)- name: cell-retail\n/m,
    '$1- name: cell-gone\n$1  role: active\n$1  requestsPerSecondPerReplica: 50\n$&',
  );
  if (changed === text) throw new Error('the sandbox has other cells now');
  return changed;
};

describe('what people ask for while Azure answers badly', () => {
  let world: World;
  let database: Client;
  beforeAll(async () => {
    world = await startWorld({ estate: withCellGone });
    database = new Client({ connectionString: world.databaseUrl });
    await database.connect();
    const slots = async () =>
      Number((await database.query('select count(*) as n from stamps.kpi_slots where done_at is not null')).rows[0].n);
    await world.until(async () => (await slots()) === 3, 'the snapshots of the start', 60_000);
    const { logFaults, faults } = world.azure;
    logFaults.breakNext('throttled', always, 'AppDependencies');
    logFaults.breakNext('timeout', always, 'BackendTime');
    logFaults.breakNext('partial', always, 'bin(TimeGenerated, 1m)');
    logFaults.breakNext('throttled', always, 'clientCountry_s');
    logFaults.missing.add('AppRequests');
    faults.throttle(always, retryAfterSeconds);
    await database.query('delete from stamps.kpi_samples; delete from stamps.kpi_slots');
    await world.until(async () => (await slots()) > 0, 'a snapshot among faults', 60_000);
  });
  afterAll(async () => {
    await database.end();
    await world.stop();
  });

  const messages = (): readonly SlackMessage[] =>
    world.slack.snapshot().channels.find(({ id }) => id === operations)?.messages ?? [];
  async function answer(command: string, shows: string): Promise<SlackMessage> {
    await world.slack.as('U0ANA').command(operations, command);
    const found = () => messages().find((message) => wordsOf(message).includes(shows));
    await world.until(() => found() !== undefined, `${shows} of “${command}”`, 60_000);
    return found() as SlackMessage;
  }

  it('the day’s report is there, with what there is, and says of each what is missing and why', async () => {
    const report = await answer('digest', '*Missing from this report*');
    const words = wordsOf(report);
    for (const missing of [
      /SQL query time of cell-banking, .*\(4 of 4 cells\): .*too many requests/,
      /API latency: .*did not answer in time/,
      /Availability: Azure gave a part of the answer only/,
      /Tenant latency of cell-banking, .*: .*no table or column AppRequests/,
      /Container CPU of cell-gone \(1 of 7 cells\): .*it is not there/,
      /Storage throughput of cell-gone \(1 of \d cells\): .*it is not there/,
      /Cost: .*too many requests/,
      /Limits of cells: none can be foreseen yet/,
    ])
      expect(words).toMatch(missing);
    expect(words).toMatch(/\d+ on target, \d+ not known/);
    const picture = ((report.blocks ?? []) as { type: string; alt_text?: string }[]).find(
      ({ type }) => type === 'image',
    );
    expect(picture?.alt_text).toContain('Availability: no data');
    expect(picture?.alt_text).toMatch(/Container CPU: [\d.]+ %/);
    await world.until(() => messages().filter(({ threadTs }) => threadTs === report.ts).length === 3, 'its thread');
    const thread = messages()
      .filter(({ threadTs }) => threadTs === report.ts)
      .map(wordsOf)
      .join('\n');
    expect(thread).toMatch(/\*Cost of the week\*\\nNot known/);
    expect(`${words} ${thread} ${picture?.alt_text}`).not.toMatch(/(?<![\d.,])0 (ms|rpm|IOPS)\b|0\.00 USD/);
  });

  it('the indicators say why, each by itself', async () => {
    const words = wordsOf(await answer('kpi cell cell-gone', 'Indicators of cell-gone'));
    expect(words).toContain('it is not there');
    expect(words).toContain('no table or column AppRequests');
  });

  it('the dashboard has its other parts', async () => {
    const words = wordsOf(await answer('dashboard global', 'Availability by country: '));
    expect(words).toMatch(/Availability by country: .*too many requests/);
    expect(words).not.toMatch(/Traffic and errors by region: /);
  });

  it('the status calls no cell well that it could not read, and says why', async () => {
    const words = wordsOf(await answer('status', 'Status of the estate'));
    expect(words).toContain('❔ *cell-gone* — not known');
    expect(words).not.toContain('✅ *cell-');
    expect(words).toMatch(/container apps in rg-stamps-production: .*too many requests/);
  });

  it('the status is there at its deadline while the database holds the indicators back', async () => {
    await database.query('begin; lock table stamps.kpi_samples in access exclusive mode');
    try {
      const words = wordsOf(await answer('status cell cell-banking', 'Status of cell-banking'));
      expect(words).toContain('• indicators: no answer within 10s');
      expect(words).toMatch(/cell-banking\* — /);
    } finally {
      await database.query('rollback');
    }
  });

  it('the capacity report says which replicas it does not know', async () => {
    const words = wordsOf(await answer('capacity', 'Replicas in rg-stamps-production'));
    expect(words).toMatch(/Replicas in rg-stamps-production: .*too many requests/);
    expect(words).toContain('*Cells:* 7 now');
  });
});
