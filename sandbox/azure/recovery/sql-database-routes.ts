/**
 * Microsoft.Sql/servers and their databases, since api-version 2021-11-01. Rules kept, after azure-rest-api-specs,
 * Servers.json, Databases.json and Usages.json, and learn.microsoft.com, “Restore a database from a backup”:
 * - A copy is bought as its source is.
 * - PUT with createMode PointInTimeRestore makes a new database on the server of its source, long-running; never over
 *   one that is there (409). `restorePointInTime` lies from `earliestRestoreDate` on, and in the past.
 * - What is being restored is listed with the status `Restoring`. DELETE is long-running, and 204 for what is not there.
 * - A copy has the users of its moment: they are in the database.
 * The emulator's own choices: the codes of its refusals, that a restore takes as long as a gateway update, and that a
 * server's name has a port after it, as in SQL's connection strings.
 */
import { z } from 'zod';
import { ArmFault, invalid, resourceNotFound } from '../arm-fault.ts';
import { accepted } from '../long-operation.ts';
import { type ArmCall, type ArmReply, ok, type Route, same } from '../route.ts';
import { databaseType } from '../telemetry/resources.ts';
import { type Database, earliestOf, type Store, userAt } from './cell-stores.ts';
import { databaseDocument, databaseIdOf, foundDatabase } from './sql-database.ts';

const type = databaseType.toLowerCase();
const serverType = 'Microsoft.Sql/servers';
const since = '2021-11-01';

export const sqlDatabaseRoutes: readonly Route[] = [
  { on: `GET ${serverType.toLowerCase()}`, since, run: server },
  { on: `GET ${type}`, since, run: (call) => ok(databaseDocument(call, foundDatabase(call))) },
  { on: `GET ${type}/usages[]`, since, run: usages },
  { on: `PUT ${type}`, since, run: restore },
  { on: `DELETE ${type}`, since, run: remove },
];

function server({ estate, path }: ArmCall): ArmReply {
  const { subscription, group = '', names } = path;
  const [name = ''] = names;
  const region = estate.regions.find((it) => same(`sql-stamps-${it.name}`, name) && same(it.resourceGroup, group));
  if (!region) throw resourceNotFound(serverType, name, group);
  return ok({
    id: `/subscriptions/${subscription}/resourceGroups/${region.resourceGroup}/providers/${serverType}/${name}`,
    name,
    type: serverType,
    kind: 'v12.0',
    location: region.name,
    properties: {
      fullyQualifiedDomainName: estate.stores.sqlAddresses.get(region.name),
      publicNetworkAccess: 'Enabled',
      state: 'Ready',
      version: '12.0',
    },
  });
}

function usages(call: ArmCall): ArmReply {
  const { id, content } = foundDatabase(call);
  const properties = {
    displayName: 'Database Size',
    currentValue: content.bytes(call.now),
    limit: call.estate.stores.purchaseOf(id).mostBytes,
    unit: 'Bytes',
  };
  return ok({ value: [{ name: 'database_size', type: `${databaseType}/usages`, properties }] });
}

const bodySchema = z.looseObject({
  location: z.string(),
  tags: z.record(z.string(), z.string()).default({}),
  properties: z.looseObject({
    createMode: z.literal('PointInTimeRestore'),
    sourceDatabaseId: z.string(),
    restorePointInTime: z.iso.datetime({ offset: true }),
  }),
});

function restore(call: ArmCall): ArmReply {
  const { estate, now, faults } = call;
  const { stores } = estate;
  const id = databaseIdOf(call);
  const { data } = bodySchema.safeParse(call.body);
  if (!data) throw invalid('InvalidRequestContent', 'The emulator makes databases by PointInTimeRestore only.');
  const { sourceDatabaseId, restorePointInTime } = data.properties;
  const source = stores.databases.get(sourceDatabaseId.toLowerCase());
  if (!source) throw invalid('SourceDatabaseNotFound', `The source database '${sourceDatabaseId}' does not exist.`);
  if (!same(source.id.split('/databases/')[0], id.split('/databases/')[0] ?? ''))
    throw invalid('InvalidServer', 'A database is restored on the server of its source.');
  if (!same(data.location, source.region.name)) throw invalid('InvalidLocation', 'The location is not the server’s.');
  const at = Date.parse(restorePointInTime);
  const earliest = earliestOf(source, now);
  if (at < earliest || at > now)
    throw invalid(
      'InvalidRestorePointInTime',
      `The restore point '${restorePointInTime}' is not between '${new Date(earliest).toISOString()}' and now.`,
    );
  if (stores.databases.has(id.toLowerCase()))
    throw new ArmFault(409, 'DatabaseAlreadyExists', `The database '${call.path.names[1]}' already exists.`);
  const copy: Database = {
    id,
    region: source.region,
    createdAt: now,
    content: source.content.copyAsOf(at),
    tags: data.tags,
    status: 'working',
    users: [{ since: now, user: userAt(source, at) }],
  };
  stores.addDatabase(copy, stores.purchaseOf(source.id).copy(now));
  return work(call, () => {
    if (!estate.regionWorks(source.region.name)) return gone(call, copy);
    copy.status = 'ready';
    return true;
  });

  function gone({ estate }: ArmCall, { id }: Store): boolean {
    estate.stores.databases.delete(id.toLowerCase());
    return false;
  }
  function work(call: ArmCall, onEnd: () => boolean): ArmReply {
    return accepted(call, {
      resource: id,
      provider: 'Microsoft.Sql',
      region: source?.region.name ?? '',
      takesMs: faults.gatewayDelayMs,
      onEnd,
      onFailure: () => void gone(call, copy),
    });
  }
}

function remove(call: ArmCall): ArmReply {
  const { estate, faults } = call;
  const id = databaseIdOf(call);
  const store = estate.stores.databases.get(id.toLowerCase());
  if (!store) return { status: 204, changed: false };
  const reply = accepted(call, {
    resource: id,
    provider: 'Microsoft.Sql',
    region: store.region.name,
    takesMs: faults.gatewayDelayMs,
    onEnd: () => estate.stores.databases.delete(id.toLowerCase()),
    onFailure: () => {
      store.status = 'ready';
    },
  });
  store.status = 'deleting';
  return reply;
}
