import { type BenchWorld, incidents, openBenchWorld, wordsOf } from './bench-world.ts';
import { seededRandom } from './seeded-random.ts';

const phases = ['before', 'during', 'after-effect', 'after-checkpoint'] as const;
type Phase = (typeof phases)[number];

export interface CrashResult {
  readonly runs: number;
  readonly kills: number;
  readonly ended: number;
  /** Writes that Azure accepted and that changed something, more often than once for one effect. */
  readonly doubled: number;
  /** Repeats that Azure accepted and that changed nothing. */
  readonly harmlessRepeats: number;
  readonly restoredExactly: number;
}

/**
 * Row R1: SIGKILL of the app's process around each write to Azure of isolate and restore. `before`: when the write's turn
 * comes but nothing was sent; `during`: when it arrives; `after-effect`: when it was accepted and before the answer;
 * `after-checkpoint`: some time after the answer, while the next step runs. Each seed draws its own delays.
 */
export async function benchCrash(seeds: number): Promise<CrashResult> {
  const total = { runs: 0, kills: 0, ended: 0, doubled: 0, harmlessRepeats: 0, restoredExactly: 0 };
  const world = await openBenchWorld();
  try {
    await world.startApp();
    for (let seed = 1; seed <= seeds; seed += 1) {
      for (const phase of phases) {
        for (const write of [0, 1, 2]) await story(world, phase, write, seed, total);
      }
      console.log(`  seed ${seed}: ${JSON.stringify(total)}`);
    }
  } finally {
    await world.close();
  }
  return total;
}

/** One isolation and its restoration, each with one kill around its nth write. */
async function story(
  world: BenchWorld,
  phase: Phase,
  nth: number,
  seed: number,
  total: Record<keyof CrashResult, number>,
): Promise<void> {
  const before = JSON.stringify(world.azure.configuration());
  await one(
    world,
    `isolate cell-banking for 4h because crash ${phase} ${nth} seed ${seed}`,
    'Isolate cell-banking',
    phase,
    nth,
    seed,
    total,
  );
  await one(
    world,
    'restore cell-banking because the crash test goes on',
    'Restore cell-banking',
    phase,
    nth,
    seed,
    total,
  );
  if (JSON.stringify(world.azure.configuration()) === before) total.restoredExactly += 1;
}

async function one(
  world: BenchWorld,
  text: string,
  title: string,
  phase: Phase,
  nth: number,
  seed: number,
  total: Record<keyof CrashResult, number>,
): Promise<void> {
  const random = seededRandom(seed * 1_000 + nth * 10 + phases.indexOf(phase));
  const acceptedBefore = world.azure.accepted.length;
  const done = () => world.messages().filter((message) => wordsOf(message).includes(`Done: ${title}`)).length;
  const doneBefore = done();
  let killed = false;
  let arrived = -1;
  const kill = (delayMs: number) => {
    if (killed) return;
    killed = true;
    if (delayMs === 0) world.kill();
    else setTimeout(() => world.kill(), delayMs);
  };
  world.azure.watchWrites((at) => {
    if (at === 'arrived') arrived += 1;
    if (phase === 'before' && at === 'accepted' && arrived === nth - 1) kill(random() * 8);
    if (phase === 'during' && at === 'arrived' && arrived === nth) kill(0);
    if (phase === 'after-effect' && at === 'accepted' && arrived === nth) kill(0);
    if (phase === 'after-checkpoint' && at === 'accepted' && arrived === nth) kill(20 + random() * 60);
  });

  const told = await world.slack.as('U0ANA').command(incidents, text);
  if (told.status !== 200) throw new Error(`the command got ${told.status}`);
  if (phase === 'before' && nth === 0) setTimeout(() => kill(0), 0);
  if (killed || (phase === 'before' && nth === 0)) await revive(world, () => killed, total);
  await world.approve(title, 'U0BEN').catch(() => undefined);
  await revive(world, () => killed, total);
  await world.until(() => done() > doneBefore, `Done: ${title} (${phase} ${nth} seed ${seed})`);
  world.azure.watchWrites(() => undefined);

  total.runs += 1;
  total.ended += 1;
  const writes = world.azure.accepted.slice(acceptedBefore);
  const changedOften = new Map<string, number>();
  for (const { changed, path, method } of writes) {
    if (!changed) total.harmlessRepeats += 1;
    else changedOften.set(`${method} ${path}`, (changedOften.get(`${method} ${path}`) ?? 0) + 1);
  }
  total.doubled += [...changedOften.values()].filter((times) => times > 1).length;
}

/** Starts the app again once it was killed; comes back at once when the run ends without a kill. */
async function revive(
  world: BenchWorld,
  killed: () => boolean,
  total: Record<keyof CrashResult, number>,
): Promise<void> {
  const dead = await world.until(() => killed() || 'alive', 'a kill', 2_000).then((answer) => answer === true);
  if (!dead) {
    for (const endsAt = Date.now() + 1_500; Date.now() < endsAt && !killed(); )
      await new Promise((turn) => setTimeout(turn, 10));
    if (!killed()) return;
  }
  await world.until(() => !exists(world.pid()), 'the end of the killed process', 5_000).catch(() => undefined);
  if (exists(world.pid())) return;
  total.kills += 1;
  await world.startApp();
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
