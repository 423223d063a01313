import type { Estate } from '../domain/estate.ts';
import type { AzurePorts } from '../ports/azure.ts';
import type { MetricPoint, MetricQuery } from '../ports/monitor.ts';

type Wanted = Pick<MetricQuery, 'namespace' | 'metrics' | 'from' | 'to' | 'interval'> & {
  /** ARM id. */
  readonly id: string;
};

/**
 * Figures of one resource that is in no region of ours, such as Front Door: by metric, points in order; without data it is
 * empty. Throws why Azure does not give them.
 */
export async function globalFigures(
  { estate, azure }: { readonly estate: Estate; readonly azure: Pick<AzurePorts, 'metrics'> },
  { id, ...wanted }: Wanted,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly MetricPoint[]>> {
  // Any region's host answers for what is global; the file does not say where such a resource was made, and API
  // Management's is the home of what all regions share.
  const query = { ...wanted, resourceIds: [id], metricsUrl: estate.apim.metricsUrl };
  const { series, failed } = await azure.metrics.query(query, signal);
  const failure = failed.get(id);
  if (failure) throw failure;
  return series.get(id) ?? new Map();
}
