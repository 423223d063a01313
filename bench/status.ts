import { incidents, openBenchWorld, wordsOf } from './bench-world.ts';
import { manyCells } from './many-cells.ts';
import { shown } from './percentile.ts';

const regions = 4;
const latencyMs = 100;

/**
 * `/stamps status` of so many cells in four regions, from an Azure that answers in 100 ms and keeps ARM's limits:
 * seconds to the card, how often ARM was asked, and how many cells are shown as not known.
 */
export async function benchStatus(cells: number): Promise<string> {
  const world = await openBenchWorld({ regions: manyCells(regions, Math.ceil(cells / regions)), rateLimits: true });
  world.azure.faults.latency(latencyMs);
  try {
    await world.startApp();
    const before = new Map(world.azure.requests);
    const began = performance.now();
    await world.slack.as('U0ANA').command(incidents, 'status');
    const card = await world.until(
      () => world.messages().find((message) => wordsOf(message).includes('Status of the estate')),
      'the card',
      60_000,
    );
    const tookMs = performance.now() - began;
    const calls = [...world.azure.requests].flatMap(([method, count]) => {
      const asked = count - (before.get(method) ?? 0);
      return asked > 0 ? [`${asked} ${method}`] : [];
    });
    const unknown = /❔ (\d+) not known/.exec(wordsOf(card))?.[1] ?? '0';
    const [, notKnown = ''] = wordsOf(card).split('*Not known:*');
    const unread = notKnown.match(/(?<=• )[^\\"]+/g) ?? [];
    return `${cells} cells in ${regions} regions: the card after ${shown(tookMs)}, ${calls.join(' and ')} requests to ARM meanwhile (all of the app's; its bucket: 250 reads), ${unknown} cells of a region not known, ${unread.length} parts not read${unread.length > 0 ? ` (${unread.join('; ')})` : ''}`;
  } finally {
    await world.close();
  }
}
