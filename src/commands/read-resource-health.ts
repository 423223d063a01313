import { type EstateResource, type HealthSummary, type ResourceHealths, summaryOf } from '../domain/resource-health.ts';
import type { AzurePorts } from '../ports/azure.ts';
import type { Reading } from './reading.ts';

/** Azure's own word on these resources; undefined: it could not be read. */
export function readHealths(
  { resourceHealth }: Pick<AzurePorts, 'resourceHealth'>,
  resources: readonly EstateResource[],
  { attempt }: Reading,
): Promise<ResourceHealths | undefined> {
  const ids = resources.map(({ id }) => id);
  return attempt('Azure Resource Health', (signal) => resourceHealth.list(ids, signal));
}

export async function readHealthSummary(
  azure: Pick<AzurePorts, 'resourceHealth'>,
  resources: readonly EstateResource[],
  reading: Reading,
): Promise<HealthSummary | undefined> {
  const healths = await readHealths(azure, resources, reading);
  return healths && summaryOf(resources, healths);
}
