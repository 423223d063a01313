import type { SlackMessage } from '../../sandbox/slack/contract.ts';
import { buttonOf, openScalingWorld, type ScalingWorld, slotMs } from '../support/scaling-world.ts';
import { type World, wordsOf } from '../support/start-world.ts';

jest.setTimeout(120_000);
const cell = 'cell-banking';

/** From the load of a database in the simulated estate to another size of it, all of it over HTTP. */
describe('a SQL database', () => {
  let scaling: ScalingWorld;
  let world: World;
  let database: ScalingWorld['database'];

  beforeAll(async () => {
    scaling = await openScalingWorld();
    ({ world, database } = scaling);
  });
  afterAll(() => scaling.stop());

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
    await scaling.window();
    const proposal = await scaling.card(`Scale SQL of ${cell} up to S4?`);
    await scaling.press('U0ANA', proposal, 'scaling_propose');
    await scaling.card(/▶️ `r-\d+` was asked for/);
    const { rows } = await database.query<{ id: string }>(
      `select id from stamps.runs where request_key like 'scaling/%'`,
    );
    const [run] = rows;
    const asks = () => scaling.messages().findLast((one) => buttonOf(one, 'run_approve') !== undefined);
    await world.until(() => asks() !== undefined, 'who approves');
    await scaling.press('U0BEN', asks() as SlackMessage, 'run_approve');
    await done(run?.id ?? '', 'succeeded');
    await scaling.card(`✅ The database was scaled by \`${run?.id}\``);
    expect(objective()).toBe('S4');
    // Nobody set a floor: it was no person's wish.
    expect((await database.query('select cell from stamps.sql_floors')).rows).toEqual([{ cell: 'cell-retail' }]);
  });

  it('that Stamps cannot scale is told of on a card with the reason, and no button to run', async () => {
    world.azure.faults.pooledSql('cell-healthcare', true);
    world.azure.faults.sqlLoad('cell-healthcare', 4);
    // The first of them may have begun before.
    await scaling.window();
    await scaling.window();
    const told = await scaling.card('SQL of cell-healthcare is full, and Stamps cannot scale it');
    expect(wordsOf(told)).toContain('the elastic pool pool-stamps');
    expect(buttonOf(told, 'scaling_propose')).toBeUndefined();
    expect(buttonOf(told, 'scaling_dismiss')).toBeDefined();
  });
});
