import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PostedAlert } from './alert-poster.ts';
import { openAlertStorm, refusals } from './alert-storm.ts';
import { type BenchWorld, incidents } from './bench-world.ts';
import { percentile, shown } from './percentile.ts';
import { cpuSeconds, megabytes } from './process-figures.ts';

const total = 10_000;
const burst = 6_000;

/** 10,000 different alerts spread over so many seconds, with a P0 among them, then 6,000 in one second. */
export async function benchStorm(seconds: number): Promise<string> {
  const storm = await openAlertStorm();
  const { world, database, estate } = storm;
  try {
    await world.startApp();
    const before = await megabytes(world.pid());
    let urgentMs = Number.NaN;
    const urgent = sleep((seconds * 1_000) / 2).then(async () => {
      urgentMs = await urgentCard(world, storm.post, estate.trafficManagerId);
    });
    const spread = await storm.pour(total, seconds * 1_000);
    await urgent;
    const cpuBefore = await cpuSeconds(world.pid());
    const sudden = await storm.pour(burst, 1_000);
    const cpu = (await cpuSeconds(world.pid())) - cpuBefore;
    const load = loadavg()[0] ?? Number.NaN;
    const peak = await megabytes(world.pid(), 'VmHWM');

    await storm.correlated();
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
    await storm.close();
  }
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
