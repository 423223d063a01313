import { startEmbeddedPostgres } from '../src/engine/embedded-postgres.ts';
import { benchFolder } from './bench-folder.ts';
import { type CrashLane, openCrashLane } from './crash-lane.ts';
import type { Story } from './crash-stories.ts';
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

/** A point of the next few steps of each run, of a seed. */
interface Part {
  readonly seed: number;
  readonly point: Point;
  readonly nth: number;
}

/**
 * Row R1: SIGKILL before, during and after the effect, and after the checkpoint, of every step of the runs of a
 * story, `settle` among them: for each point runs that are killed there at step after step. Each with so many seeds,
 * over some lanes side by side, each a world of its own. `first`: to go on with a count that was broken off; what is
 * printed after a seed is of whole seeds.
 */
export async function benchCrash(story: Story, seeds: number, lanes = 3, first = 1): Promise<CrashResult> {
  let steps: Record<string, number> = {};
  const bySeed = new Map<number, Counted[]>();
  /** Known once the first lane has carried the story out without a kill: all of them find the same steps. */
  let left: Part[] | undefined;
  let partsOfSeed = 0;
  await Promise.all(Array.from({ length: lanes }, lane));
  return total();

  async function lane(): Promise<void> {
    const folder = await benchFolder();
    const server = await startEmbeddedPostgres(folder);
    const world = await openCrashLane(server.url, story);
    try {
      const groups = new Map(story.map((wanted) => [wanted, inGroups(world.steps(wanted), killsARun)]));
      left ??= partsOf(groups, world);
      let known = 0;
      for (let part = left.shift(); part !== undefined; part = left.shift()) {
        const counted = await carryOut(world, groups, part);
        const notSaid = await world.notSaidOnce();
        note(part.seed, { ...counted, notSaidOnce: notSaid - known });
        known = notSaid;
      }
    } finally {
      await world.close();
      await server.stop();
    }
  }

  function partsOf(groups: ReadonlyMap<Story[number], readonly string[][]>, world: CrashLane): Part[] {
    steps = Object.fromEntries(story.map((wanted) => [wanted.name, world.steps(wanted).length]));
    const most = Math.max(...[...groups.values()].map(({ length }) => length));
    partsOfSeed = points.length * most;
    return Array.from({ length: seeds }, (_, index) => first + index).flatMap((seed) =>
      points.flatMap((point) => Array.from({ length: most }, (_, nth): Part => ({ seed, point, nth }))),
    );
  }

  async function carryOut(
    world: CrashLane,
    groups: ReadonlyMap<Story[number], readonly string[][]>,
    { seed, point, nth }: Part,
  ): Promise<Omit<Counted, 'notSaidOnce'>> {
    const random = seededRandom(1_000 * seed + 10 * nth + points.indexOf(point));
    const before = world.configuration();
    const counted = { kills: { [point]: 0 }, runs: 0, doubled: 0, harmlessRepeats: 0 };
    for (const [wanted, of] of groups) {
      // The shorter playbook goes round again, so that whatever was changed is brought back.
      const at = of[nth % of.length] ?? [];
      const { doubled, harmlessRepeats } = await world.crash(wanted, at, point, random);
      counted.kills[point] = (counted.kills[point] ?? 0) + at.length;
      counted.runs += 1;
      counted.doubled += doubled;
      counted.harmlessRepeats += harmlessRepeats;
    }
    return { ...counted, pairs: 1, restoredExactly: world.configuration() === before ? 1 : 0 };
  }

  function note(seed: number, counted: Counted): void {
    const parts = [...(bySeed.get(seed) ?? []), counted];
    bySeed.set(seed, parts);
    if (parts.length === partsOfSeed) console.log(`  seed ${seed}: ${crashLine(total())}`);
  }

  function total(): CrashResult {
    const whole = [...bySeed.values()].filter(({ length }) => length === partsOfSeed).flat();
    const sum = (of: (counted: Counted) => number) => whole.reduce((so, counted) => so + of(counted), 0);
    return {
      steps,
      kills: Object.fromEntries(points.map((point) => [point, sum(({ kills }) => kills[point] ?? 0)])) as Record<
        Point,
        number
      >,
      runs: sum(({ runs }) => runs),
      doubled: sum(({ doubled }) => doubled),
      harmlessRepeats: sum(({ harmlessRepeats }) => harmlessRepeats),
      pairs: sum(({ pairs }) => pairs),
      restoredExactly: sum(({ restoredExactly }) => restoredExactly),
      notSaidOnce: sum(({ notSaidOnce }) => notSaidOnce),
    };
  }
}

type Counted = Omit<CrashResult, 'steps' | 'kills'> & { readonly kills: Partial<Record<Point, number>> };

function inGroups<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, nth) => all.slice(nth * size, (nth + 1) * size));
}

export function crashLine(result: CrashResult): string {
  const { steps, kills, runs, doubled, harmlessRepeats, pairs, restoredExactly, notSaidOnce } = result;
  const each = points.map((point) => `${point} ${kills[point]}`).join(', ');
  const killed = Object.entries(steps).filter(([, count]) => count > 0);
  const runsOf = killed.map(([name, count]) => `${name} (${count})`);
  return `SIGKILL at every step of ${runsOf.join(' and ')}: ${each}; ${runs} runs, all ended; ${doubled} effects doubled, ${harmlessRepeats} repeats that changed nothing, ${restoredExactly} of ${pairs} times all came back exactly, ${notSaidOnce} ends not said once`;
}
