import type { Alert } from '../domain/alert.ts';
import type { Estate } from '../domain/estate.ts';
import { type MinuteValue, rolling } from '../domain/metric-window.ts';
import type { MetricQuery, MetricsPort } from '../ports/monitor.ts';
import type { RulePoints } from './rule-points.ts';

const minuteMs = 60_000;
const aggregations = ['average', 'total', 'maximum', 'minimum'] as const;

/** Whether an alert is about a metric that can be asked for. */
export function hasMetric({ kind, metric, resources }: Alert): boolean {
  return kind === 'metric' && metric !== undefined && namespaceOf(metric.namespace, resources[0]) !== undefined;
}

/**
 * The metric of an alert as its rule sees it: each point is what the rule's window held then, so that the threshold
 * means what it says. What it was split by (a Traffic Manager endpoint, a gateway's pool) is asked for alone.
 */
export async function metricPoints(
  alert: Alert,
  { from, to }: { readonly from: number; readonly to: number },
  { metrics, estate }: { readonly metrics: MetricsPort; readonly estate: Estate },
  signal: AbortSignal,
): Promise<RulePoints | undefined> {
  const { metric, resources, dimensions = [] } = alert;
  const [resource] = resources;
  const namespace = namespaceOf(metric?.namespace, resource);
  if (metric === undefined || resource === undefined || namespace === undefined) return undefined;
  const aggregation = aggregations.find((known) => known === metric.aggregation?.toLowerCase()) ?? 'average';
  const windowMinutes = metric.windowMinutes ?? 1;
  const query: MetricQuery = {
    resourceIds: [resource],
    namespace,
    metrics: [{ name: metric.name, aggregation }],
    metricsUrl: metricsUrlOf(alert, estate),
    from: from - windowMinutes * minuteMs,
    to,
    interval: 'PT1M',
    where: dimensions,
  };
  const { series } = await metrics.query(query, signal);
  const found: readonly MinuteValue[] = series.get(resource)?.get(metric.name) ?? [];
  return {
    name: metric.name,
    aggregation,
    windowMinutes,
    everyMs: minuteMs,
    threshold: metric.threshold,
    operator: metric.operator,
    readings: rolling(found, windowMinutes, aggregation).filter(({ at }) => at >= from),
  };
}

/** As the alert says it; a rule that leaves it out means that of its resource's type (metricAlert_API.json). */
function namespaceOf(said: string | undefined, resource: string | undefined): string | undefined {
  if (said?.includes('/')) return said;
  if (said || resource === undefined) return undefined;
  const [, provider, rest = ''] = /\/providers\/([\w.]+)\/([^?]+)$/i.exec(resource) ?? [];
  if (provider === undefined) return undefined;
  return [provider, ...rest.split('/').filter((_, index) => index % 2 === 0)].join('/');
}

/** The host of the resource's own region; what is global is asked of the first one. */
function metricsUrlOf({ place, resources }: Alert, { regions, apim }: Estate): string {
  if (resources[0]?.toLowerCase() === apim.id.toLowerCase()) return apim.metricsUrl;
  const region = 'region' in place ? regions.find(({ name }) => name === place.region) : undefined;
  return (region ?? regions[0])?.metricsUrl ?? '';
}
