import { Client } from 'pg';
import { incidents, startWorld, type World, wordsOf } from '../support/start-world.ts';

jest.setTimeout(90_000);

describe('the indicators of a running app', () => {
  let world: World;
  let database: Client;
  beforeAll(async () => {
    world = await startWorld();
    database = new Client({ connectionString: world.databaseUrl });
    await database.connect();
  });
  afterAll(async () => {
    await database.end();
    await world.stop();
  });
  const slotsDone = async () =>
    Number((await database.query('select count(*) as n from stamps.kpi_slots where done_at is not null')).rows[0].n);

  it('are read from the emulated Azure by themselves, and shown with their picture', async () => {
    await world.until(async () => (await slotsDone()) > 0, 'a snapshot', 40_000);
    await world.slack.as('U0ANA').command(incidents, 'kpi');
    const answer = await world.sees('Indicators of the estate', { to: 'U0ANA' });
    const words = wordsOf(answer);
    expect(words).toMatch(/Availability:\*? 100 % — ✅ on target/);
    expect(words).toMatch(/API throughput:\*? [\d,]+ rpm/);
    expect(words).toMatch(/Error rate:\*? 0 % — ✅ on target/);
    expect(words).toMatch(/Tenant latency, worst of 3 cells:\*? [\d.]+ ms \(cell-\w+, tenant [\w-]+\)/);
    expect(words).toMatch(/SQL query time, worst of 3 cells:\*? [\d.]+ ms/);
    expect(words).toMatch(/Storage throughput, worst of 3 cells:\*? [\d,]+ IOPS/);
    expect(words).toMatch(/Container CPU, worst of 3 cells:\*? [\d.]+ %/);
    const picture = ((answer.blocks ?? []) as { type: string; slack_file?: { id: string } }[]).find(
      ({ type }) => type === 'image',
    );
    expect(world.slack.file(picture?.slack_file?.id ?? '')?.type).toBe('image/png');
  });

  it('of a standby cell say that it stands by, not 0', async () => {
    await world.slack.as('U0ANA').command(incidents, 'kpi cell cell-retail-dr');
    const words = wordsOf(await world.sees('Indicators of cell-retail-dr', { to: 'U0ANA' }));
    expect(words).toContain('it stands by, without requests');
    expect(words).toMatch(/Container CPU of cell-retail-dr:\*? [\d.]+ %/);
  });
});
