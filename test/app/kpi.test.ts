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

  it('of a region over a day have their lowest and highest, and stand in the status of the estate and of a cell', async () => {
    const ana = world.slack.as('U0ANA');
    await ana.command(incidents, 'kpi region eastus 24h');
    const region = wordsOf(await world.sees('Indicators of eastus', { to: 'U0ANA' }));
    expect(region).toMatch(/Container CPU, worst of 3 cells:\*? [\d.]+ %/);
    expect(region).toContain('mean over 1d');
    expect(region).not.toContain('Availability');
    await ana.command(incidents, 'status global');
    const estate = wordsOf(
      await world.sees(/✅ Availability 100 %, on target \(share of minutes over 1d\)/, { to: 'U0ANA' }),
    );
    expect(estate).toMatch(/API throughput [\d,]+ rpm/);
    expect(estate).toMatch(/✅ \*DNS:\* stamps[\w.-]+ leads to [\w.-]+, answered in \d+ ms/);
    expect(estate).toMatch(/✅ \*Front Door’s cache:\* \d+ % of the bytes/);
    expect(estate).toMatch(/• northwind-bank — [\d,]+ calls \([\d.]+ %\)/);
    await ana.command(incidents, 'status cell-banking');
    const cell = wordsOf(await world.sees(/SQL query time [\d.]+ ms, [a-z ]+ \(p95 over 5m\)/, { to: 'U0ANA' }));
    expect(cell).toMatch(/Container CPU [\d.]+ %, [a-z ]+ \(mean over 5m\)/);
    expect(cell).toMatch(/• northwind-bank — [\d.]+ ms, ✅ on target; [\d,]+ requests/);
  });

  it('stand in the status of each layer, and API Management’s gateways with their calls', async () => {
    const ana = world.slack.as('U0ANA');
    await ana.command(incidents, 'status region eastus');
    const east = wordsOf(await world.sees('Status of eastus', { to: 'U0ANA' }));
    expect(east).toMatch(/Container CPU [\d.]+ %/);
    expect(east).toMatch(/✅ \*Key Vault\* kv-stamps-eastus — 100 % available, [\d,]+ requests, \d+ ms/);
    expect(east).toMatch(/✅ \*Automation\* aa-stamps-eastus — \d jobs in the last 24 hours, none failed/);
    await ana.command(incidents, 'status region westus');
    const west = wordsOf(await world.sees('Status of westus', { to: 'U0ANA' }));
    expect(west).toMatch(/⚠️ 3\d \([\d.]+ %\) refused \(403\)/);
    // Of the moments at which its next job runs just now, too.
    expect(west).toMatch(/Sync-DrSecrets — (failed|running) at .*; [23] of [45] failed/);
    await ana.command(incidents, 'status apim');
    const words = wordsOf(await world.sees('Status of API Management', { to: 'U0ANA' }));
    expect(words).toMatch(/East US\*? — reaches all that it needs; [\d,]+ calls, 0 with a 5xx, adds [\d.]+ ms/);
    expect(words).toMatch(/West US\*? — reaches all that it needs; no calls/);
    expect(words).toMatch(/eastus — 200 in \d+ ms/);
  });

  it('leave a tenant’s use to API Management’s reports', async () => {
    await world.slack.as('U0ANA').command(incidents, 'tenant usage alpine-ski-house 1h');
    const words = wordsOf(await world.sees('API use of alpine-ski-house', { to: 'U0ANA' }));
    expect(words).toMatch(/Calls in 1h:\*? 1\d\d,\d{3}/);
    expect(words).toMatch(/Quota:\*? ([\d.]+ % of )?3,500,000 calls in 1d.* since/);
    expect(words).not.toContain('Not known');
  });

  it('of a standby cell say that it stands by, not 0', async () => {
    await world.slack.as('U0ANA').command(incidents, 'kpi cell cell-retail-dr');
    const words = wordsOf(await world.sees('Indicators of cell-retail-dr', { to: 'U0ANA' }));
    expect(words).toContain('it stands by, without requests');
    expect(words).toMatch(/Container CPU of cell-retail-dr:\*? [\d.]+ %/);
  });
});
