import { startEmbeddedPostgres } from '../src/engine/embedded-postgres.ts';
import { benchFolder } from './bench-folder.ts';
import { type CrashLane, openCrashLane, type Story } from './crash-lane.ts';
import { points } from './kill-points.ts';
import { seededRandom } from './seeded-random.ts';

/** A run that its app died of more often is parked by the engine (`mostStarts`). */
const killsARun = 5;

type Point = (typeof points)[number];

export interface CrashResult {
  /** By run, how many steps it has. */
  readonly steps: Record<string, number>;
  readonly kills: Record<Point, number>;
  readonly runs: number;
  /** Effects that changed Azure more often than once in one run. */
  readonly doubled: number;
  /** Writes sent again that Azure accepted and that changed nothing. */
  readonly harmlessRepeats: number;
  readonly pairs: number;
  readonly restoredExactly: number;
  /** Runs whose end was not said exactly once in their thread. */
  readonly notSaidOnce: number;
}

/**
 * Row R1: SIGKILL before, during and after the effect, and after the checkpoint, of every step of the runs of a
 * story, `settle` among them: for each point runs that are killed there at step after step. Each with so many seeds,
 * over some lanes side by side, each a world of its own. `first`: to go on with a count that was broken off.
 */
export async function benchCrash(story: Story, seeds: number, lanes = 3, first = 1): Promise<CrashResult> {
  const total = {
    steps: {} as Record<string, number>,
    kills: { before: 0, during: 0, 'after-effect': 0, 'after-checkpoint': 0 },
    runs: 0,
    doubled: 0,
    harmlessRepeats: 0,
    pairs: 0,
    restoredExactly: 0,
    notSaidOnce: 0,
  };
  const left = Array.from({ length: seeds }, (_, seed) => seed + first);
  await Promise.all(Array.from({ length: Math.min(lanes, seeds) }, lane));
  return total;

  async function lane(): Promise<void> {
    const folder = await benchFolder();
    const server = await startEmbeddedPostgres(folder);
    const world = await openCrashLane(server.url, story);
    try {
      for (const wanted of story) total.steps[wanted.name] = world.steps(wanted).length;
      let known = 0;
      for (let seed = left.shift(); seed !== undefined; seed = left.shift()) {
        await everyPoint(world, seed);
        const notSaid = await world.notSaidOnce();
        total.notSaidOnce += notSaid - known;
        known = notSaid;
        console.log(`  seed ${seed}: ${JSON.stringify(total)}`);
      }
    } finally {
      await world.close();
      await server.stop();
    }
  }

  async function everyPoint(world: CrashLane, seed: number): Promise<void> {
    const random = seededRandom(seed);
    const groups = new Map(story.map((wanted) => [wanted, inGroups(world.steps(wanted), killsARun)]));
    const most = Math.max(...[...groups.values()].map(({ length }) => length));
    for (const point of points) {
      for (let nth = 0; nth < most; nth += 1) {
        const before = world.configuration();
        for (const [wanted, of] of groups) {
          // The shorter playbook goes round again, so that whatever was changed is brought back.
          const steps = of[nth % of.length] as string[];
          const { doubled, harmlessRepeats } = await world.crash(wanted, steps, point, random);
          total.runs += 1;
          total.kills[point] += steps.length;
          total.doubled += doubled;
          total.harmlessRepeats += harmlessRepeats;
        }
        total.pairs += 1;
        if (world.configuration() === before) total.restoredExactly += 1;
      }
    }
  }
}

function inGroups<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, nth) => all.slice(nth * size, (nth + 1) * size));
}

export function crashLine(result: CrashResult): string {
  const { steps, kills, runs, doubled, harmlessRepeats, pairs, restoredExactly, notSaidOnce } = result;
  const each = points.map((point) => `${point} ${kills[point]}`).join(', ');
  const runsOf = Object.entries(steps).map(([name, count]) => `${name} (${count})`);
  return `SIGKILL at every step of ${runsOf.join(' and ')}: ${each}; ${runs} runs, all ended; ${doubled} effects doubled, ${harmlessRepeats} repeats that changed nothing, ${restoredExactly} of ${pairs} times all came back exactly, ${notSaidOnce} ends not said once`;
}
