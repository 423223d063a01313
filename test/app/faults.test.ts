import { type CuttableProxy, startCuttableProxy } from '../support/cuttable-proxy.ts';
import { startOwnPostgres } from '../support/own-postgres.ts';
import { incidents, startWorld, type World, wordsOf } from '../support/start-world.ts';
import { newDatabaseUrl } from '../support/test-database.ts';

jest.setTimeout(120_000);

const minuteMs = 60_000;

describe('faults while a run goes on', () => {
  let world: World;
  let proxy: CuttableProxy | undefined;
  let stopServer: (() => Promise<void>) | undefined;
  afterEach(async () => {
    await world.stop();
    await proxy?.close();
    await stopServer?.();
    [proxy, stopServer] = [undefined, undefined];
  });

  /** A run of `isolate cell-banking` that was approved; answers with its card. */
  async function approved() {
    const card = await world.ask('U0ANA', 'isolate cell-banking for 4h because card payments time out');
    const button = await world.button(card.ts, 'run_approve');
    expect((await world.slack.as('U0BEN').act(incidents, button.ts, 'run_approve', button.value)).status).toBe(200);
    return { ...card, approved: button };
  }
  const writes = (n: number) => world.until(() => world.azure.accepted.length >= n, `${n} writes`);
  const eachOnce = () => {
    expect(world.azure.accepted).toHaveLength(3);
    expect(world.azure.accepted.every(({ changed }) => changed)).toBe(true);
  };

  it('Slack away for ten minutes: the run ends, and people read all of it afterwards, once', async () => {
    world = await startWorld({ gatewayDelayMs: 300 });
    const card = await approved();
    await writes(1);
    world.slack.faults.down(true);
    const seen = world.messages().length;
    await world.until(async () => (await world.state(card.runId)) === 'succeeded', 'the end of the run');
    expect(world.cell('cell-banking')).toMatchObject({ servedBy: ['cell-banking-dr'] });
    world.pass(10 * minuteMs);
    const tried = world.slack.calls.length;
    await world.until(() => world.slack.calls.length > tried, 'another try while Slack is away', 60_000);
    expect(world.messages()).toHaveLength(seen);

    world.slack.faults.down(false);
    await world.sees('Done: Isolate cell-banking', { withinMs: 60_000 });
    const shown = world.messages().filter(({ ephemeralTo }) => ephemeralTo === undefined);
    expect(shown.filter(({ threadTs }) => threadTs === undefined)).toHaveLength(1);
    const thread = shown.filter(({ threadTs }) => threadTs === card.ts).map(({ text }) => text);
    expect(new Set(thread).size).toBe(thread.length);
    eachOnce();
  });

  it('PostgreSQL away in the middle: the run goes on when it is back, and writes nothing twice', async () => {
    proxy = await startCuttableProxy(await newDatabaseUrl());
    const { refused } = proxy;
    world = await startWorld({ gatewayDelayMs: 300, databaseUrl: proxy.url });
    await approved();
    await writes(2);
    proxy.cut();
    await world.until(() => (proxy?.refused ?? 0) >= refused + 5, 'tries to reach PostgreSQL');
    // Nobody is told that something was taken which was not stored.
    const { body } = await world.slack.as('U0ANA').command(incidents, 'pause because nothing works');
    expect(body).toContain('Nothing was done');
    proxy.mend();
    await world.sees('Done: Isolate cell-banking', { withinMs: 60_000 });
    eachOnce();
    await world.slack.as('U0ANA').command(incidents, 'runs');
    await world.sees('*Runs*, newest first', { to: 'U0ANA' });
    await world.slack.as('U0ANA').command(incidents, 'status');
    await world.sees('Status of the estate', { to: 'U0ANA' });
  });

  it('Slack late to say who somebody is: the status is there all the same', async () => {
    world = await startWorld();
    world.slack.faults.answerLate('users.info', 1, 3_000);
    await world.slack.as('U0CHLOE').command(incidents, 'status');
    expect(wordsOf(await world.sees(/Status of the estate|Slack can’t be asked/, { to: 'U0CHLOE' }))).toContain(
      'Status of the estate',
    );
  });

  it('PostgreSQL restarted by a crash of its own in the middle: the run goes on, and writes nothing twice', async () => {
    const server = await startOwnPostgres();
    world = await startWorld({ gatewayDelayMs: 300, databaseUrl: server.url });
    stopServer = () => server.stop();
    await approved();
    await writes(2);
    await server.restart();
    await world.sees('Done: Isolate cell-banking', { withinMs: 60_000 });
    eachOnce();
    const restore = await world.ask('U0ANA', 'restore cell-banking');
    await world.press('U0BEN', restore.ts, 'run_approve');
    await world.sees('Done: Restore cell-banking', { withinMs: 60_000 });
    expect(world.cell('cell-banking')).toMatchObject({ servedBy: ['cell-banking'], revisions: [{ active: true }] });
  });

  it('a gateway that is busy, and a change by somebody else in the same moment', async () => {
    world = await startWorld();
    const refused: string[] = [];
    const once = (after: string, status: number, code: string) =>
      world.azure.watchWrites((at, { path }) => {
        if (at !== 'accepted' || !path.includes(after) || refused.includes(code)) return;
        refused.push(code);
        world.azure.faults.refuseWrites(1, status, code);
      });
    // The next write after the silence is the gateway's.
    once('actionRules', 429, 'RetryableErrorDueToAnotherOperation');
    await approved();
    await world.sees('Done: Isolate cell-banking', { withinMs: 60_000 });
    eachOnce();

    // And so is the one after the revision that comes back.
    once('activate', 412, 'PreconditionFailed');
    const restore = await world.ask('U0ANA', 'restore cell-banking');
    await world.press('U0BEN', restore.ts, 'run_approve');
    await world.sees('Done: Restore cell-banking', { withinMs: 60_000 });
    expect(refused).toEqual(['RetryableErrorDueToAnotherOperation', 'PreconditionFailed']);
    expect(world.azure.accepted).toHaveLength(6);
    expect(world.cell('cell-banking')).toMatchObject({ servedBy: ['cell-banking'], revisions: [{ active: true }] });
  });

  it('an operation that Azure gives up: the run stops and asks, and a retry does the rest', async () => {
    world = await startWorld();
    world.azure.faults.failOperation();
    const card = await approved();
    await world.sees(/Azure took the change and then gave up/);
    await world.press('U0ANA', card.ts, 'run_retry');
    await world.sees('Done: Isolate cell-banking', { withinMs: 60_000 });
    expect(world.cell('cell-banking')).toMatchObject({ servedBy: ['cell-banking-dr'], revisions: [{ active: false }] });
  });

  it('an operation that never ends: the run stops in time, and a retry looks again without a second write', async () => {
    world = await startWorld();
    world.azure.faults.gatewayHangs(true);
    const card = await approved();
    await writes(2);
    world.pass(31 * minuteMs);
    await world.sees(/has not finished it within 30 min/, { withinMs: 60_000 });
    world.azure.faults.gatewayHangs(false);
    await world.press('U0ANA', card.ts, 'run_retry');
    await world.sees('Done: Isolate cell-banking', { withinMs: 60_000 });
    eachOnce();
  });

  it('drift in the middle: nothing is written over what somebody changed, and the rest needs a new approval', async () => {
    world = await startWorld();
    let drifted = false;
    world.azure.watchWrites((at) => {
      if (at !== 'accepted' || drifted) return;
      drifted = true;
      world.azure.faults.setPool('cell-banking', ['10.9.9.9']);
    });
    const card = await approved();
    await world.sees(/Changed since the plan/);
    expect(world.cell('cell-banking')?.servedBy).toEqual(['10.9.9.9']);
    expect(world.azure.accepted).toHaveLength(1);
    expect(wordsOf(await world.sees(/10\.9\.9\.9/))).toContain('10.9.9.9');
    const renewed = await world.button(card.ts, 'run_approve', { not: card.approved.value });
    await world.slack.as('U0CHLOE').act(incidents, renewed.ts, 'run_approve', renewed.value);
    await world.sees('Done: Isolate cell-banking', { withinMs: 60_000 });
    expect(world.cell('cell-banking')?.servedBy).toEqual(['cell-banking-dr']);
  });
});
