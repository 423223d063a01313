import type { Metric } from '@azure/monitor-query-metrics';
import { z } from 'zod';
import { isOpsError, type OpsError } from '../../errors.ts';
import type { MetricPoint, MetricQuery, MetricsPort } from '../../ports/monitor.ts';
import type { AzureContext } from './azure-context.ts';
import { createLanes } from './lanes.ts';
import { batchSize, metricsClients } from './metrics-clients.ts';
import { parseArmId } from './parse-arm-id.ts';
import { azureError } from './translate-error.ts';

/** Calls at once: enough to hide the way to Azure, few enough for its limits and our memory. */
const callsAtOnce = 10;

/** Six find one of fifty that is gone; where many are gone, the estate file is wrong and Azure is not asked on and on. */
const mostHalvings = 30;

type Aggregation = MetricQuery['metrics'][number]['aggregation'];
type Found = Map<string, Map<string, readonly MetricPoint[]>>;

const value = z.number().nullish();
const points = z.array(
  z.looseObject({
    timeStamp: z.coerce.date(),
    average: value,
    total: value,
    maximum: value,
    minimum: value,
    count: value,
  }),
);

/** Metrics of whatever resources, read for many at a time from their region's own host. */
export function createMetrics({ call, credential }: AzureContext): MetricsPort {
  const clientOf = metricsClients(credential);
  const inLane = createLanes(callsAtOnce);

  return {
    async query(query, signal) {
      const series: Found = new Map();
      const failed = new Map<string, OpsError>();
      let halvings = mostHalvings;
      const ask = async (ids: readonly string[]): Promise<void> => {
        try {
          const answer = await inLane(() => ask50(ids));
          for (const [id, found] of answer) series.set(id, found);
        } catch (error) {
          signal.throwIfAborted();
          if (!isOpsError(error)) throw error;
          // One that is gone fails the whole call: halves find it, and the others are answered.
          if (error.code === 'not-found' && ids.length > 1 && halvings > 0) {
            halvings -= 1;
            const half = Math.ceil(ids.length / 2);
            await Promise.all([ask(ids.slice(0, half)), ask(ids.slice(half))]);
          } else {
            for (const id of ids) failed.set(id, error);
          }
        }
      };

      const ask50 = (ids: readonly string[]): Promise<Found> => {
        const what = `read the metrics of ${ids.length} ${query.namespace.split('/').at(-1)}`;
        return call.read(what, signal, async (abortSignal) => {
          const answers = await clientOf(query.metricsUrl).queryResources(
            [...ids],
            query.metrics.map(({ name }) => name),
            query.namespace,
            {
              startTime: new Date(query.from),
              endTime: new Date(query.to),
              interval: query.interval,
              ...filterOf(query),
              aggregation: [...new Set(query.metrics.map(({ aggregation }) => aggregation))].join(','),
              ...{ abortSignal },
            },
          );
          const asAsked = new Map(ids.map((id) => [id.toLowerCase(), id]));
          return new Map(
            answers.flatMap(({ resourceId, metrics }) => {
              if (resourceId === undefined || !Array.isArray(metrics)) throw azureError('bad-response', what);
              const id = asAsked.get(resourceId.toLowerCase());
              return id === undefined ? [] : [[id, seriesOf(query, metrics)] as const];
            }),
          );
        });
      };

      await Promise.all(batches(query).map(ask));
      return { series, failed };
    },
  };
}

function seriesOf(query: MetricQuery, metrics: readonly Metric[]): Map<string, readonly MetricPoint[]> {
  return new Map(
    query.metrics.flatMap(({ name, aggregation }) => {
      // By id: `name` is what Azure shows to people, in their language.
      const metric = metrics.find(({ id }) => id.split('/').at(-1)?.toLowerCase() === name.toLowerCase());
      const found = (metric?.timeseries ?? []).flatMap(({ data }) =>
        points.parse(data ?? []).flatMap((point) => {
          const given = point[aggregation];
          return given == null ? [] : [{ at: point.timeStamp.getTime(), value: given }];
        }),
      );
      return found.length === 0 ? [] : [[name, together(found, aggregation)] as const];
    }),
  );
}

/** `EndpointName eq 'primary'`; a quote within a value is doubled. */
function filterOf({ where = [] }: MetricQuery): { filter?: string } {
  const terms = where
    .filter(({ name }) => /^\w{1,64}$/.test(name))
    .map(({ name, value }) => `${name} eq '${value.replaceAll("'", "''")}'`);
  return terms.length === 0 ? {} : { filter: terms.join(' and ') };
}

/** Several series of one metric, as of a container app's revisions, are one: totals add up, averages are averaged. */
function together(found: readonly MetricPoint[], aggregation: Aggregation): MetricPoint[] {
  const byTime = Map.groupBy(found, ({ at }) => at);
  return [...byTime]
    .sort(([a], [b]) => a - b)
    .map(([at, same]) => {
      const values = same.map(({ value }) => value);
      const sum = values.reduce((total, each) => total + each, 0);
      if (aggregation === 'average') return { at, value: sum / values.length };
      if (aggregation === 'maximum') return { at, value: Math.max(...values) };
      if (aggregation === 'minimum') return { at, value: Math.min(...values) };
      return { at, value: sum };
    });
}

function batches({ resourceIds, namespace }: MetricQuery): string[][] {
  const bySubscription = Map.groupBy(new Set(resourceIds), (id) =>
    parseArmId(id, namespace).subscriptionId.toLowerCase(),
  );
  return [...bySubscription.values()].flatMap((ids) =>
    Array.from({ length: Math.ceil(ids.length / batchSize) }, (_, n) => ids.slice(n * batchSize, (n + 1) * batchSize)),
  );
}
