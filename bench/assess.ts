import { incidents, openBenchWorld, wordsOf } from './bench-world.ts';
import { manyCells } from './many-cells.ts';
import { percentile, shown } from './percentile.ts';

const regionCount = 20;
const cellsInRegion = 20;
const latencyMs = 100;
/** So that the bucket of reads is full again before the next look. */
const restMs = 10_000;

export interface AssessResult {
  readonly tookMs: number[];
  /** Requests to ARM of one look, the most of any, by method. */
  readonly requests: Record<string, number>;
  /** The words of each look that was incomplete, or found something that was not there. */
  readonly incomplete: string[];
}

/** `/stamps assess` of 20 regions with 400 cells, on an Azure that answers in 100 ms and keeps its limits of requests. */
export async function benchAssess(rounds: number): Promise<AssessResult> {
  const world = await openBenchWorld({ regions: manyCells(regionCount, cellsInRegion), rateLimits: true });
  world.azure.faults.latency(latencyMs);
  const result = { tookMs: [] as number[], requests: {} as Record<string, number>, incomplete: [] as string[] };
  try {
    await world.startApp();
    // The first look also gets its tokens.
    for (let round = 0; round <= rounds; round += 1) {
      const before = new Map(world.azure.requests);
      const seen = world.messages().length;
      const began = performance.now();
      await world.slack.as('U0ANA').command(incidents, 'assess');
      const card = await world.until(
        () =>
          world
            .messages()
            .slice(seen)
            .find((message) => wordsOf(message).includes('Assessment')),
        'an assessment',
      );
      const tookMs = performance.now() - began;
      const says = wordsOf(card);
      if (!says.includes(`All ${regionCount} regions are well`) || says.includes('Not known'))
        result.incomplete.push(`look ${round}, after ${shown(tookMs)}: ${lacking(says)}`);
      if (round > 0) result.tookMs.push(tookMs);
      for (const [method, count] of world.azure.requests)
        result.requests[method] = Math.max(result.requests[method] ?? 0, count - (before.get(method) ?? 0));
      if (round < rounds) await new Promise((rested) => setTimeout(rested, restMs));
    }
  } finally {
    await world.close();
  }
  return result;
}

/** What a card tells of regions that are not well, of sources that disagree, and of what could not be read. */
function lacking(says: string): string {
  return says.match(/(?:⛔|❔|⏸️|⚠️|•)[^\\"]+/gu)?.join(' | ') ?? 'nothing of it is said';
}

export function assessLine({ tookMs, requests, incomplete }: AssessResult): string {
  const calls = Object.entries(requests).map(([method, count]) => `${count} ${method}`);
  return `/stamps assess, ${regionCount} regions, ${regionCount * cellsInRegion} cells, ${latencyMs} ms an answer: p50 ${shown(percentile(tookMs, 0.5))}, max ${shown(Math.max(...tookMs))} of ${tookMs.length}; at most ${calls.join(' and ')} requests to ARM a look (its bucket: 250 reads, 200 writes), ${incomplete.length} looks incomplete${incomplete.map((says) => `\n  ${says}`).join('')}`;
}
