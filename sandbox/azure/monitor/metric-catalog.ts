/**
 * Metrics by type of resource: what there is to alert on. Names, aggregations and dimensions: learn.microsoft.com,
 * “Supported metrics with Azure Monitor”, 2025-04. Of each type those that the emulator can measure, and a few more,
 * so that a rule for them is taken.
 */
export type Aggregation = 'Average' | 'Minimum' | 'Maximum' | 'Total' | 'Count';

export interface MetricDefinition {
  readonly name: string;
  readonly aggregations: readonly Aggregation[];
  readonly dimensions: readonly string[];
}

const all = ['Average', 'Total', 'Maximum', 'Minimum'] as const;
const levels = ['Average', 'Maximum', 'Minimum'] as const;
const mean = ['Average'] as const;
const sum = ['Total'] as const;

const metric = (
  name: string,
  aggregations: readonly Aggregation[],
  dimensions: readonly string[] = [],
): MetricDefinition => ({ name, aggregations, dimensions });

const catalog: Readonly<Record<string, readonly MetricDefinition[]>> = {
  'microsoft.app/containerapps': [
    metric('CpuPercentage', all, ['podName']),
    metric('MemoryPercentage', all, ['podName']),
    metric('Replicas', all, ['revisionName']),
    metric('Requests', all, ['revisionName', 'podName', 'statusCodeCategory', 'statusCode']),
    metric('ResponseTime', all, ['statusCodeCategory', 'statusCode']),
    metric('RestartCount', all, ['revisionName', 'podName']),
    metric('UsageNanoCores', all, ['revisionName', 'podName']),
    metric('WorkingSetBytes', all, ['revisionName', 'podName']),
  ],
  'microsoft.network/trafficmanagerprofiles': [
    metric('ProbeAgentCurrentEndpointStateByProfileResourceId', ['Maximum'], ['EndpointName']),
    metric('QpsByEndpoint', sum, ['EndpointName']),
  ],
  'microsoft.network/applicationgateways': [
    metric('FailedRequests', sum, ['BackendSettingsPool']),
    metric('HealthyHostCount', mean, ['BackendSettingsPool']),
    metric('TotalRequests', sum, ['BackendSettingsPool']),
    metric('UnhealthyHostCount', mean, ['BackendSettingsPool']),
  ],
  'microsoft.cdn/profiles': [
    metric('ByteHitRatio', mean, ['Endpoint']),
    metric('OriginHealthPercentage', mean, ['Origin', 'OriginGroup']),
    metric('OriginLatency', mean, ['Origin', 'Endpoint']),
    metric('OriginRequestCount', sum, ['HttpStatus', 'HttpStatusGroup', 'Origin', 'Endpoint']),
    metric('Percentage4XX', mean, ['Endpoint', 'ClientRegion', 'ClientCountry']),
    metric('Percentage5XX', mean, ['Endpoint', 'ClientRegion', 'ClientCountry']),
    metric('RequestCount', sum, ['HttpStatus', 'HttpStatusGroup', 'ClientRegion', 'ClientCountry', 'Endpoint']),
    metric('TotalLatency', mean, ['HttpStatus', 'HttpStatusGroup', 'ClientRegion', 'ClientCountry', 'Endpoint']),
  ],
  'microsoft.apimanagement/service': [
    metric('BackendDuration', levels, ['Location', 'Hostname', 'ApiId']),
    metric('Capacity', levels, ['Location']),
    metric('Duration', levels, ['Location', 'Hostname', 'ApiId']),
    metric('Requests', sum, [
      'Location',
      'Hostname',
      'LastErrorReason',
      'BackendResponseCode',
      'GatewayResponseCode',
      'BackendResponseCodeCategory',
      'GatewayResponseCodeCategory',
      'ApiId',
    ]),
  ],
  'microsoft.sql/servers/databases': [
    metric('cpu_limit', mean),
    metric('cpu_percent', levels),
    metric('deadlock', ['Total', 'Count']),
    metric('dtu_consumption_percent', levels),
    metric('dtu_limit', mean),
    metric('physical_data_read_percent', levels),
    metric('storage', levels),
    metric('storage_percent', levels),
    metric('workers_percent', levels),
  ],
  'microsoft.documentdb/databaseaccounts': [
    metric('DataUsage', ['Total'], ['CollectionName', 'DatabaseName', 'Region']),
    metric('ReplicationLatency', levels, ['SourceRegion', 'TargetRegion']),
  ],
  'microsoft.keyvault/vaults': [
    metric('Availability', levels, ['ActivityType', 'ActivityName', 'StatusCode', 'StatusCodeClass']),
    metric('ServiceApiLatency', levels, ['ActivityType', 'ActivityName', 'StatusCode', 'StatusCodeClass']),
    metric('ServiceApiResult', ['Count'], ['ActivityType', 'ActivityName', 'StatusCode', 'StatusCodeClass']),
  ],
  'microsoft.storage/storageaccounts': [
    metric('Availability', levels, ['GeoType', 'ApiName', 'Authentication']),
    metric('SuccessE2ELatency', levels, ['GeoType', 'ApiName', 'Authentication']),
    metric('SuccessServerLatency', levels, ['GeoType', 'ApiName', 'Authentication']),
    metric('UsedCapacity', mean),
    metric('Transactions', sum, ['ResponseType', 'GeoType', 'ApiName', 'Authentication', 'TransactionType']),
  ],
};

/** `microsoft.sql/servers/databases` of `/subscriptions/…/providers/Microsoft.Sql/servers/a/databases/b`. */
export function typeOfId(id: string): string {
  const [, provider = '', rest = ''] = /\/providers\/([^/]+)\/(.+)$/i.exec(id) ?? [];
  const types = rest.split('/').filter((_, index) => index % 2 === 0);
  return [provider, ...types].join('/').toLowerCase();
}

/** Undefined: resources of this type have no such metric. */
export function metricOf(type: string, name: string): MetricDefinition | undefined {
  return catalog[type.toLowerCase()]?.find((metric) => metric.name.toLowerCase() === name.toLowerCase());
}
