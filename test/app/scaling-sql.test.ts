import { Client } from 'pg';
import type { SlackMessage } from '../../sandbox/slack/contract.ts';
import { startWorld, type World, wordsOf } from '../support/start-world.ts';

jest.setTimeout(120_000);
const operations = 'C0OPERATIONS';
const cell = 'cell-banking';
const slotMs = 5 * 60_000;

/** From the load of a database in the simulated estate to another size of it, all of it over HTTP. */
describe('a SQL database', () => {
  let world: World;
  let database: Client;
  /** End of the newest window that the app was told is measured. */
  let slot: number;

  beforeAll(async () => {
    world = await startWorld();
    database = new Client({ connectionString: world.databaseUrl });
    await database.connect();
    slot = Math.floor(Date.now() / slotMs) * slotMs + slotMs;
  });
  afterAll(async () => {
    await database.end();
    await world.stop();
  });

  const objective = () => world.cell(cell)?.sql.objective;
  const done = async (runId: string, state: string) =>
    world.until(async () => (await world.state(runId)) === state, `${runId} is ${state}`, 40_000);

  it('gets one step more when a person asks, and exactly what it had when that is taken back', async () => {
    const before = world.azure.configuration();
    const { ts, runId } = await world.ask('U0ANA', `scale sql ${cell} up because the sale begins at noon`);
    expect(objective()).toBe('S3');
    await world.press('U0BEN', ts, 'run_approve');
    await done(runId, 'succeeded');
    expect(objective()).toBe('S4');
    expect((await database.query('select tier->>$1 as floor from stamps.sql_floors', ['objective'])).rows).toEqual([
      { floor: 'S4' },
    ]);

    await world.slack.as('U0ANA').command('C0INCIDENTS', `undo ${runId}`);
    const undo = await world.card(`Take back ${runId}`);
    await world.press('U0BEN', undo.ts, 'run_approve');
    await done(runId, 'undone');
    expect(world.azure.configuration()).toEqual(before);
    expect((await database.query('select 1 from stamps.sql_floors')).rows).toEqual([]);
  });

  it('takes its geo-secondary along, which goes first, and asks two people for less', async () => {
    world.azure.faults.replicateSql('cell-retail');
    const written = () =>
      world.azure.accepted
        .filter(({ method, path }) => method === 'PATCH' && path.endsWith('/sql-cell-retail'))
        .map(({ path }) => path.split('/').at(-3));
    const more = await world.ask('U0ANA', 'scale sql cell-retail to S6');
    await world.press('U0BEN', more.ts, 'run_approve');
    await done(more.runId, 'succeeded');
    expect(written()).toEqual(['sql-stamps-westus', 'sql-stamps-eastus']);

    const less = await world.ask('U0ANA', 'scale sql cell-retail down');
    await world.press('U0BEN', less.ts, 'run_approve');
    expect(await world.state(less.runId)).toBe('waiting');
    await world.press('U0DANA', less.ts, 'run_approve');
    await done(less.runId, 'succeeded');
    expect(written().slice(2)).toEqual(['sql-stamps-eastus', 'sql-stamps-westus']);
    expect(world.cell('cell-retail')?.sql.objective).toBe('S4');
  });

  it('is proposed for a larger one when its load rises, and is less full with it', async () => {
    await database.query(`update stamps.runs set finished_at = finished_at - interval '1 hour'`);
    world.azure.faults.sqlLoad(cell, 2);
    world.pass(slotMs);
    await window();
    const proposal = await card(`Scale SQL of ${cell} up to S4?`);
    await press('U0ANA', proposal, 'scaling_propose');
    await card(/▶️ `r-\d+` was asked for/);
    const { rows } = await database.query<{ id: string }>(
      `select id from stamps.runs where request_key like 'scaling/%'`,
    );
    const [run] = rows;
    const asks = () => messages().findLast((one) => buttonOf(one, 'run_approve') !== undefined);
    await world.until(() => asks() !== undefined, 'who approves');
    await press('U0BEN', asks() as SlackMessage, 'run_approve');
    await done(run?.id ?? '', 'succeeded');
    await card(`✅ The database was scaled by \`${run?.id}\``);
    expect(objective()).toBe('S4');
    // Nobody set a floor: it was no person's wish.
    expect((await database.query('select cell from stamps.sql_floors')).rows).toEqual([{ cell: 'cell-retail' }]);
  });

  it('that Stamps cannot scale is told of on a card with the reason, and no button to run', async () => {
    world.azure.faults.pooledSql('cell-healthcare', true);
    world.azure.faults.sqlLoad('cell-healthcare', 4);
    // The first of them may have begun before.
    await window();
    await window();
    const told = await card('SQL of cell-healthcare is full, and Stamps cannot scale it');
    expect(wordsOf(told)).toContain('the elastic pool pool-stamps');
    expect(buttonOf(told, 'scaling_propose')).toBeUndefined();
    expect(buttonOf(told, 'scaling_dismiss')).toBeDefined();
  });

  const messages = (): readonly SlackMessage[] =>
    world.slack.snapshot().channels.find(({ id }) => id === operations)?.messages ?? [];
  async function card(words: string | RegExp): Promise<SlackMessage> {
    const shows = (one: SlackMessage) =>
      typeof words === 'string' ? wordsOf(one).includes(words) : words.test(wordsOf(one));
    const found = () => messages().findLast((one) => shows(one) && one.ephemeralTo === undefined);
    await world.until(() => found() !== undefined, String(words), 30_000);
    return found() as SlackMessage;
  }
  const buttonOf = (message: SlackMessage, actionId: string) =>
    ((message.blocks ?? []) as { elements?: { action_id?: string; value?: string }[] }[])
      .flatMap(({ elements = [] }) => elements)
      .find(({ action_id }) => action_id === actionId)?.value;
  const press = (person: string, message: SlackMessage, actionId: string) =>
    world.slack.as(person).act(operations, message.ts, actionId, buttonOf(message, actionId));

  /** Lets a window pass under the load that there is; waits until it was looked at. */
  async function window(): Promise<void> {
    slot += slotMs;
    world.pass(slotMs);
    world.azure.snapshot();
    const at = new Date(slot).toISOString();
    await database.query(
      `insert into stamps.kpi_slots (at, claimed_until, claimed_by, done_at) values ($1, $1, 'test', $1)
       on conflict (at) do update set done_at = excluded.at`,
      [at],
    );
    await world.until(
      async () => (await database.query('select 1 from stamps.scaling_looks where at >= $1', [at])).rows.length > 0,
      `a look at ${at}`,
      30_000,
    );
  }
});
