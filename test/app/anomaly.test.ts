import type { SlackMessage } from '../../sandbox/slack/contract.ts';
import { hourMs } from '../../src/domain/duration.ts';
import type { KpiScope } from '../../src/domain/kpi.ts';
import { openDatabase } from '../../src/engine/database.ts';
import { kpiDefinition } from '../../src/kpis/definitions.ts';
import { storeHours } from '../support/kpi-history.ts';
import { startWorld, type World, wordsOf } from '../support/start-world.ts';
import { newDatabaseUrl } from '../support/test-database.ts';

jest.setTimeout(120_000);
const operations = 'C0OPERATIONS';
const definition = kpiDefinition('tenantLatency');
const scope: KpiScope = 'cell/cell-retail';

/** Usually 100 to 140 ms, and 190 for the last three hours. */
async function historyOfTrouble(databaseUrl: string): Promise<void> {
  const database = await openDatabase(databaseUrl);
  const hour = Math.floor(Date.now() / hourMs) * hourMs;
  await storeHours(database, { definition, scope }, hour - 24 * hourMs, hour, (at) =>
    at >= hour - 3 * hourMs ? 190 : 120,
  );
  await database.query(
    `insert into stamps.kpi_expected (kpi, scope, at, value, low, high)
     select $1, $2, to_timestamp($3::float8 / 1000) + n * interval '1 hour', 120, 100, 140 from generate_series(-24, 24) n`,
    [definition.id, scope, hour],
  );
  await database.close();
}

describe('an indicator that is out of its seasonal band', () => {
  let world: World;
  beforeAll(async () => {
    const databaseUrl = await newDatabaseUrl();
    await historyOfTrouble(databaseUrl);
    world = await startWorld({ databaseUrl });
  });
  afterAll(() => world.stop());
  const card = (): SlackMessage | undefined =>
    world.slack
      .snapshot()
      .channels.find(({ id }) => id === operations)
      ?.messages.find((message) => wordsOf(message).includes('is out of what is usual'));

  it('gets a card with band and value as a picture, before it is past its limit, and is left alone when somebody says so', async () => {
    await world.until(() => card() !== undefined, 'the card', 60_000);
    const words = wordsOf(card() as SlackMessage);
    expect(words).toMatch(/Tenant latency of cell-retail.*190 ms at .* usual are 100 ms to 140 ms; 3 hours in a row/);
    type Block = { type: string; slack_file?: { id: string }; elements?: { action_id?: string; value?: string }[] };
    const blocks = (card()?.blocks ?? []) as Block[];
    const picture = blocks.find(({ type }) => type === 'image')?.slack_file?.id ?? '';
    expect(world.slack.file(picture)?.type).toBe('image/png');
    const snooze = blocks
      .flatMap(({ elements = [] }) => elements)
      .find(({ action_id }) => action_id === 'anomaly_snooze')?.value;
    await world.slack.as('U0BEN').act(operations, card()?.ts ?? '', 'anomaly_snooze', snooze);
    await world.until(() => wordsOf(card() as SlackMessage).includes('says <@U0BEN>'), 'who snoozed it');
    expect(JSON.stringify(card()?.blocks)).not.toContain('anomaly_snooze');
  });
});
