import { Client } from 'pg';
import type { SlackMessage } from '../../sandbox/slack/contract.ts';
import { startWorld, type World } from '../support/start-world.ts';

jest.setTimeout(60_000);

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
});
