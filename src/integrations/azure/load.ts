import type { Metric } from '@azure/monitor-query-metrics';
import { z } from 'zod';
import type { LoadPort } from '../../ports/azure.ts';
import type { AzureContext } from './azure-context.ts';
import { batchSize, metricsClients } from './metrics-clients.ts';
import { parseArmId } from './parse-arm-id.ts';

const windowMs = 5 * 60_000;
const minuteSeconds = 60;
/**
 * From a minute's end until its figures are there. Of container apps no figure is published; of Front Door “up to 3
 * minutes” (learn.microsoft.com, “Monitor metrics and logs in Azure Front Door”).
 */
const lateMs = 3 * 60_000;

const points = z.array(
  z.looseObject({ timeStamp: z.coerce.date(), average: z.number().nullish(), total: z.number().nullish() }),
);

/** Metrics of container apps, read for many at a time from their region's own host. */
export function createLoad({ call, credential, clock }: AzureContext): LoadPort {
  const clientOf = metricsClients(credential);

  return {
    async load(appIds, metricsUrl, signal) {
      const answers = await Promise.all(
        batches(appIds).map((ids) =>
          call.read('read the metrics of the container apps', signal, (abortSignal) => {
            const endTime = new Date(clock.now());
            const options = {
              startTime: new Date(endTime.getTime() - windowMs),
              endTime,
              interval: 'PT1M',
              aggregation: 'total,average',
            };
            return clientOf(metricsUrl).queryResources(
              [...ids],
              ['Requests', 'Replicas'],
              'Microsoft.App/containerApps',
              {
                ...options,
                ...{ abortSignal },
              },
            );
          }),
        ),
      );
      const asAsked = new Map(appIds.map((id) => [id.toLowerCase(), id]));
      const found = answers.flat().map(({ resourceId, metrics }) => ({
        id: asAsked.get(resourceId?.toLowerCase() ?? ''),
        requests: byMinute(metrics, 'Requests', 'total'),
        replicas: byMinute(metrics, 'Replicas', 'average'),
      }));
      const arrived = found
        .flatMap(({ requests }) => [...requests.keys()])
        .reduce((newest, at) => Math.max(newest, at), clock.now() - lateMs - minuteSeconds * 1000);
      return new Map(
        found.flatMap(({ id, requests, replicas }) => {
          if (id === undefined || requests.size === 0 || replicas.size === 0) return [];
          const known = new Set([...requests.keys(), ...[...replicas.keys()].filter((at) => at <= arrived)]);
          const perSecond = new Map([...requests].map(([at, total]) => [at, total / minuteSeconds]));
          const requestsPerSecond = sum(perSecond) / known.size;
          return [[id, { requestsPerSecond, replicas: sum(replicas) / replicas.size, byMinute: perSecond }] as const];
        }),
      );
    },
  };
}

/** A metric by the minute, ms since 1970, without minutes that have no value. Several series (by revision) add up. */
function byMinute(metrics: readonly Metric[], name: string, aggregation: 'average' | 'total'): Map<number, number> {
  // By id: `name` is what Azure shows to people, in their language.
  const metric = metrics.find(({ id }) => id.split('/').at(-1)?.toLowerCase() === name.toLowerCase());
  const found = new Map<number, number>();
  for (const point of metric?.timeseries.flatMap(({ data }) => points.parse(data ?? [])) ?? []) {
    const at = point.timeStamp.getTime();
    const value = point[aggregation];
    if (value != null) found.set(at, (found.get(at) ?? 0) + value);
  }
  return found;
}

function sum(found: ReadonlyMap<number, number>): number {
  return [...found.values()].reduce((total, value) => total + value, 0);
}

function batches(appIds: readonly string[]): string[][] {
  const groups = Map.groupBy(new Set(appIds), (id) =>
    parseArmId(id, 'Microsoft.App/containerApps').subscriptionId.toLowerCase(),
  );
  return [...groups.values()].flatMap((ids) =>
    Array.from({ length: Math.ceil(ids.length / batchSize) }, (_, n) => ids.slice(n * batchSize, (n + 1) * batchSize)),
  );
}
