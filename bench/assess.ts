import type { CellLayout, RegionLayout } from '../sandbox/azure/layout.ts';
import { incidents, openBenchWorld, wordsOf } from './bench-world.ts';
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
  readonly notKnown: number;
}

/** `/stamps assess` of 20 regions with 400 cells, on an Azure that answers in 100 ms and keeps its limits of requests. */
export async function benchAssess(rounds: number): Promise<AssessResult> {
  const world = await openBenchWorld({ regions: manyRegions(), rateLimits: true });
  world.azure.faults.latency(latencyMs);
  const result = { tookMs: [] as number[], requests: {} as Record<string, number>, notKnown: 0 };
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
      if (!wordsOf(card).includes(`All ${regionCount} regions are well`) || wordsOf(card).includes('Not known'))
        result.notKnown += 1;
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

export function assessLine({ tookMs, requests, notKnown }: AssessResult): string {
  const calls = Object.entries(requests).map(([method, count]) => `${count} ${method}`);
  return `/stamps assess, ${regionCount} regions, ${regionCount * cellsInRegion} cells, ${latencyMs} ms an answer: p50 ${shown(percentile(tookMs, 0.5))}, max ${shown(Math.max(...tookMs))} of ${tookMs.length}; at most ${calls.join(' and ')} requests to ARM a look (its bucket: 250 reads, 200 writes), ${notKnown} looks incomplete`;
}

/** Every second region stands by for the one before it. The policy of the sandbox knows the first cell by name. */
function manyRegions(): RegionLayout[] {
  return Array.from({ length: regionCount }, (_, region) => ({
    name: `region${region + 1}`,
    displayName: `Region ${region + 1}`,
    resourceGroup: region === 0 ? 'rg-stamps-production' : `rg-stamps-${region + 1}`,
    environment: `env-${region + 1}`,
    cells: Array.from({ length: cellsInRegion }, (_, cell) => cellOf(region, cell)),
  }));
}

function cellOf(region: number, cell: number): CellLayout {
  const active = region % 2 === 0;
  const named = (of: number) => (of === 0 && cell === 0 ? 'cell-banking' : `cell-${of + 1}-${cell + 1}`);
  return {
    name: named(region),
    role: active ? 'active' : 'standby',
    ...(active && { fallback: named(region + 1) }),
    maxReplicas: 10,
    revisions: [{ suffix: 'v1', weight: 100, replicas: 3, created: '2026-09-01T10:00:00Z', active: true }],
  };
}
