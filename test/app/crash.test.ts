import { type CrashLane, openCrashLane, stories } from '../../bench/crash-lane.ts';
import { points } from '../../bench/kill-points.ts';
import { seededRandom } from '../../bench/seeded-random.ts';
import { newDatabaseUrl } from '../support/test-database.ts';

jest.setTimeout(600_000);

// A drill right after a drill is refused while the requests that failed in the first are the last minute's: that one is
// a row of the bench alone, which has the time to wait.
const { drill: _drill, ...sampled } = stories;

/** A sample of what `npm run bench -- crash` does at every step: one seeded step for each point of each playbook. */
describe.each(Object.entries(sampled))('an app that is killed with SIGKILL in the middle of a run, %s', (_, story) => {
  let world: CrashLane;
  beforeAll(async () => {
    world = await openCrashLane(await newDatabaseUrl(), story);
  });
  afterAll(() => world.close());

  // An undo that begins by itself is the longest story: the point at which a repeat could do harm stands for all.
  it.each(story === stories.failedSwap ? (['after-effect'] as const) : points)(
    '%s a step goes on where it was, and does nothing twice',
    async (point) => {
      const random = seededRandom(points.indexOf(point) + 1);
      const before = world.configuration();
      for (const wanted of story) {
        const steps = world.steps(wanted);
        const step = steps[Math.floor(random() * steps.length)] as string;
        // What leads there and away again is killed in the story of a recovery.
        const killed = story === stories.failedSwap && !('ends' in wanted) ? [] : [step];
        expect({ step, ...(await world.crash(wanted, killed, point, random)) }).toMatchObject({ step, doubled: 0 });
      }
      expect(world.configuration()).toBe(before);
    },
  );

  it('and people read once that it is done', async () => {
    expect(await world.notSaidOnce()).toBe(0);
  });
});
