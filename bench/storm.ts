import { chmod, mkdtemp, readFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseEstate } from '../src/domain/estate-file.ts';
import { openDatabase } from '../src/engine/database.ts';
import { startEmbeddedPostgres } from '../src/engine/embedded-postgres.ts';
import { createAlertPoster, type PostedAlert } from './alert-poster.ts';
import { type BenchWorld, incidents, openBenchWorld } from './bench-world.ts';
import { percentile, shown } from './percentile.ts';
import { seededRandom } from './seeded-random.ts';

const total = 10_000;
const burst = 6_000;

interface Storm {
  /** Milliseconds from an alert's time to its answer. */
  readonly took: number[];
  /** How often each status but 200 came; 0: a broken connection. */
  readonly refused: Map<number, number>;
}

/**
 * 10,000 different alerts spread over so many seconds, with a P0 among them, then 6,000 in one second: over the
 * estate's cells and regions, and over resources that nobody knows, of all severities (seed 1).
 */
export async function benchStorm(seconds: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stamps-bench-'));
  // PostgreSQL does not run as root, and must get to its folder.
  await chmod(folder, 0o755);
  const server = await startEmbeddedPostgres(folder);
  const database = await openDatabase(server.url);
  const world = await openBenchWorld({ databaseUrl: server.url, slackLimits: true });
  const poster = createAlertPoster(world.appUrl, world.azure.alerts.secret);
  try {
    await world.startApp();
    const estate = parseEstate(world.azure.estateFile);
    const random = seededRandom(1);
    const pick = (n: number): PostedAlert => {
      const cell = estate.cells[Math.floor(random() * estate.cells.length)];
      const known = [cell?.containerAppId, cell?.sqlDatabaseId, cell?.gatewayId][n % 3] ?? '';
      const target = random() < 0.5 ? known : `/subscriptions/bench/resourceGroups/rg/providers/a/b/thing-${n}`;
      return { id: `storm-${n}`, rule: `Rule ${n % 97}`, severity: Math.floor(random() * 5), target };
    };

    const before = await megabytes(world.pid());
    const spread: Storm = { took: [], refused: new Map() };
    let urgentMs = Number.NaN;
    const urgent = sleep((seconds * 1_000) / 2).then(async () => {
      urgentMs = await urgentCard(world, poster.post, estate.trafficManagerId);
    });
    await pour(total, seconds * 1_000, pick, poster.post, spread);
    await urgent;
    const sudden: Storm = { took: [], refused: new Map() };
    const cpuBefore = await cpuSeconds(world.pid());
    await pour(burst, 1_000, (n) => pick(total + n), poster.post, sudden);
    const cpu = (await cpuSeconds(world.pid())) - cpuBefore;
    const load = loadavg()[0] ?? Number.NaN;
    const peak = await megabytes(world.pid(), 'VmHWM');

    for (const endsAt = Date.now() + 120_000; Date.now() < endsAt; await sleep(500)) {
      const [left] = await database.query<{ n: number }>(
        'select count(*) as n from stamps.alerts where handled_at is null',
      );
      if (left?.n === 0) break;
    }
    const [stored] = await database.query<{ n: number; placed: number }>(
      'select count(*) as n, count(incident_id) as placed from stamps.alerts',
    );
    await sleep(5_000);
    const { posts, updates } = busiestMinute(world);
    const [open] = await database.query<{ n: number }>(
      `select count(*) as n from stamps.incidents where state <> 'merged'`,
    );
    return [
      `${total} alerts in ${seconds} s: answer p50 ${shown(percentile(spread.took, 0.5))}, p99 ${shown(percentile(spread.took, 0.99))}, ${refusals(spread)}`,
      `${burst} in 1 s: p50 ${shown(percentile(sudden.took, 0.5))}, p99 ${shown(percentile(sudden.took, 0.99))}, ${refusals(sudden)}, ${cpu.toFixed(1)} s of CPU in the app's process, load ${load.toFixed(0)} on this machine`,
      `${stored?.n} of ${total + burst + 1} stored, ${stored?.placed} reachable from ${open?.n} incidents`,
      `a P0's card ${shown(urgentMs)} after its alert`,
      `at most ${posts} posts and ${updates} updates a minute in the channel`,
      `the app's process ${before.toFixed(0)} MB before, ${peak.toFixed(0)} MB at most`,
    ].join('; ');
  } finally {
    poster.close();
    await world.close();
    await database.close();
    await server.stop();
  }
}

/** Open loop: each alert at its time, whatever became of the ones before. */
async function pour(
  count: number,
  overMs: number,
  pick: (n: number) => PostedAlert,
  post: (alert: PostedAlert) => Promise<number>,
  storm: Storm,
): Promise<void> {
  const begun = performance.now();
  const pending: Promise<void>[] = [];
  for (let n = 0; n < count; n += 1) {
    const due = begun + (n * overMs) / count;
    const early = due - performance.now();
    if (early > 1) await sleep(early);
    pending.push(
      post(pick(n)).then((status) => {
        storm.took.push(performance.now() - due);
        if (status !== 200) storm.refused.set(status, (storm.refused.get(status) ?? 0) + 1);
      }),
    );
  }
  await Promise.all(pending);
}

/** Milliseconds from posting an alert about everything to its card in the channel. */
async function urgentCard(
  world: BenchWorld,
  post: (alert: PostedAlert) => Promise<number>,
  target: string,
): Promise<number> {
  const rule = 'Every endpoint is down';
  const began = performance.now();
  await post({ id: 'urgent', rule, severity: 0, target });
  await world.until(
    // The text of the card itself: its list of severities names them all.
    () => world.messages().some((one) => one.threadTs === undefined && one.text.includes('🔴 P0')),
    'the card of the P0',
  );
  return performance.now() - began;
}

function refusals({ refused }: Storm): string {
  if (refused.size === 0) return '0 not 200';
  return [...refused]
    .map(([status, count]) => `${count} times ${status === 0 ? 'a broken connection' : status}`)
    .join(', ');
}

/** The most that was written into the incident channel within any 60 seconds. */
function busiestMinute(world: BenchWorld): { posts: number; updates: number } {
  const most = (method: string) => {
    const at = world.slack.calls
      .filter((call) => call.method === method && call.status === 200 && call.args.channel === incidents)
      .map((call) => call.at);
    return Math.max(0, ...at.map((from) => at.filter((other) => other >= from && other < from + 60_000).length));
  };
  return { posts: most('chat.postMessage'), updates: most('chat.update') };
}

async function megabytes(pid: number, what: 'VmRSS' | 'VmHWM' = 'VmRSS'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${what}:\\s+(\\d+)`).exec(status)?.[1] ?? Number.NaN) / 1024;
}

/** User and system, of all its threads. */
async function cpuSeconds(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ').at(-1)?.split(' ') ?? [];
  // In ticks of a hundredth of a second (proc(5)).
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
