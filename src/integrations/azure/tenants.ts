import { CosmosClient } from '@azure/cosmos';
import { z } from 'zod';
import type { Estate } from '../../domain/estate.ts';
import type { TenantsPort } from '../../ports/azure.ts';
import type { AzureContext } from './azure-context.ts';

const slaLevel = z.union([z.string(), z.number().transform(String)]).nullish();

/** A record with gaps still counts as a tenant that is hurt: what it does not say is `unknown`, and it is `active`. */
const tenantSchema = z
  .looseObject({
    tenantId: z.string(),
    cellName: z.string(),
    region: z.string().nullish(),
    tenantTier: z.string().nullish(),
    slaLevel,
    complianceRequirements: z.array(z.string()).nullish(),
    status: z.string().nullish(),
  })
  .transform(({ tenantId, cellName, region, tenantTier, slaLevel, complianceRequirements, status }) => ({
    tenantId,
    cell: cellName,
    region: region ?? 'unknown',
    tier: tenantTier ?? 'unknown',
    sla: slaLevel ?? 'none',
    compliance: complianceRequirements ?? [],
    status: status ?? 'active',
  }));

/** As above; a tenant of no cell is on none. */
const countSchema = z
  .looseObject({
    cellName: z.string().nullish(),
    tenantTier: z.string().nullish(),
    slaLevel,
    status: z.string().nullish(),
    n: z.number(),
  })
  .transform(({ cellName, tenantTier, slaLevel: sla, status, n }) => ({
    cell: cellName ?? '',
    tier: tenantTier ?? 'unknown',
    sla: sla ?? 'none',
    status: status ?? 'active',
    count: n,
  }));

const fields = 'c.tenantId, c.cellName, c.region, c.tenantTier, c.slaLevel, c.complianceRequirements, c.status';
const byCell = `SELECT ${fields} FROM c WHERE c.cellName = @cell`;
const byId = `SELECT ${fields} FROM c WHERE c.tenantId = @tenant`;
const alike = 'c.cellName, c.tenantTier, c.slaLevel, c.status';
const counted = `SELECT ${alike}, COUNT(1) AS n FROM c GROUP BY ${alike}`;

/** The tenant registry, a container partitioned by tenant: a cell's tenants are in all of its partitions. */
export function createTenants(
  { call, credential }: AzureContext,
  registry: Estate['tenants'],
  deadlineMs: number,
): TenantsPort {
  const client = new CosmosClient({
    endpoint: registry.endpoint,
    aadCredentials: credential,
    connectionPolicy: {
      requestTimeout: deadlineMs,
      // Tries are the caller's to decide.
      retryOptions: { maxRetryAttemptCount: 0 },
      enableBackgroundEndpointRefreshing: false,
    },
  });
  const container = client.database(registry.database).container(registry.container);

  return {
    onCell: (cell, signal) =>
      call.read(`read the tenants of ${cell}`, signal, async (abortSignal) => {
        const parameters = [{ name: '@cell', value: cell }];
        const { resources } = await container.items
          .query({ query: byCell, parameters }, { abortSignal, maxItemCount: 1_000 })
          .fetchAll();
        return z.array(tenantSchema).parse(resources);
      }),

    // The gateway does not group over partitions (learn.microsoft.com, “GROUP BY clause”): the client does, after its plan.
    counts: (signal) =>
      call.read('count the tenants of all cells', signal, async (abortSignal) => {
        const { resources } = await container.items
          .query(counted, { abortSignal, maxItemCount: 1_000, forceQueryPlan: true })
          .fetchAll();
        return z.array(countSchema).parse(resources);
      }),

    // In one partition only: the tenant's own.
    find: (tenantId, signal) =>
      call.read(`look for the tenant ${tenantId}`, signal, async (abortSignal) => {
        const parameters = [{ name: '@tenant', value: tenantId }];
        const { resources } = await container.items
          .query({ query: byId, parameters }, { abortSignal, maxItemCount: 2, partitionKey: tenantId })
          .fetchAll();
        return z.array(tenantSchema).parse(resources)[0];
      }),
  };
}
