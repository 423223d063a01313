import { openBenchWorld, wordsOf } from './bench-world.ts';
import { manyCells } from './many-cells.ts';
import { shown } from './percentile.ts';

const regions = 4;
const latencyMs = 100;
const channel = 'C0OPERATIONS';

/**
 * `/stamps capacity` of so many cells in four regions, their replicas and load read from an Azure that answers in
 * 100 ms and keeps ARM's limits: seconds to the report and to the end of its thread, and how often ARM was asked.
 */
export async function benchCapacity(cells: number): Promise<string> {
  const world = await openBenchWorld({ regions: manyCells(regions, Math.ceil(cells / regions)), rateLimits: true });
  world.azure.faults.latency(latencyMs);
  const messages = () => world.slack.snapshot().channels.find(({ id }) => id === channel)?.messages ?? [];
  const asked = () => [...world.azure.requests.values()].reduce((sum, count) => sum + count, 0);
  try {
    await world.startApp();
    const before = asked();
    const began = performance.now();
    await world.slack.as('U0ANA').command(channel, 'capacity');
    const report = await world.until(
      () => messages().find((message) => wordsOf(message).includes('*Growth against the plan*')),
      'the report',
      300_000,
    );
    const reportMs = performance.now() - began;
    const calls = asked() - before;
    const cellsMessage = await world.until(
      () => messages().find((one) => one.threadTs === report.ts && wordsOf(one).includes('the fullest first')),
      'its cells',
    );
    const unread = (wordsOf(report).match(/Replicas|Load in/g) ?? []).length;
    const known = /% full/.test(wordsOf(cellsMessage)) ? 'with' : 'without';
    return `${cells} cells in ${regions} regions: the report after ${shown(reportMs)}, ${known} live replicas, ${calls} requests to ARM meanwhile (all of the app's; its bucket: 250 reads), ${unread} parts not read`;
  } finally {
    await world.close();
  }
}
