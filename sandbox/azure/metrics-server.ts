/**
 * Azure Monitor's metrics:getBatch. Rules kept: token for the metrics service (401), at most 50 resources a call, all
 * of one subscription, region and type (learn.microsoft.com, “Migrate from the metrics API to the getBatch API”);
 * rates as totals, levels as averages; an interval without a value has a point without one, and so has a minute that
 * is not over; an interval below a metric's own grain is refused (“Supported metrics”: UsedCapacity has hours only). Of dimensions, one with one value as `filter`, where there is such a series. Shapes: @azure/monitor-query-metrics 1.0.0, models.ts.
 * The emulator's own choices: one host stands for those of all regions, and tells what it has of a region that is lost;
 * where a region's host is away (503), that concerns what is in that region.
 */
import { z } from 'zod';
import { ArmFault, invalid } from './arm-fault.ts';
import type { Estate } from './estate.ts';
import type { Identity } from './identity.ts';
import type { Call, Handler, Reply } from './json-server.ts';
import { subscriptionId } from './layout.ts';
import type { Dimension, MeasuredResource } from './telemetry/measured-resource.ts';
import { measuredResources } from './telemetry/resource-metrics.ts';

const minuteMs = 60_000;
const mostResources = 50;
/** What the documentation says, and what the SDK asks for by itself (models.ts, KnownMonitorMetricsQueryAudience). */
const audiences = ['https://metrics.monitor.azure.com', 'https://management.azure.com'];
const intervals: Readonly<Record<string, number>> = {
  PT1M: minuteMs,
  PT5M: 5 * minuteMs,
  PT15M: 15 * minuteMs,
  PT30M: 30 * minuteMs,
  PT1H: 60 * minuteMs,
  P1D: 1_440 * minuteMs,
};
const mostMinutes = 12;

const bodySchema = z.object({ resourceids: z.array(z.string()).min(1) });

export function createMetricsHandler({ estate, identity }: { estate: Estate; identity: Identity }): Handler {
  return (call) => {
    try {
      return answer(estate, identity, call);
    } catch (error) {
      if (error instanceof ArmFault) return error.reply;
      throw error;
    }
  };
}

function answer(estate: Estate, identity: Identity, { method, url, headers, body, origin }: Call): Reply {
  const [, token] = /^Bearer (.+)$/i.exec(headers.authorization ?? '') ?? [];
  const problem = identity.check(token, [...audiences, origin]);
  if (problem) throw new ArmFault(401, problem.code, problem.message, { 'www-authenticate': 'Bearer' });
  if (
    method !== 'POST' ||
    decodeURIComponent(url.pathname).toLowerCase() !== `/subscriptions/${subscriptionId}/metrics:getbatch`
  ) {
    throw new ArmFault(404, 'PathNotFound', `There is no ${method} ${url.pathname} here.`);
  }
  const ask = (name: string) => url.searchParams.get(name) ?? '';
  if (ask('api-version') === '')
    throw invalid('MissingApiVersionParameter', 'The api-version query parameter is required.');
  const bucketMs = intervals[(ask('interval') || 'PT1M').toUpperCase()];
  if (bucketMs === undefined) throw invalid('BadRequest', `'${ask('interval')}' is no interval of these metrics.`);
  const resources = found(estate, ask('metricnamespace'), body);
  const [{ region }] = resources;
  if (estate.metricsAway.has(region))
    throw new ArmFault(503, 'ServiceUnavailable', `The metrics of ${region} are away.`);
  const metrics = ask('metricnames')
    .split(',')
    .map((name) => name.trim().toLowerCase());
  const [{ metrics: known }] = resources;
  const unknown = metrics.find((name) => !known.has(name));
  if (unknown !== undefined) {
    const valid = [...known.values()].map(({ name }) => name).join();
    throw invalid('BadRequest', `Failed to find metric configuration for metric: ${unknown}. Valid metrics: ${valid}`);
  }
  const coarse = metrics
    .flatMap((name) => known.get(name) ?? [])
    .find(({ grainMinutes = 1 }) => bucketMs < grainMinutes * minuteMs);
  if (coarse !== undefined)
    throw invalid(
      'BadRequest',
      `Detected invalid time grain input for metric '${coarse.name}': ${ask('interval') || 'PT1M'} is below ${coarse.grainMinutes} minutes.`,
    );

  estate.settle();
  const endtime = time(ask('endtime'), estate.now());
  const starttime = time(ask('starttime'), endtime - 60 * minuteMs);
  if (starttime >= endtime) throw invalid('BadRequest', 'The start time must be before the end time.');
  const buckets: number[] = [];
  for (let at = starttime - (starttime % bucketMs); at < endtime; at += bucketMs) buckets.push(at);

  const values = resources.map((resource) => ({
    starttime: new Date(starttime).toISOString(),
    endtime: new Date(endtime).toISOString(),
    interval: ask('interval') || 'PT1M',
    namespace: resource.type,
    resourceregion: resource.region,
    resourceid: resource.id,
    value: metrics.map((metric) => metricOf(estate, resource, metric, buckets, bucketMs, dimensionOf(ask('filter')))),
  }));
  return { status: 200, body: { values } };
}

function found(estate: Estate, namespace: string, body: unknown): [MeasuredResource, ...MeasuredResource[]] {
  const { data } = bodySchema.safeParse(body);
  if (!data) throw invalid('BadRequest', 'The body must have resourceids.');
  const ids = data.resourceids;
  if (ids.length > mostResources)
    throw invalid('BadRequest', `${ids.length} resources were asked for; at most ${mostResources} are allowed.`);
  const all = measuredResources(estate);
  const resources = ids.map((id) => {
    const resource = all.get(id.toLowerCase());
    if (!resource) throw new ArmFault(404, 'ResourceNotFound', `The resource '${id}' was not found.`);
    if (resource.type.toLowerCase() !== namespace.toLowerCase())
      throw invalid('BadRequest', `'${namespace}' is not the metric namespace of '${id}'.`);
    return resource;
  });
  if (new Set(resources.map(({ region }) => region)).size > 1) {
    throw invalid('BadRequest', 'All resources must be in the same region.');
  }
  return resources as [MeasuredResource, ...MeasuredResource[]];
}

function metricOf(
  estate: Estate,
  { id, metrics }: MeasuredResource,
  metric: string,
  buckets: readonly number[],
  bucketMs: number,
  dimension: Dimension | undefined,
): object {
  const whole = metrics.get(metric);
  const part = dimension && whole?.split?.(dimension);
  if (dimension && !part)
    throw invalid(
      'BadRequest',
      `The emulator cannot split ${whole?.name} by ${dimension.name} eq '${dimension.value}'.`,
    );
  const measure = whole && part ? { ...whole, ...part } : whole;
  if (!measure) throw new Error(`${id} has no ${metric}`);
  const { name, unit } = measure;
  const now = estate.now();
  const data = buckets.map((at) => {
    const point = { timeStamp: new Date(at).toISOString() };
    const minutes = minutesOf(at, bucketMs).filter((minute) => minute + minuteMs <= now);
    const values = minutes.flatMap((minute) => {
      const found = estate.requests.minute(minute);
      const value = 'total' in measure ? measure.total(found) : measure.average(found);
      return value === undefined ? [] : [value];
    });
    if (values.length === 0) return point;
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    if ('total' in measure) {
      const minutesInIt = (bucketMs / minuteMs) * (values.length / minutesOf(at, bucketMs).length);
      const sum = Math.round(mean * minutesInIt);
      return measure.counted ? { ...point, count: sum } : { ...point, total: sum, average: mean };
    }
    return { ...point, average: mean, maximum: Math.max(...values), minimum: Math.min(...values) };
  });
  return {
    id: `${id}/providers/Microsoft.Insights/metrics/${name}`,
    type: 'Microsoft.Insights/metrics',
    name: { value: name, localizedValue: name },
    displayDescription: name,
    errorCode: 'Success',
    unit,
    timeseries: [{ metadatavalues: [], data }],
  };
}

/** `EndpointName eq 'primary'`: one dimension, one value. */
function dimensionOf(filter: string): Dimension | undefined {
  if (filter === '') return undefined;
  const [, name, value] = /^(\w+) eq '((?:[^']|'')*)'$/.exec(filter) ?? [];
  if (name === undefined || value === undefined)
    throw invalid('BadRequest', `The emulator takes filters of one dimension and one value, not '${filter}'.`);
  return { name, value: value.replaceAll("''", "'") };
}

/** The minutes of a bucket; of a long one, some that stand for all. */
function minutesOf(at: number, bucketMs: number): number[] {
  const stepMs = Math.max(minuteMs, Math.floor(bucketMs / mostMinutes / minuteMs) * minuteMs);
  return Array.from({ length: Math.ceil(bucketMs / stepMs) }, (_, n) => at + n * stepMs);
}

function time(text: string, otherwise: number): number {
  if (text === '') return otherwise;
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw invalid('BadRequest', `'${text}' is not a time.`);
  return at;
}
