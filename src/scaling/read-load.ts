import { minuteMs } from '../domain/duration.ts';
import { type Cell, cellsOf, type Estate } from '../domain/estate.ts';
import { cellScope } from '../domain/kpi.ts';
import type { LoadSignal, LoadWindow } from '../domain/scaling.ts';
import type { Queries } from '../engine/database.ts';
import type { MetricAnswer, MetricsPort } from '../ports/monitor.ts';

/** How a cell fared of late. */
export interface CellLoad {
  readonly cell: Cell;
  /** One for each window, oldest first, known or not. */
  readonly windows: readonly LoadWindow[];
  /** Replicas of the newest window; absent: not known. */
  readonly running?: number;
}

export const windowMs = 5 * minuteMs;

/**
 * The last `count` windows up to `at` (ms since 1970), of every cell: CPU from the stored samples, memory and requests
 * from Azure. What fails is not known; rejects only when the signal aborts or the database is away.
 */
export async function readLoads(
  queries: Queries,
  metrics: MetricsPort,
  estate: Estate,
  { at, count, signal }: { readonly at: number; readonly count: number; readonly signal: AbortSignal },
): Promise<CellLoad[]> {
  const from = at - count * windowMs;
  const [cpu, answers] = await Promise.all([
    storedCpu(queries, from, at),
    Promise.all(
      estate.regions.map(async (region) => {
        const cells = cellsOf(estate, region.name);
        if (cells.length === 0) return [];
        const answer = await metrics.query(
          {
            resourceIds: cells.map(({ containerAppId }) => containerAppId),
            namespace: 'Microsoft.App/containerApps',
            metrics: [
              { name: 'MemoryPercentage', aggregation: 'average' },
              { name: 'Requests', aggregation: 'total' },
              { name: 'Replicas', aggregation: 'average' },
            ],
            metricsUrl: region.metricsUrl,
            from,
            to: at,
            interval: 'PT5M',
          },
          signal,
        );
        return cells.map((cell) => ({ cell, answer }));
      }),
    ),
  ]);
  return answers.flat().map(({ cell, answer }) => {
    const memory = seriesOf(answer, cell, 'MemoryPercentage');
    const requests = seriesOf(answer, cell, 'Requests');
    const replicas = seriesOf(answer, cell, 'Replicas');
    const own = cpu.get(cellScope(cell.name));
    const windows = Array.from({ length: count }, (_, index): LoadWindow => {
      const end = from + (index + 1) * windowMs;
      const served = percentServed(cell, requests.get(end), replicas.get(end));
      const values: [LoadSignal, number | undefined][] = [
        ['cpu', own?.get(end)],
        ['memory', memory.get(end)],
        ['requests', served],
      ];
      return {
        at: new Date(end).toISOString(),
        values: Object.fromEntries(values.filter(([, value]) => value !== undefined)),
      };
    });
    const running = replicas.get(at);
    return { cell, windows, ...(running !== undefined && { running }) };
  });
}

async function storedCpu(queries: Queries, from: number, to: number): Promise<Map<string, Map<number, number>>> {
  const rows = await queries.query<{ scope: string; at: string; value: number }>(
    `select scope, at, value from stamps.kpi_samples
     where kpi = 'containerCpu' and at > $1 and at <= $2 and value is not null`,
    [new Date(from).toISOString(), new Date(to).toISOString()],
  );
  const byScope = new Map<string, Map<number, number>>();
  for (const { scope, at, value } of rows) {
    const own = byScope.get(scope) ?? new Map<number, number>();
    byScope.set(scope, own.set(Date.parse(at), value));
  }
  return byScope;
}

/** Values by the end of their window. */
function seriesOf({ series }: MetricAnswer, { containerAppId }: Cell, metric: string): Map<number, number> {
  const points = series.get(containerAppId)?.get(metric) ?? [];
  return new Map(points.map(({ at, value }) => [at + windowMs, value]));
}

function percentServed(
  { requestsPerSecondPerReplica }: Cell,
  requests: number | undefined,
  replicas: number | undefined,
): number | undefined {
  if (requests === undefined || replicas === undefined || replicas <= 0) return undefined;
  return (100 * requests) / (windowMs / 1000) / (replicas * requestsPerSecondPerReplica);
}
