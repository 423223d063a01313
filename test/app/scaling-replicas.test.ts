import { Client } from 'pg';
import { type BenchWorld, openBenchWorld, wordsOf } from '../../bench/bench-world.ts';
import type { SlackMessage } from '../../sandbox/slack/contract.ts';
import { buttonOf, slotMs } from '../support/scaling-world.ts';
import { newDatabaseUrl } from '../support/test-database.ts';

jest.setTimeout(300_000);
const operations = 'C0OPERATIONS';
const cell = 'cell-banking';

/** Two processes of the unmodified app on one database, over HTTP. */
describe('a scaling that two replicas see at once', () => {
  let world: BenchWorld;
  let other: Awaited<ReturnType<BenchWorld['startAnother']>>;
  let database: Client;
  let lock: Client;

  beforeAll(async () => {
    const databaseUrl = await newDatabaseUrl();
    world = await openBenchWorld({ databaseUrl, drain: '1s', dnsTtlSeconds: 0, replicaDelayMs: 500 });
    [database, lock] = [new Client({ connectionString: databaseUrl }), new Client({ connectionString: databaseUrl })];
    await Promise.all([database.connect(), lock.connect()]);
    await world.startApp();
    other = await world.startAnother();
  });
  afterAll(async () => {
    await world.close();
    await Promise.all([database.end(), lock.end()]);
  });

  const messages = (): readonly SlackMessage[] =>
    world.slack.snapshot().channels.find(({ id }) => id === operations)?.messages ?? [];
  const shown = (words: string | RegExp) =>
    messages().filter((one) => one.ephemeralTo === undefined && new RegExp(words).test(wordsOf(one)));
  const press = (person: string, message: SlackMessage, actionId: string, appUrl: string) => {
    world.slack.requestUrl = `${appUrl}/slack/events`;
    return world.slack.as(person).act(operations, message.ts, actionId, buttonOf(message, actionId));
  };
  async function rows<Row>(text: string): Promise<Row[]> {
    return (await database.query(text)).rows as Row[];
  }
  async function waitFor(holds: () => Promise<boolean>, what: string): Promise<void> {
    for (const endsAt = Date.now() + 120_000; !(await holds()); await new Promise((next) => setTimeout(next, 50)))
      if (Date.now() > endsAt) throw new Error(`never: ${what}`);
  }
  const states = async () =>
    (await rows<{ state: string }>(`select state from stamps.scaling_proposals where cell = '${cell}'`)).map(
      ({ state }) => state,
    );

  it('is proposed once, with one card', async () => {
    const slot = new Date(Math.ceil(Date.now() / slotMs) * slotMs).toISOString();
    // Both have seen the load and made up their minds before either may write it down.
    await lock.query('begin; lock table stamps.scaling_looks in exclusive mode');
    await database.query(`insert into stamps.kpi_samples (kpi, scope, at, value) values ('containerCpu', $1, $2, 95)`, [
      `cell/${cell}`,
      slot,
    ]);
    await database.query(
      `insert into stamps.kpi_slots (at, claimed_until, claimed_by, done_at) values ($1, now(), 'test', now())`,
      [slot],
    );
    const waiting = `select 1 from pg_locks where relation = 'stamps.scaling_looks'::regclass and not granted`;
    await waitFor(async () => (await rows(waiting)).length === 2, 'both replicas at the same look');
    await lock.query('commit');
    await waitFor(async () => (await rows(waiting)).length === 0 && (await states()).length > 0, 'a proposal');
    await world.until(() => shown(/Scale out cell-banking to \d+ replicas/).length > 0, 'a card');
    expect(await states()).toEqual(['open']);
    expect(shown(/Scale out cell-banking to \d+ replicas/)).toHaveLength(1);
  });

  it('becomes one run, whichever replica is asked', async () => {
    const [card] = shown(/Scale out cell-banking to \d+ replicas/);
    const asked = card as SlackMessage;
    await Promise.all([
      press('U0ANA', asked, 'scaling_propose', world.appUrl),
      press('U0BEN', asked, 'scaling_propose', other.url),
    ]);
    await world.until(() => shown(/`r-\d+` was asked for/).length > 0, 'that a run was asked for');
    expect(await rows(`select id from stamps.runs`)).toHaveLength(1);
  });

  it('goes on after both replicas were killed in the middle of it, and scales once', async () => {
    const [run] = await rows<{ id: string; requester_id: string }>('select id, requester_id from stamps.runs');
    const isWrite = (path: string) => path.toLowerCase().endsWith(`/containerapps/app-${cell}`);
    let killed = false;
    world.azure.watchWrites((phase, { path }) => {
      if (killed || phase !== 'accepted' || !isWrite(path)) return;
      killed = true;
      world.kill();
      other.kill();
    });
    const ask = await world.until(
      () => messages().findLast((one) => buttonOf(one, 'run_approve') !== undefined),
      'who approves',
    );
    const approver = run?.requester_id === 'U0BEN' ? 'U0DANA' : 'U0BEN';
    await press(approver, ask, 'run_approve', other.url);
    await world.until(() => killed, 'the kill', 120_000);
    world.slack.requestUrl = `${world.appUrl}/slack/events`;
    await world.until(() => world.kills() === 1, 'its end');
    await world.alive();
    const state = async () => (await rows<{ state: string }>('select state from stamps.runs')).map((row) => row.state);
    await waitFor(async () => (await state()).includes('succeeded'), 'the end of the run');
    await waitFor(async () => (await states()).includes('done'), 'the end of the proposal');
    expect(world.azure.accepted.filter(({ path, changed }) => changed && isWrite(path))).toHaveLength(1);
    await world.until(() => shown(`The cell was scaled by \`${run?.id}\``).length === 1, 'what the card says');
    await world.until(() => shown(`Done: .*${run?.id}`).length > 0, 'that it is done');
    const wanted = Number(/to (\d+) replicas/.exec(wordsOf(shown(/The cell was scaled/)[0] as SlackMessage))?.[1]);
    await world.until(() => {
      const cells = world.azure.snapshot().regions.flatMap(({ cells: own }) => own);
      return cells.find(({ name }) => name === cell)?.replicas === wanted;
    }, `${wanted} replicas`);
    expect(shown(`Done: .*${run?.id}`)).toHaveLength(1);
  });
});
