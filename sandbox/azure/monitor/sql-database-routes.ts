/**
 * SQL databases (Microsoft.Sql/servers/databases, since api-version 2021-11-01), to look at. Rules kept, after
 * azure-rest-api-specs, Databases.json: the SKU's tier says how it is bought; Standard is bought by DTUs,
 * GeneralPurpose by vCores. Standbys are vCores here, so that an estate has both.
 */
import { resourceNotFound } from '../arm-fault.ts';
import { ok, type Route, same } from '../route.ts';
import { databaseId, databaseType } from '../telemetry/resources.ts';

export const sqlDatabaseRoutes: readonly Route[] = [
  {
    on: `GET ${databaseType.toLowerCase()}`,
    since: '2021-11-01',
    run: ({ estate, path: { group = '', names } }) => {
      const [server = '', database = ''] = names;
      const owner = estate
        .cells()
        .find(
          ({ region, cell }) =>
            same(region.resourceGroup, group) &&
            databaseId(region, cell).toLowerCase().endsWith(`/servers/${server}/databases/${database}`.toLowerCase()),
        );
      if (!owner) throw resourceNotFound(databaseType, `${server}/${database}`, group);
      const { region, cell } = owner;
      const sku =
        cell.role === 'active'
          ? { name: 'S3', tier: 'Standard', capacity: 100 }
          : { name: 'GP_Gen5_2', tier: 'GeneralPurpose', family: 'Gen5', capacity: 2 };
      return ok({
        id: databaseId(region, cell),
        name: database,
        type: databaseType,
        location: region.name,
        sku,
        properties: { status: 'Online', currentServiceObjectiveName: sku.name },
      });
    },
  },
];
