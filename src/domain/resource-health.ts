import type { Cell, Estate } from './estate.ts';

/**
 * Azure's own word on a resource (Resource Health). It says what Azure has noticed, which is minutes behind what is so,
 * and knows nothing of what runs on the resource: a hint at whose fault something is, never a verdict.
 */
export interface ResourceHealth {
  /** `unknown`: Azure has heard nothing of it for more than ten minutes. */
  readonly state: 'available' | 'unavailable' | 'degraded' | 'unknown';
  /** Whose doing it is: Azure's own, or that of somebody who may do it; absent: Azure does not say. */
  readonly cause?: 'platform' | 'customer';
  /** Azure announced it; absent: it does not say. */
  readonly planned?: boolean;
  /** ISO 8601: since when it is so; absent: Azure does not say. */
  readonly since?: string;
  /** Azure's own sentence. */
  readonly says?: string;
}

/** By ARM id in small letters; a resource of a kind that Azure does not watch is absent. */
export type ResourceHealths = ReadonlyMap<string, ResourceHealth>;

/** A resource that the estate file names, and where it is; without a region it is everybody's. */
export interface EstateResource {
  /** ARM id. */
  readonly id: string;
  readonly region?: string;
  readonly cell?: string;
}

/** A resource on which Azure's word is not good. */
export interface HealthFinding extends EstateResource, ResourceHealth {}

/** Azure's word on some resources. */
export interface HealthSummary {
  /** How many of them Azure watches. */
  readonly watched: number;
  readonly available: number;
  /** Of which Azure has heard nothing lately. */
  readonly unknown: number;
  /** Unavailable ones first, then those that are so for the longest. */
  readonly bad: readonly HealthFinding[];
}

/** Everything that the estate file names by its ARM id and that serves clients, each once. */
export function resourcesOf({
  regions,
  cells,
  trafficManagerId,
  frontDoorId,
  apim,
  cosmosAccountId,
}: Estate): EstateResource[] {
  const all: EstateResource[] = [
    ...[trafficManagerId, frontDoorId, apim.id, cosmosAccountId].flatMap((id) => (id === undefined ? [] : [{ id }])),
    ...regions.flatMap(({ name, gatewayId, keyVaultId }) =>
      [gatewayId, keyVaultId].flatMap((id) => (id === undefined ? [] : [{ id, region: name }])),
    ),
    ...cells.flatMap(ofCell),
  ];
  return [...new Map(all.map((one) => [one.id.toLowerCase(), one])).values()];
}

function ofCell({ name, region, gatewayId, containerAppId, sqlDatabaseId, storageId, data }: Cell): EstateResource[] {
  const own = [containerAppId, sqlDatabaseId, storageId, data?.cosmosAccountId];
  // A gateway is all its cells'.
  return [{ id: gatewayId, region }, ...own.flatMap((id) => (id === undefined ? [] : [{ id, region, cell: name }]))];
}

export function summaryOf(resources: readonly EstateResource[], healths: ResourceHealths): HealthSummary {
  const found = resources.flatMap((one): HealthFinding[] => {
    const health = healths.get(one.id.toLowerCase());
    return health === undefined ? [] : [{ ...one, ...health }];
  });
  const count = (state: ResourceHealth['state']) => found.filter((one) => one.state === state).length;
  const since = (one: HealthFinding) => Date.parse(one.since ?? '') || Number.POSITIVE_INFINITY;
  return {
    watched: found.length,
    available: count('available'),
    unknown: count('unknown'),
    bad: (['unavailable', 'degraded'] as const).flatMap((state) =>
      found.filter((one) => one.state === state).toSorted((a, b) => (since(a) === since(b) ? 0 : since(a) - since(b))),
    ),
  };
}
