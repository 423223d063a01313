import type { Alert } from '../domain/alert.ts';
import type { Estate } from '../domain/estate.ts';
import { drawMetric, type Picture } from '../pictures/draw.ts';
import type { AlertRulesPort } from '../ports/azure.ts';
import type { LogsPort, MetricsPort } from '../ports/monitor.ts';
import { hasRule, logPoints } from './log-points.ts';
import { hasMetric, metricPoints } from './metric-points.ts';
import type { RulePoints } from './rule-points.ts';

const minuteMs = 60_000;
/** So much before the alert is shown, for how it was before. */
const beforeMs = 60 * minuteMs;
const longestMs = 4 * 60 * minuteMs;

/** Where the points of a graph come from. */
export interface GraphSources {
  readonly metrics: MetricsPort;
  readonly logs: LogsPort;
  readonly alertRules: Pick<AlertRulesPort, 'read'>;
  readonly estate: Estate;
  /** IANA name of the zone whose clocks pictures show. */
  readonly timeZone: string;
}

/** Whether an alert is about something that can be asked for. */
export function canBeDrawn(alert: Alert, estate: Estate): boolean {
  return hasMetric(alert) || hasRule(alert, estate);
}

/**
 * What an alert's rule saw, an hour before and up to four after. What the alert itself measured is among the points:
 * metrics come a few minutes late. Undefined: Azure has no values, or the alert is about nothing that can be asked for.
 */
export async function drawMetricGraph(
  alert: Alert,
  { now, timeZone, ...sources }: GraphSources & { readonly now: number },
  signal: AbortSignal,
): Promise<Picture | undefined> {
  const { metric, resources, firedAt, resolvedAt, dimensions = [] } = alert;
  const fired = Date.parse(firedAt);
  const span = { from: fired - beforeMs, to: Math.max(fired, Math.min(now, fired + longestMs)) };
  const found = hasMetric(alert)
    ? await metricPoints(alert, span, sources, signal)
    : await logPoints(alert, span, sources, signal);
  if (found === undefined || found.readings.length === 0) return undefined;
  const measured = metric?.value === undefined ? [] : [{ at: fired, value: metric.value }];
  const all = [...found.readings.filter(({ at }) => measured.length === 0 || at !== fired), ...measured].sort(
    (a, b) => a.at - b.at,
  );
  const { by, unit } = scaleOf(found.name);
  const resource = resources[0]?.split('/').at(-1) ?? alert.rule;
  return drawMetric({
    title: `${found.name} of ${resource}`,
    subtitle: subtitle(found, dimensions),
    unit,
    lines: [{ label: found.name, readings: all.map(({ at, value }) => ({ at, value: value / by })) }],
    from: span.from,
    to: span.to,
    everyMs: found.everyMs,
    timeZone,
    ...(found.threshold !== undefined && {
      thresholds: [
        { label: /less/i.test(found.operator ?? '') ? 'alerts below' : 'alerts above', value: found.threshold / by },
      ],
    }),
    marks: [
      { label: 'alert', at: fired },
      ...(resolvedAt === undefined ? [] : [{ label: 'over', at: Date.parse(resolvedAt) }]),
    ],
  });
}

function subtitle(
  { aggregation, windowMinutes: minutes }: RulePoints,
  dimensions: NonNullable<Alert['dimensions']>,
): string {
  const words = { average: 'mean', total: 'total', maximum: 'most', minimum: 'least', count: 'rows' }[aggregation];
  const over = minutes === 1 ? 'a minute' : minutes < 60 ? `${minutes} minutes` : `${minutes / 60} h`;
  const split = dimensions.map(({ value }) => value).join(', ');
  return `${words} of ${over}${split ? `, ${split}` : ''}`;
}

/** What to divide by, and what that is then. */
function scaleOf(name: string): { by: number; unit: string } {
  if (/bytes/i.test(name)) return { by: 1024 ** 3, unit: 'GiB' };
  if (/percent/i.test(name)) return { by: 1, unit: '%' };
  if (/duration|latency|responsetime/i.test(name)) return { by: 1, unit: 'ms' };
  if (/hostcount/i.test(name)) return { by: 1, unit: 'backends' };
  if (/endpointstate/i.test(name)) return { by: 1, unit: '(1: answers its probes)' };
  return { by: 1, unit: /requests/i.test(name) ? 'requests' : 'units' };
}
