import type { Alert } from '../domain/alert.ts';
import type { Estate } from '../domain/estate.ts';
import { rolling } from '../domain/metric-window.ts';
import { drawMetric } from '../pictures/metric-line.ts';
import type { Picture } from '../pictures/picture.ts';
import type { MetricQuery, MetricsPort } from '../ports/monitor.ts';

const minuteMs = 60_000;
/** So much before the alert is shown, for how it was before. */
const beforeMs = 60 * minuteMs;
const longestMs = 4 * 60 * minuteMs;

const aggregations = ['average', 'total', 'maximum', 'minimum'] as const;
type Aggregation = (typeof aggregations)[number];

/** Whether an alert is about a metric that can be asked for. */
export function hasMetric({ metric, resources }: Alert): boolean {
  return Boolean(metric?.namespace?.includes('/')) && resources[0] !== undefined;
}

/**
 * The metric of an alert as its rule sees it: each point is what the rule's window held then, so that the threshold
 * means what it says. What the alert itself measured is among the points: metrics come a few minutes late. Undefined:
 * Azure has no values, or the alert is about no metric.
 */
export async function drawMetricGraph(
  alert: Alert,
  { metrics, estate, now }: { metrics: MetricsPort; estate: Estate; now: number },
  signal: AbortSignal,
): Promise<Picture | undefined> {
  const { metric, resources, firedAt, resolvedAt, dimensions = [] } = alert;
  const [resource] = resources;
  if (metric?.namespace === undefined || resource === undefined) return undefined;
  const aggregation = aggregations.find((known) => known === metric.aggregation?.toLowerCase()) ?? 'average';
  const windowMinutes = metric.windowMinutes ?? 1;
  const fired = Date.parse(firedAt);
  const to = Math.min(now, fired + longestMs);
  const query: MetricQuery = {
    resourceIds: [resource],
    namespace: metric.namespace,
    metrics: [{ name: metric.name, aggregation }],
    metricsUrl: metricsUrlOf(alert, estate),
    from: fired - beforeMs - windowMinutes * minuteMs,
    to,
    interval: 'PT1M',
    where: dimensions,
  };
  const { series } = await metrics.query(query, signal);
  const found = series.get(resource)?.get(metric.name) ?? [];
  const readings = rolling(found, windowMinutes, aggregation).filter(({ at }) => at >= fired - beforeMs);
  const measured = metric.value === undefined ? [] : [{ at: fired, value: metric.value }];
  const all = [...readings, ...measured].sort((a, b) => a.at - b.at);
  if (readings.length === 0) return undefined;
  const { by, unit } = scaleOf(metric.name);
  return drawMetric({
    title: `${metric.name} of ${resource.split('/').at(-1)}`,
    subtitle: subtitle(aggregation, windowMinutes, dimensions),
    unit,
    lines: [{ label: metric.name, readings: all.map(({ at, value }) => ({ at, value: value / by })) }],
    from: fired - beforeMs,
    to: Math.max(to, fired),
    everyMs: minuteMs,
    ...(metric.threshold !== undefined && {
      thresholds: [
        { label: /less/i.test(metric.operator ?? '') ? 'alerts below' : 'alerts above', value: metric.threshold / by },
      ],
    }),
    marks: [
      { label: 'alert', at: fired },
      ...(resolvedAt === undefined ? [] : [{ label: 'over', at: Date.parse(resolvedAt) }]),
    ],
  });
}

/** The host of the resource's own region; what is global is asked of the first one. */
function metricsUrlOf({ place, resources }: Alert, { regions, apim }: Estate): string {
  if (resources[0]?.toLowerCase() === apim.id.toLowerCase()) return apim.metricsUrl;
  const region = 'region' in place ? regions.find(({ name }) => name === place.region) : undefined;
  return (region ?? regions[0])?.metricsUrl ?? '';
}

function subtitle(aggregation: Aggregation, minutes: number, dimensions: NonNullable<Alert['dimensions']>): string {
  const words = { average: 'mean', total: 'total', maximum: 'most', minimum: 'least' }[aggregation];
  const over = minutes === 1 ? 'a minute' : minutes < 60 ? `${minutes} minutes` : `${minutes / 60} h`;
  const split = dimensions.map(({ value }) => value).join(', ');
  return `${words} of ${over}${split ? `, ${split}` : ''}`;
}

/** What to divide by, and what that is then. */
function scaleOf(name: string): { by: number; unit: string } {
  if (/bytes/i.test(name)) return { by: 1024 ** 3, unit: 'GiB' };
  if (/percent/i.test(name)) return { by: 1, unit: '%' };
  if (/duration|latency|responsetime/i.test(name)) return { by: 1, unit: 'ms' };
  return { by: 1, unit: /requests/i.test(name) ? 'requests' : 'units' };
}
