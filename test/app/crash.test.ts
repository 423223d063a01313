import { type CrashLane, openCrashLane, stories } from '../../bench/crash-lane.ts';
import { points } from '../../bench/kill-points.ts';
import { seededRandom } from '../../bench/seeded-random.ts';
import { newDatabaseUrl } from '../support/test-database.ts';

jest.setTimeout(600_000);

const { cell, region, recovery, failedSwap } = stories;
const [recover, ...swapAndBack] = recovery;
const [, swapThatFails] = failedSwap;

/**
 * A sample of what `npm run bench -- crash` does at every step: the runs of a cell at all points between them, every
 * other run at one, each at a seeded step of it. A drill right after a drill is refused while the requests that failed in the first
 * are the last minute's: that one is a row of the bench alone, which has the time to wait.
 */
describe.each([
  { name: 'isolate and restore', story: cell, rounds: [points.slice(0, 2), points.slice(2)] },
  { name: 'failover and failback', story: region, rounds: [['after-effect', 'during']] },
  {
    name: 'recover, swap and release',
    story: [recover, swapThatFails, ...swapAndBack],
    rounds: [['during', 'after-effect', 'after-effect', 'before', 'after-checkpoint']],
  },
] as const)('an app that is killed with SIGKILL in the middle of a run, $name', ({ story, rounds }) => {
  let world: CrashLane;
  beforeAll(async () => {
    world = await openCrashLane(await newDatabaseUrl(), story);
  });
  afterAll(() => world.close());

  it.each(rounds.map((at, round) => ({ at, round, killed: at.join(', ') })))(
    '$killed a step goes on where it was, and does nothing twice',
    async ({ at, round }) => {
      const random = seededRandom(round + 1);
      const before = world.configuration();
      for (const [index, wanted] of story.entries()) {
        const steps = world.steps(wanted);
        const step = steps[Math.floor(random() * steps.length)] as string;
        const point = at[index] as (typeof points)[number];
        expect({ step, ...(await world.crash(wanted, [step], point, random)) }).toMatchObject({ step, doubled: 0 });
      }
      expect(world.configuration()).toBe(before);
    },
  );

  it('and people read once that it is done', async () => {
    expect(await world.notSaidOnce()).toBe(0);
  });
});
