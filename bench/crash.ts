import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchWorld, incidents, openBenchWorld } from './bench-world.ts';
import { seededRandom } from './seeded-random.ts';

/** Where the kill falls, beside the nth write to Azure. */
const phases = ['before', 'during', 'after-effect', 'after-checkpoint'] as const;
type Phase = (typeof phases)[number];
type Random = () => number;

export interface CrashResult {
  runs: number;
  kills: number;
  /** Effects that changed Azure more often than once in one run. */
  doubled: number;
  /** Writes sent again that Azure accepted and that changed nothing. */
  harmlessRepeats: number;
  restoredExactly: number;
}

/** One run without a kill: what there is to kill around. */
interface Clean {
  readonly writes: number;
  readonly ms: number;
}

const playbooks = [
  { title: 'Isolate cell-banking', command: (why: string) => `isolate cell-banking for 4h because ${why}` },
  { title: 'Restore cell-banking', command: (why: string) => `restore cell-banking because ${why}` },
] as const;
type Wanted = (typeof playbooks)[number];

/**
 * Row R1: SIGKILL of the app's process around each write to Azure of isolate and restore. `before`: somewhere between
 * what came before that write (the approval, or the last write's answer) and it; `during`: when it arrives;
 * `after-effect`: when it was accepted, and before the answer; `after-checkpoint`: while what follows it runs. And, as
 * often as there are writes, at any moment of the run, so that checks and waits have their share.
 */
export async function benchCrash(seeds: number): Promise<CrashResult> {
  const total: CrashResult = { runs: 0, kills: 0, doubled: 0, harmlessRepeats: 0, restoredExactly: 0 };
  const world = await openBenchWorld();
  try {
    await world.startApp();
    const clean: Clean[] = [];
    for (const wanted of playbooks) clean.push(await runOnce(world, wanted, 'a clean run', () => undefined));
    const most = Math.max(...clean.map(({ writes }) => writes));
    for (let seed = 1; seed <= seeds; seed += 1) {
      const random = seededRandom(seed);
      for (const phase of [...phases, 'anywhere'] as const) {
        for (let nth = 0; nth < most; nth += 1) {
          const before = JSON.stringify(world.azure.configuration());
          for (const [index, wanted] of playbooks.entries()) {
            const { writes, ms } = clean[index] as Clean;
            const why = `crash ${phase} ${nth} seed ${seed}`;
            const arm = () =>
              phase === 'anywhere'
                ? void setTimeout(world.kill, random() * ms)
                : killBeside(world, phase, Math.min(nth, writes - 1), random);
            await crashed(world, wanted, why, arm, total);
          }
          if (JSON.stringify(world.azure.configuration()) === before) total.restoredExactly += 1;
        }
      }
      console.log(`  seed ${seed}: ${JSON.stringify(total)}`);
    }
  } finally {
    await world.close();
  }
  return total;
}

async function crashed(world: BenchWorld, wanted: Wanted, why: string, arm: () => void, total: CrashResult) {
  const accepted = world.azure.accepted.length;
  const kills = world.kills();
  await runOnce(world, wanted, why, arm);
  await world.alive();
  total.runs += 1;
  total.kills += world.kills() - kills;
  const changes = new Map<string, number>();
  for (const { changed, path, method } of world.azure.accepted.slice(accepted)) {
    if (changed) changes.set(`${method} ${path}`, (changes.get(`${method} ${path}`) ?? 0) + 1);
    else total.harmlessRepeats += 1;
  }
  total.doubled += [...changes.values()].filter((times) => times > 1).length;
}

/** From the command to what says that it is done; `onClick` is called as the approval goes out. */
async function runOnce(world: BenchWorld, wanted: Wanted, why: string, onClick: () => void): Promise<Clean> {
  const { title, command } = wanted;
  const done = () => world.messages().filter(({ text }) => text.startsWith(`Done: ${title}`)).length;
  const doneBefore = done();
  const writes = world.azure.accepted.length;
  const { status } = await world.slack.as('U0ANA').command(incidents, command(why));
  if (status !== 200) throw new Error(`the command got ${status}`);
  let clicked = 0;
  await world.approve(title, 'U0BEN', () => {
    clicked = performance.now();
    onClick();
  });
  await world.until(() => done() > doneBefore, `Done: ${title} (${why})`, 120_000);
  world.azure.watchWrites(() => undefined);
  // The next command asks Azure how things are: replicas come and go a little after their revision.
  await sleep(300);
  return { writes: world.azure.accepted.length - writes, ms: performance.now() - clicked };
}

/** Kills once, beside the nth write from now. */
function killBeside(world: BenchWorld, phase: Phase, nth: number, random: Random): void {
  let arrived = -1;
  let killed = false;
  const kill = (afterMs: number) => {
    if (killed) return;
    killed = true;
    if (afterMs === 0) world.kill();
    else setTimeout(world.kill, afterMs);
  };
  if (phase === 'before' && nth === 0) kill(1 + random() * 40);
  world.azure.watchWrites((at) => {
    if (at === 'arrived') arrived += 1;
    if (phase === 'before' && at === 'accepted' && arrived === nth - 1) kill(random() * 8);
    if (phase === 'during' && at === 'arrived' && arrived === nth) kill(0);
    if (phase === 'after-effect' && at === 'accepted' && arrived === nth) kill(0);
    if (phase === 'after-checkpoint' && at === 'accepted' && arrived === nth) kill(20 + random() * 60);
  });
}
