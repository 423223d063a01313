/**
 * How SQL databases are scaled. Rules kept, after azure-rest-api-specs (Microsoft.Sql, Databases.json,
 * ReplicationLinks.json, LocationCapabilities.json, stable 2023-08-01) and learn.microsoft.com, “Scale single database
 * resources in Azure SQL Database”:
 * - PATCH with a sku is long-running. The database stays online on its old size; `requestedServiceObjectiveName` says
 *   what it will be. At the end it is switched over, and open connections are dropped (estate.ts lets what is on the way
 *   then fail). Load is in percent of the new size from then on.
 * - A second change while one is going on is refused (40802, “A service objective assignment is already in progress”).
 * - A database is not made smaller than its largest size allows; its largest size does not follow its objective.
 * - A secondary of a geo-replicated database may have another size within its tier: the order is the caller's.
 * - GET capabilities tells what the location sells to the subscription: 12.0, its editions, their objectives, with
 *   `include` only that part. `Visible` is not for sale.
 * The emulator's own choices: the codes of its refusals, and that a change takes as long as a gateway update.
 */
import { z } from 'zod';
import { ArmFault, invalid, resourceNotFound } from '../arm-fault.ts';
import { accepted } from '../long-operation.ts';
import { type ArmCall, type ArmReply, ok, type Route, same } from '../route.ts';
import { databaseType } from '../telemetry/resources.ts';
import { databaseDocument, foundDatabase } from './sql-database.ts';
import { type Objective, objectives } from './sql-objectives.ts';

const type = databaseType.toLowerCase();
const since = '2021-11-01';

export const sqlScaleRoutes: readonly Route[] = [
  { on: `PATCH ${type}`, since, run: scale },
  { on: `GET ${type}/replicationlinks[]`, since: '2023-08-01', run: links },
  { on: 'GET microsoft.sql/locations/capabilities[]', since, run: capabilities },
];

const bodySchema = z.looseObject({
  sku: z.looseObject({ name: z.string(), tier: z.string().optional(), capacity: z.number().optional() }),
});

function scale(call: ArmCall): ArmReply {
  const { estate, faults, now } = call;
  const store = foundDatabase(call);
  const { data } = bodySchema.safeParse(call.body);
  if (!data) throw invalid('InvalidRequestContent', 'The emulator changes the sku of a database only.');
  const wanted = objectiveOf(data.sku);
  if (!wanted || wanted.status === 'Visible')
    throw invalid('ProvisioningDisabled', `The service objective '${data.sku.name}' is not available here.`);
  const purchase = estate.stores.purchaseOf(store.id);
  if (purchase.poolId !== undefined)
    throw invalid('ElasticPoolDatabase', 'The database is in an elastic pool, and has no size of its own.');
  if (purchase.requested)
    throw new ArmFault(
      409,
      'ServiceObjectiveAssignmentInProgress',
      'A service objective assignment is already in progress.',
    );
  if (wanted.mostGigabytes * 1_024 ** 3 < purchase.mostBytes)
    throw invalid('InvalidMaxSizeTierCombination', `The database's max size is more than '${wanted.name}' supports.`);
  if (wanted === purchase.now) return { ...ok(databaseDocument(call, store)), changed: false };
  const reply = accepted(call, {
    resource: store.id,
    provider: 'Microsoft.Sql',
    region: store.region.name,
    takesMs: faults.gatewayDelayMs,
    onEnd: () => {
      purchase.requested = undefined;
      if (!estate.regionWorks(store.region.name)) return false;
      purchase.become(wanted, estate.now());
      return true;
    },
    onFailure: () => {
      purchase.requested = undefined;
    },
  });
  purchase.requested = wanted;
  return { ...reply, body: { operation: 'UpdateLogicalDatabase', startTime: new Date(now).toISOString() } };
}

/** By its own name, or by the name of its sku and how much of it. */
function objectiveOf({ name, capacity }: z.output<typeof bodySchema>['sku']): Objective | undefined {
  return objectives.find((one) =>
    same(one.name, name) ? true : same(one.sku.name, name) && one.sku.capacity === capacity,
  );
}

function links(call: ArmCall): ArmReply {
  const store = foundDatabase(call);
  const value = estateLinks(call, store.id).map(({ partner, role }, nth) => {
    const name = `00000000-0000-4000-8000-00000000f0${String(nth).padStart(2, '0')}`;
    const [, , , , , , , , partnerServer, , partnerDatabase] = partner.split('/');
    const other = call.estate.stores.databases.get(partner.toLowerCase());
    return {
      id: `${store.id}/replicationLinks/${name}`,
      name,
      type: `${databaseType}/replicationLinks`,
      properties: {
        ...{ linkType: 'GEO', role, partnerRole: role === 'Primary' ? 'Secondary' : 'Primary' },
        ...{ partnerServer, partnerDatabase, partnerDatabaseId: partner, partnerLocation: other?.region.displayName },
        ...{ replicationState: 'CATCH_UP', replicationMode: 'ASYNC', percentComplete: 100 },
      },
    };
  });
  return ok({ value });
}

function estateLinks({ estate }: ArmCall, id: string) {
  return estate.stores.geoLinks.flatMap(({ primary, secondary }) => [
    ...(same(primary, id) ? [{ partner: secondary, role: 'Primary' as const }] : []),
    ...(same(secondary, id) ? [{ partner: primary, role: 'Secondary' as const }] : []),
  ]);
}

function capabilities({ estate, path: { names }, url }: ArmCall): ArmReply {
  const [location = ''] = names;
  const region = estate.regions.find(({ name }) => same(location, name));
  if (!region) throw resourceNotFound('Microsoft.Sql/locations', location, '');
  const include = url.searchParams.get('include');
  const editions = Map.groupBy(objectives, ({ sku }) => sku.tier);
  const supportedEditions = [...editions].map(([name, own]) => ({
    name,
    status: name === 'Standard' ? 'Default' : 'Available',
    zoneRedundant: name !== 'Basic' && name !== 'Standard',
    supportedServiceLevelObjectives: own.map((one, nth) => ({
      id: `00000000-0000-4000-9000-${String(nth).padStart(12, '0')}`,
      name: one.name,
      status: one.status,
      sku: one.sku,
      performanceLevel: { value: one.sku.capacity, unit: one.unit },
      zoneRedundant: one.unit === 'VCores',
      ...(one.computeModel && { computeModel: one.computeModel }),
      supportedMaxSizes: [
        {
          minValue: { limit: 1, unit: 'Gigabytes' },
          maxValue: { limit: one.mostGigabytes, unit: 'Gigabytes' },
          status: 'Available',
        },
      ],
    })),
  }));
  return ok({
    name: region.displayName,
    status: 'Available',
    supportedServerVersions: [
      {
        name: '12.0',
        status: 'Default',
        ...((include === null || same(include, 'supportedEditions')) && { supportedEditions }),
      },
    ],
  });
}
