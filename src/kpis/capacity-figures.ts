import type { Cell } from '../domain/estate.ts';
import type { MetricQuery } from '../ports/monitor.ts';

/** What is kept of a cell by the day, beside the indicators; its rows are named `capacity.<id>`. */
export interface CapacityFigure {
  readonly id: 'sqlLoad' | 'sqlStorage' | 'sqlBytes' | 'accountBytes' | 'cosmosBytes' | 'requests';
  readonly namespace: string;
  /** The resource that has it; undefined: this cell has none. */
  of(cell: Cell): string | undefined;
  /** The first of these that has data. */
  readonly metrics: readonly string[];
  readonly aggregation: 'average' | 'total';
  /** No finer than the metric's own grain. */
  readonly interval: Extract<MetricQuery['interval'], 'PT5M' | 'PT1H'>;
  /** Hours before the day's end that are read. */
  readonly hours: number;
  /** What a point is divided by. */
  readonly per: number;
}

const sql = {
  namespace: 'Microsoft.Sql/servers/databases',
  of: ({ sqlDatabaseId }: Cell) => sqlDatabaseId,
  aggregation: 'average',
  interval: 'PT1H',
  hours: 24,
  per: 1,
} as const;

/**
 * Names, aggregations and grains: learn.microsoft.com, “Supported metrics with Azure Monitor”. Metrics of capacity of
 * a storage account have hours only; Cosmos counts its bytes once in five minutes, as a sum over its partitions, so
 * that nothing longer than five minutes may be summed up.
 */
export const capacityFigures: readonly CapacityFigure[] = [
  // A database that is bought by vCores has no DTUs.
  { ...sql, id: 'sqlLoad', metrics: ['dtu_consumption_percent', 'cpu_percent'] },
  { ...sql, id: 'sqlStorage', metrics: ['storage_percent'] },
  { ...sql, id: 'sqlBytes', metrics: ['storage'] },
  {
    id: 'accountBytes',
    namespace: 'Microsoft.Storage/storageAccounts',
    of: ({ storageId }) => storageId,
    metrics: ['UsedCapacity'],
    aggregation: 'average',
    interval: 'PT1H',
    hours: 24,
    per: 1,
  },
  {
    id: 'cosmosBytes',
    namespace: 'Microsoft.DocumentDB/databaseAccounts',
    of: ({ data }) => data?.cosmosAccountId,
    metrics: ['DataUsage'],
    aggregation: 'total',
    interval: 'PT5M',
    hours: 1,
    per: 1,
  },
  {
    id: 'requests',
    namespace: 'Microsoft.App/containerApps',
    of: ({ containerAppId }) => containerAppId,
    metrics: ['Requests'],
    aggregation: 'total',
    interval: 'PT1H',
    hours: 24,
    per: 3_600,
  },
];
