import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { openAlertStorm, refusals } from './alert-storm.ts';
import { percentile, shown } from './percentile.ts';
import { cpuSeconds, megabytes } from './process-figures.ts';

const burst = 6_000;
/** Enough that nothing runs for the first time in a burst. */
const before = 1_500;

/**
 * So many times 6,000 alerts in one second: the CPU that the app's process takes until all are answered, which says more
 * than times do on a machine that is shared, then until all are correlated.
 */
export async function benchBurst(bursts: number): Promise<string> {
  const storm = await openAlertStorm();
  const { world } = storm;
  try {
    await world.startApp();
    await storm.pour(before, 5_000);
    const lines: string[] = [];
    for (let n = 0; n < bursts; n += 1) {
      await storm.correlated();
      await sleep(2_000);
      const from = await cpuSeconds(world.pid());
      const poured = await storm.pour(burst, 1_000);
      const answered = (await cpuSeconds(world.pid())) - from;
      const load = loadavg()[0] ?? Number.NaN;
      await storm.correlated();
      const all = (await cpuSeconds(world.pid())) - from;
      const times = `p50 ${shown(percentile(poured.took, 0.5))}, p99 ${shown(percentile(poured.took, 0.99))}`;
      lines.push(
        `${answered.toFixed(2)} s of CPU until answered, ${all.toFixed(2)} s until correlated; ${times}, ${refusals(poured)}, load ${load.toFixed(1)}`,
      );
    }
    return `${burst} alerts in 1 s: ${lines.join('; ')}; ${(await megabytes(world.pid(), 'VmHWM')).toFixed(0)} MB at most`;
  } finally {
    await storm.close();
  }
}
