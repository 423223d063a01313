import { resourceNotFound } from '../arm-fault.ts';
import type { ArmCall } from '../route.ts';
import { databaseType } from '../telemetry/resources.ts';
import { earliestOf, type Store } from './cell-stores.ts';
import type { Objective } from './sql-objectives.ts';

/** In an elastic pool a database has no size of its own; its sku is the pool's word. */
function pooled(own: Objective): Objective {
  return { ...own, name: 'ElasticPool', sku: { name: 'ElasticPool', tier: own.sku.tier, capacity: 0 } };
}

export function databaseIdOf({ path: { subscription, group = '', names } }: ArmCall): string {
  const [server = '', database = ''] = names;
  return `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Sql/servers/${server}/databases/${database}`;
}

/** Throws 404. */
export function foundDatabase(call: ArmCall): Store {
  const store = call.estate.stores.databases.get(databaseIdOf(call).toLowerCase());
  const { names, group = '' } = call.path;
  if (!store) throw resourceNotFound(databaseType, names.join('/'), group);
  return store;
}

/** The database as a GET answers. Its sku's tier says how it is bought: Standard by DTUs, GeneralPurpose by vCores. */
export function databaseDocument({ now, estate }: ArmCall, store: Store): object {
  const { now: own, requested, mostBytes, poolId } = estate.stores.purchaseOf(store.id);
  const objective = poolId === undefined ? own : pooled(own);
  const status = { working: 'Restoring', ready: 'Online', deleting: 'Deleting' }[store.status];
  const words = [
    ...['v12.0', 'user'],
    ...(objective.unit === 'VCores' ? ['vcore'] : []),
    ...(objective.computeModel === 'Serverless' ? ['serverless'] : []),
    ...(poolId === undefined ? [] : ['pool']),
  ];
  return {
    id: store.id,
    name: store.id.split('/').at(-1),
    type: databaseType,
    kind: words.join(','),
    location: store.region.name,
    tags: store.tags,
    sku: (requested ?? objective).sku,
    properties: {
      status,
      currentSku: objective.sku,
      currentServiceObjectiveName: objective.name,
      requestedServiceObjectiveName: (requested ?? objective).name,
      maxSizeBytes: mostBytes,
      zoneRedundant: false,
      ...(poolId !== undefined && { elasticPoolId: poolId }),
      creationDate: new Date(store.createdAt).toISOString(),
      ...(store.status === 'ready' && { earliestRestoreDate: new Date(earliestOf(store, now)).toISOString() }),
    },
  };
}
