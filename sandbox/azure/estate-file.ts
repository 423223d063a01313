import { stringify } from 'yaml';
import { container, database } from './cosmos-server.ts';
import { guideRegions, requestsPerSecondPerReplica, subscriptionId } from './layout.ts';

/** The estate file of the emulated estate, as `STAMPS_ESTATE` wants it: names come from the profile `guide`. */
export function estateFile({
  metricsUrl,
  cosmosUrl,
  drain,
}: {
  metricsUrl: string;
  cosmosUrl: string;
  drain: string;
}): string {
  return stringify({
    version: 1,
    subscriptionId,
    naming: 'guide',
    tenants: { endpoint: cosmosUrl, database, container },
    drain,
    regions: guideRegions.map(({ name, resourceGroup, cells }) => ({
      name,
      resourceGroup,
      metricsUrl,
      cells: cells.map((cell) => ({
        name: cell.name,
        role: cell.role,
        requestsPerSecondPerReplica,
        ...(cell.fallback !== undefined && { fallback: { cell: cell.fallback } }),
      })),
    })),
  });
}
