import { minuteMs } from '../domain/duration.ts';
import type { Estate } from '../domain/estate.ts';
import { isWorse, type KpiDefinition, type KpiId } from '../domain/kpi.ts';
import { OpsError } from '../errors.ts';
import { queries } from './queries.ts';

const window5m = 5 * minuteMs;
const hour = 60 * minuteMs;
const windows99 = { by: 'windows', objectivePercent: 99 } as const;

/**
 * The guide's indicators with its targets and alerts. The guide names no window, percentile or source: those here are
 * ours. What it leaves contradictory is decided so:
 *
 * - **1,000 requests a second or 50,000 a minute.** The capacity plan's 1,000 a second are 60,000 a minute: what the
 *   estate must be able to carry. 50,000 a minute, 83 % of it, is what it is expected to carry; the rest is headroom.
 *   The indicator is judged by 50,000 and 40,000, the capacity plan by 1,000 a second. Low demand looks like low
 *   throughput: an estate with less demand sets its own target in its file.
 * - **CPU: alert above 85 %, scale out at 80 %.** Scaling comes first: 80 % over ten minutes calls for a scale-out;
 *   85 % over five minutes says that scaling did not come or did not help, and alerts.
 * - **100 ms in all, yet 200 ms in the app and 50 ms at the gateway.** Global latency is of all requests together,
 *   tenant latency of the worst tenant alone, and API latency is what the gateway adds to its backend's time.
 */
export const kpiDefinitions: readonly KpiDefinition[] = [
  {
    id: 'availability',
    level: 'global',
    title: 'Availability',
    measures:
      'Minutes in which Front Door answered at least 99 % of requests without a 5xx. Minutes without requests don’t count.',
    unit: 'percent',
    better: 'higher',
    source: { kind: 'logs', query: queries.availability, needs: 'Front Door’s access log (FrontDoorAccessLog)' },
    statistic: 'share of minutes',
    windowMs: window5m,
    judgedOverMs: 24 * hour,
    target: 99.95,
    alert: 99.9,
    budget: { by: 'ratio' },
    rollUp: 'worst',
  },
  {
    id: 'latency',
    level: 'global',
    title: 'Latency',
    measures:
      'From the request’s arrival at Front Door to the last byte sent, with API Management behind it. The client’s DNS lookup is in no server’s log: it is not in it.',
    unit: 'milliseconds',
    better: 'lower',
    source: { kind: 'logs', query: queries.latency, needs: 'Front Door’s access log (FrontDoorAccessLog)' },
    statistic: 'p95',
    windowMs: window5m,
    judgedOverMs: window5m,
    target: 100,
    alert: 150,
    budget: windows99,
    rollUp: 'worst',
  },
  {
    id: 'apiThroughput',
    level: 'global',
    title: 'API throughput',
    measures: 'Requests to API Management in all its regions, whatever their answer.',
    unit: 'requests/minute',
    better: 'higher',
    source: {
      kind: 'metric',
      of: 'apim',
      namespace: 'Microsoft.ApiManagement/service',
      metric: 'Requests',
      aggregation: 'total',
      as: 'perMinute',
    },
    statistic: 'mean',
    windowMs: window5m,
    judgedOverMs: window5m,
    target: 50_000,
    alert: 40_000,
    budget: windows99,
    rollUp: 'worst',
  },
  {
    id: 'errorRate',
    level: 'global',
    title: 'Error rate',
    measures: 'Calls that API Management answered with a 5xx. A 429 or another 4xx is the caller’s own.',
    unit: 'percent',
    better: 'lower',
    source: {
      kind: 'logs',
      query: queries.errorRate,
      needs: 'API Management’s gateway log (ApiManagementGatewayLogs)',
    },
    statistic: 'share of calls',
    windowMs: window5m,
    judgedOverMs: hour,
    target: 0.1,
    alert: 0.5,
    budget: { by: 'ratio' },
    rollUp: 'worst',
  },
  {
    id: 'apiLatency',
    level: 'global',
    title: 'API latency',
    measures: 'What API Management’s gateway adds: its total time less its backend’s.',
    unit: 'milliseconds',
    better: 'lower',
    source: {
      kind: 'logs',
      query: queries.apiLatency,
      needs: 'API Management’s gateway log (ApiManagementGatewayLogs)',
    },
    statistic: 'p95',
    windowMs: window5m,
    judgedOverMs: window5m,
    target: 50,
    alert: 100,
    budget: windows99,
    rollUp: 'worst',
  },
  {
    id: 'tenantLatency',
    level: 'cell',
    title: 'Tenant latency',
    measures:
      'The app’s response time for the tenant that fares worst, of tenants with at least 20 requests in the window.',
    unit: 'milliseconds',
    better: 'lower',
    source: {
      kind: 'logs',
      query: queries.tenantLatency,
      needs: 'the app’s requests in Application Insights (AppRequests), with the property tenantId',
    },
    statistic: 'p95',
    windowMs: window5m,
    judgedOverMs: window5m,
    target: 200,
    alert: 500,
    budget: windows99,
    rollUp: 'worst',
  },
  {
    id: 'databasePerformance',
    level: 'cell',
    title: 'SQL query time',
    measures: 'SQL calls as the app sees them, the network to the database with them.',
    unit: 'milliseconds',
    better: 'lower',
    source: {
      kind: 'logs',
      query: queries.databasePerformance,
      needs: 'the app’s SQL calls in Application Insights (AppDependencies)',
    },
    statistic: 'p95',
    windowMs: window5m,
    judgedOverMs: window5m,
    target: 50,
    alert: 100,
    budget: windows99,
    rollUp: 'worst',
  },
  {
    id: 'storageIops',
    level: 'cell',
    title: 'Storage throughput',
    measures:
      'Operations on the cell’s storage account. It falls with demand as well as with a slow account; an account without any operation has no value.',
    unit: 'operations/second',
    better: 'higher',
    source: {
      kind: 'metric',
      of: 'storage',
      namespace: 'Microsoft.Storage/storageAccounts',
      metric: 'Transactions',
      aggregation: 'total',
      as: 'perSecond',
    },
    statistic: 'mean',
    windowMs: window5m,
    judgedOverMs: window5m,
    target: 1_000,
    alert: 500,
    budget: windows99,
    rollUp: 'worst',
  },
  {
    id: 'containerCpu',
    level: 'cell',
    title: 'Container CPU',
    measures:
      'CPU used by the app’s replicas, of what they may use. 80 % over ten minutes calls for a scale-out first.',
    unit: 'percent',
    better: 'lower',
    source: {
      kind: 'metric',
      of: 'containerApp',
      namespace: 'Microsoft.App/containerApps',
      metric: 'CpuPercentage',
      aggregation: 'average',
      as: 'average',
    },
    statistic: 'mean',
    windowMs: window5m,
    judgedOverMs: window5m,
    target: 70,
    alert: 85,
    budget: windows99,
    rollUp: 'worst',
  },
];

/**
 * The indicators with this estate's own targets and alerts. Throws `misconfigured` when an alert is not beyond its
 * target.
 */
export function definitionsOf({ kpiBounds }: Pick<Estate, 'kpiBounds'>): KpiDefinition[] {
  return kpiDefinitions.map((definition) => {
    const { target, alert } = kpiBounds[definition.id] ?? definition;
    if (isWorse(definition, target, alert) || target === alert) {
      throw new OpsError(
        'misconfigured',
        `The estate file’s alert for ${definition.id}, ${alert}, is not beyond its target, ${target}.`,
        { hint: `For ${definition.id} ${definition.better === 'higher' ? 'more' : 'less'} is better.` },
      );
    }
    return { ...definition, target, alert };
  });
}

const byId = new Map(kpiDefinitions.map((definition) => [definition.id, definition]));

/** The guide's definition of an indicator. */
export function kpiDefinition(id: KpiId): KpiDefinition {
  return byId.get(id) as KpiDefinition;
}
