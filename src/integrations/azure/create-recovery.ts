import type { Estate } from '../../domain/estate.ts';
import { OpsError } from '../../errors.ts';
import type { MetricsPort } from '../../ports/monitor.ts';
import type { RecoveryPort } from '../../ports/recovery.ts';
import type { AzureContext } from './azure-context.ts';
import { blobContainers, createBlobRestores } from './blob-restores.ts';
import { cosmosContent } from './cosmos-backups.ts';
import { cosmosReaders, createCosmosCopies, readCosmosStore } from './cosmos-copies.ts';
import { blobPoints, cosmosPoints, sqlPoints } from './restore-points.ts';
import { shortRegion } from './short-region.ts';
import { createSqlCopies, sqlContent } from './sql-copies.ts';
import { sqlRows } from './sql-rows.ts';

/**
 * Restore points and copies of cells' stores. Never the data itself: all of it is asked of the control plane, but for how
 * many rows SQL has, which its catalog tells. `deadlineMs` is that of one call.
 */
export function createRecovery(
  azure: AzureContext,
  estate: Estate,
  metrics: MetricsPort,
  deadlineMs: number,
): RecoveryPort {
  return {
    ranges: async (cell, signal) =>
      Promise.all([sqlPoints(azure, cell, signal), blobPoints(azure, cell, signal), cosmosPoints(azure, cell, signal)]),
    blobRange: (cell, signal) => blobPoints(azure, cell, signal),
    sqlCopies: createSqlCopies(azure),
    cosmosCopies: createCosmosCopies(azure),
    blobRestores: createBlobRestores(azure),
    blobContainers: (storageId, signal) => blobContainers(azure, storageId, signal),
    sqlContent: (databaseId, signal) => sqlContent(azure, databaseId, signal),
    sqlRows: (databaseId, signal) => sqlRows(azure, deadlineMs, databaseId, signal),
    async cosmosContent(accountId, signal) {
      const { properties } = await readCosmosStore(azure, accountId, signal);
      const region = shortRegion(properties.writeLocations[0]?.locationName ?? '');
      const metricsUrl = estate.regions.find(({ name }) => name === region)?.metricsUrl;
      if (metricsUrl === undefined)
        throw new OpsError('misconfigured', `The estate has no region ${region}, where ${accountId} writes.`);
      return cosmosContent(azure, metrics, accountId, metricsUrl, signal);
    },
    cosmosReaders: (accountId, signal) => cosmosReaders(azure, accountId, signal),
  };
}
