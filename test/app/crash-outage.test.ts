import { type OutageWorld, openOutageWorld } from '../../bench/crash-outage.ts';
import { seededRandom } from '../../bench/seeded-random.ts';
import { newDatabaseUrl } from '../support/test-database.ts';

jest.setTimeout(300_000);

/** A sample of what `npm run bench -- crash-outage` does sixty times. */
describe('an app that is killed with SIGKILL twice in a global outage', () => {
  let world: OutageWorld;
  beforeAll(async () => {
    world = await openOutageWorld(await newDatabaseUrl());
  });
  afterAll(() => world.close());

  it('wakes people once, plans once, and says all of it once', async () => {
    const { counted } = await world.outage(seededRandom(3), 2);
    expect(Object.entries(counted).filter(([, times]) => times !== 1)).toEqual([]);
  });
});
