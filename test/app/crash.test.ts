import { type CrashLane, openCrashLane } from '../../bench/crash-lane.ts';
import { stories } from '../../bench/crash-stories.ts';
import { points } from '../../bench/kill-points.ts';
import { seededRandom } from '../../bench/seeded-random.ts';
import { newDatabaseUrl } from '../support/test-database.ts';

jest.setTimeout(600_000);

const { cell, region, recovery, failedSwap, failedDrill } = stories;
const [recover, ...swapAndBack] = recovery;
const [, swapThatFails] = failedSwap;

/**
 * A sample of what `npm run bench -- crash` does at every step: the runs of a cell at all points between them, every
 * other run at one, each at a seeded step of it; a drill in the undo that begins when it fails.
 */
describe.each([
  { name: 'isolate and restore', story: cell, rounds: [points.slice(0, 2), points.slice(2)], waits: true },
  { name: 'failover and failback', story: region, rounds: [['after-effect', 'during']], waits: true },
  {
    name: 'recover, swap and release',
    story: [recover, swapThatFails, ...swapAndBack],
    rounds: [['during', 'after-effect', 'after-effect', 'before', 'after-checkpoint']],
    waits: false,
  },
  { name: 'a drill that fails', story: failedDrill, rounds: [['during']], waits: false },
] as const)('an app that is killed with SIGKILL in the middle of a run, $name', ({ story, rounds, waits }) => {
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

  const whileItWaits = async () => {
    const random = seededRandom(7);
    const before = world.configuration();
    for (const wanted of story) {
      const { kills, doubled } = await world.crashWaiting(wanted, random);
      expect([kills, doubled]).toEqual([2 * wanted.approvers.length, 0]);
    }
    expect(world.configuration()).toBe(before);
    await world.expire(story[0], random);
    expect(world.configuration()).toBe(before);
  };
  if (waits) it('while it waits for approvals, keeps those that it has and goes on with none missing', whileItWaits);

  it('and people read once that it is done', async () => {
    expect(await world.notSaidOnce()).toBe(0);
  });
});
