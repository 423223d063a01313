/**
 * Cosmos accounts of cells, and what restores them. Rules kept, after azure-rest-api-specs (Microsoft.DocumentDB,
 * cosmos-db.json, restorable.json, rbac.json, stable 2024-05-15) and MicrosoftDocs, “Continuous backup with
 * point-in-time restore” and “Restore an account”:
 * - Only accounts with continuous backup are listed among the restorable ones; those name `oldestRestorableTime`.
 * - POST …/retrieveContinuousBackupInformation answers by a long-running operation (202, Location), with
 *   `latestRestorableTimestamp` in the form `10/26/2021 5:27:45 PM`, UTC.
 * - PUT with createMode Restore makes a new account, long-running, of the restorable account and moment that are named,
 *   in a region where it had data; a name is the whole world's.
 * - What is restored has none of the original's data-plane role assignments.
 * The emulator's own choices: the codes of its refusals, that an operation takes as long as a gateway update (a look at
 * a backup a tenth of it), and that backups are a minute behind.
 */
import { z } from 'zod';
import { ArmFault, invalid, resourceNotFound } from '../arm-fault.ts';
import { subscriptionId } from '../layout.ts';
import { accepted } from '../long-operation.ts';
import { type ArmCall, type ArmReply, ok, type Route, same } from '../route.ts';
import { cosmosType } from '../telemetry/resources.ts';
import { type Account, earliestOf } from './cell-stores.ts';

const type = cosmosType.toLowerCase();
const since = '2024-05-15';
const databaseName = 'cell';
const containerNames = ['accounts', 'documents', 'events'];
const behindMs = 60_000;

export const cosmosStoreRoutes: readonly Route[] = [
  { on: `PUT ${type}`, since, run: restore },
  { on: `DELETE ${type}`, since, run: remove },
  { on: `GET ${type}/sqldatabases[]`, since, run: (call) => listed(call, [databaseName]) },
  { on: `GET ${type}/sqldatabases/containers[]`, since, run: (call) => listed(call, containerNames) },
  { on: `GET ${type}/sqlroleassignments[]`, since, run: readers },
  { on: `POST ${type}/sqldatabases/containers:retrievecontinuousbackupinformation`, since, run: latest },
  { on: 'GET microsoft.documentdb/restorabledatabaseaccounts[]', since, run: restorable },
  { on: 'GET microsoft.documentdb/locations/operationresults', since: '2015-01-01', run: latestResult },
];

function idOf({ path: { subscription, group = '', names } }: ArmCall): string {
  return `/subscriptions/${subscription}/resourceGroups/${group}/providers/${cosmosType}/${names[0] ?? ''}`;
}

function found(call: ArmCall): Account {
  const account = call.estate.stores.accounts.get(idOf(call).toLowerCase());
  if (!account) throw resourceNotFound(cosmosType, call.path.names[0] ?? '', call.path.group ?? '');
  return account;
}

/** As GET answers it. */
export function storeAccountDocument(call: ArmCall): object {
  const account = found(call);
  const name = account.id.split('/').at(-1) ?? '';
  const { displayName: locationName, name: region } = account.region;
  const location = { id: `${name}-${region}`, locationName, failoverPriority: 0, provisioningState: 'Succeeded' };
  return {
    id: account.id,
    name,
    type: cosmosType,
    kind: 'GlobalDocumentDB',
    location: locationName,
    tags: account.tags,
    properties: {
      provisioningState: { working: 'Creating', ready: 'Succeeded', deleting: 'Deleting' }[account.status],
      ...(account.status === 'ready' && { documentEndpoint: `https://${name}.documents.azure.com:443/` }),
      databaseAccountOfferType: 'Standard',
      instanceId: account.instanceId,
      backupPolicy: { type: account.backup },
      createMode: account.restoredFrom ? 'Restore' : 'Default',
      ...(account.restoredFrom && {
        restoreParameters: {
          restoreMode: 'PointInTime',
          restoreSource: account.restoredFrom.source,
          restoreTimestampInUtc: account.restoredFrom.at,
        },
      }),
      enableAutomaticFailover: false,
      enableMultipleWriteLocations: false,
      writeLocations: [location],
      readLocations: [location],
      failoverPolicies: [{ id: location.id, locationName, failoverPriority: 0 }],
    },
  };
}

function listed(call: ArmCall, names: readonly string[]): ArmReply {
  const { id, status } = found(call);
  const value = names.map((name) => ({ id: `${id}/…/${name}`, name, properties: { resource: { id: name } } }));
  return ok({ value: status === 'working' ? [] : value });
}

function readers(call: ArmCall): ArmReply {
  const { id, readers } = found(call);
  return ok({
    value: [...readers].map((principalId) => ({
      name: principalId,
      properties: {
        principalId,
        scope: id,
        roleDefinitionId: `${id}/sqlRoleDefinitions/00000000-0000-0000-0000-000000000002`,
      },
    })),
  });
}

function sourceOf({ id, instanceId, region }: Account): string {
  const [, , subscription = ''] = id.split('/');
  return `/subscriptions/${subscription}/providers/Microsoft.DocumentDB/locations/${region.name}/restorableDatabaseAccounts/${instanceId}`;
}

function restorable({ estate, now }: ArmCall): ArmReply {
  const able = [...estate.stores.accounts.values()].filter(
    ({ backup, status }) => backup === 'Continuous' && status !== 'working',
  );
  return ok({
    value: able.map((account) => ({
      id: sourceOf(account),
      name: account.instanceId,
      location: account.region.displayName,
      type: 'Microsoft.DocumentDB/locations/restorableDatabaseAccounts',
      properties: {
        accountName: account.id.split('/').at(-1),
        apiType: 'Sql',
        creationTime: new Date(account.createdAt).toISOString(),
        oldestRestorableTime: new Date(earliestOf(account, now)).toISOString(),
        restorableLocations: [{ locationName: account.region.displayName }],
      },
    })),
  });
}

function latest(call: ArmCall): ArmReply {
  const { estate, now, origin, apiVersion, faults } = call;
  const account = found(call);
  if (account.backup !== 'Continuous') throw invalid('BadRequest', 'Continuous backup is not enabled on the account.');
  const location = z.looseObject({ location: z.string() }).safeParse(call.body).data?.location;
  const { name, displayName } = account.region;
  if (location === undefined || !(same(location, name) || same(location, displayName)))
    throw invalid('BadRequest', `The account has no data in '${location}'.`);
  const { id } = estate.operations.start(
    {
      takesMs: Math.ceil(faults.gatewayDelayMs / 10),
      onEnd: () => ({ continuousBackupInformation: { latestRestorableTimestamp: azureTime(estate.now() - behindMs) } }),
    },
    now,
  );
  const where = `${origin}/subscriptions/${subscriptionId}/providers/Microsoft.DocumentDB/locations/${name}`;
  return {
    status: 202,
    headers: { location: `${where}/operationResults/${id}?api-version=${apiVersion}`, 'retry-after': '0' },
  };
}

function latestResult({ estate, path }: ArmCall): ArmReply {
  const operation = estate.operations.find(path.names[1] ?? '');
  if (!operation) throw new ArmFault(404, 'OperationNotFound', `Operation ${path.names[1]} was not found.`);
  return operation.status === 'InProgress' ? { status: 202, headers: { 'retry-after': '0' } } : ok(operation.result);
}

/** `10/26/2021 5:27:45 PM` */
function azureTime(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = date.getUTCHours();
  const time = `${hours % 12 || 12}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} ${hours < 12 ? 'AM' : 'PM'}`;
  return `${date.getUTCMonth() + 1}/${date.getUTCDate()}/${date.getUTCFullYear()} ${time}`;
}

const bodySchema = z.looseObject({
  tags: z.record(z.string(), z.string()).default({}),
  properties: z.looseObject({
    createMode: z.literal('Restore'),
    databaseAccountOfferType: z.literal('Standard'),
    locations: z.array(z.looseObject({ locationName: z.string(), failoverPriority: z.literal(0) })).length(1),
    restoreParameters: z.looseObject({
      restoreMode: z.literal('PointInTime'),
      restoreSource: z.string(),
      restoreTimestampInUtc: z.iso.datetime({ offset: true }),
    }),
  }),
});

function restore(call: ArmCall): ArmReply {
  const { estate, now } = call;
  const { stores } = estate;
  const id = idOf(call);
  const name = call.path.names[0] ?? '';
  const { data } = bodySchema.safeParse(call.body);
  if (!data) throw invalid('BadRequest', 'The emulator makes accounts by createMode Restore only.');
  if (!/^[a-z0-9-]{3,44}$/.test(name)) throw invalid('BadRequest', `'${name}' is no name of an account.`);
  const { restoreSource, restoreTimestampInUtc } = data.properties.restoreParameters;
  const source = [...stores.accounts.values()].find(
    (it) => it.backup === 'Continuous' && same(sourceOf(it), restoreSource),
  );
  if (!source) throw invalid('BadRequest', `The restorable account '${restoreSource}' does not exist.`);
  const at = Date.parse(restoreTimestampInUtc);
  if (at < earliestOf(source, now) || at > now - behindMs)
    throw invalid('BadRequest', `The account cannot be restored to '${restoreTimestampInUtc}'.`);
  if (stores.accountNamed(name)) throw new ArmFault(409, 'Conflict', `The account name '${name}' is taken.`);
  const copy: Account = {
    id,
    region: source.region,
    createdAt: now,
    content: source.content.copyAsOf(at),
    tags: data.tags,
    status: 'working',
    instanceId: stores.nextInstanceId(),
    backup: 'Continuous',
    readers: new Set(),
    restoredFrom: { source: restoreSource, at: restoreTimestampInUtc },
  };
  const forget = () => stores.accounts.delete(id.toLowerCase());
  const reply = accepted(call, {
    resource: id,
    provider: 'Microsoft.DocumentDB',
    region: source.region.name,
    takesMs: call.faults.gatewayDelayMs,
    onEnd: () => {
      if (!estate.regionWorks(source.region.name)) return !forget();
      copy.status = 'ready';
      return true;
    },
    onFailure: () => void forget(),
  });
  stores.addAccount(copy);
  return reply;
}

function remove(call: ArmCall): ArmReply {
  const { estate, faults } = call;
  const account = estate.stores.accounts.get(idOf(call).toLowerCase());
  if (!account) return { status: 204, changed: false };
  const reply = accepted(call, {
    resource: account.id,
    provider: 'Microsoft.DocumentDB',
    region: account.region.name,
    takesMs: faults.gatewayDelayMs,
    onEnd: () => estate.stores.accounts.delete(account.id.toLowerCase()),
    onFailure: () => {
      account.status = 'ready';
    },
  });
  account.status = 'deleting';
  return reply;
}
