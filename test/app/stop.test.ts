import { type BenchWorld, incidents, openBenchWorld, wordsOf } from '../../bench/bench-world.ts';
import { newDatabaseUrl } from '../support/test-database.ts';

jest.setTimeout(300_000);

describe('an app that is told to stop by SIGTERM', () => {
  let world: BenchWorld;
  beforeAll(async () => {
    world = await openBenchWorld({ databaseUrl: await newDatabaseUrl() });
    await world.startApp();
  });
  afterAll(() => world.close());

  it('ends by itself in the middle of a run, and the next one finishes it', async () => {
    world.azure.faults.gatewayHangs(true);
    await world.slack.as('U0ANA').command(incidents, 'isolate cell-banking for 4h because card payments time out');
    await world.approve('Isolate cell-banking', 'U0BEN');
    await world.until(() => world.azure.accepted.length > 0, 'a write');

    // Past its 10 s the app ends itself with a 1.
    expect(await world.terminate()).toBe(0);

    world.azure.faults.gatewayHangs(false);
    await world.startApp();
    await world.until(() => world.messages().some((one) => wordsOf(one).includes('Done: Isolate')), 'the end');
    expect(world.azure.accepted.every(({ changed }) => changed)).toBe(true);
  });
});
