/**
 * Microsoft.Storage/storageAccounts: to read, to fail over, to change the redundancy of. Rules kept, after
 * azure-rest-api-specs (Microsoft.Storage, storage.json, 2023-05-01) and MicrosoftDocs (“Azure storage disaster recovery
 * planning and failover”, “Initiate a storage account failover”):
 * - `geoReplicationStats` only with `$expand`, and only of a geo-redundant account; `lastSyncTime` stands still while a
 *   region of the two is away.
 * - POST failover always goes to the paired region, is long-running (202, Location) and needs a copy that is `Live`. An
 *   unplanned one loses what the copy does not have and leaves the account locally redundant; `failoverType=Planned`
 *   swaps the regions without loss and needs both.
 * - `lastGeoFailoverTime` is when it last failed over, and is left out where it never did, or is locally redundant. The
 *   reference does not say whether a planned failover sets it: it does here, unless a fault says otherwise.
 * - Accounts with a hierarchical namespace are refused.
 * - PATCH of the sku makes an account geo-redundant again: its copy is `Bootstrap` until it is made.
 * The emulator's own choice: the codes of the refusals, how long a copy takes, and that a copy may fall behind at once.
 */
import { z } from 'zod';
import { ArmFault, invalid, resourceNotFound } from './arm-fault.ts';
import type { Operation } from './operations.ts';
import { type ArmCall, type ArmReply, ok, type Route, same } from './route.ts';
import { copyStatus, isGeo, type StorageAccount, secondaryOf } from './storage-accounts.ts';
import { storageType } from './telemetry/resources.ts';

const type = storageType.toLowerCase();
const since = '2023-05-01';

export const storageRoutes: readonly Route[] = [
  { on: `GET ${type}`, since, run: (call) => ok(documentOf(call, accountAt(call))) },
  { on: `PATCH ${type}`, since, run: update },
  { on: `POST ${type}:failover`, since, writes: true, run: failOver },
  { on: 'GET microsoft.storage/locations/asyncoperations', since: '2015-01-01', run: follow },
];

function accountAt({ estate, path: { group = '', names } }: ArmCall): StorageAccount {
  const [name = ''] = names;
  const found = estate.storage.all.get(name.toLowerCase());
  if (!found || !same(found.id.split('/')[4], group)) throw resourceNotFound(storageType, name, group);
  return found;
}

function documentOf({ estate, url }: ArmCall, account: StorageAccount): object {
  const works = (region: string) => estate.regionWorks(region);
  const secondary = secondaryOf(account);
  const wants = (what: RegExp) => what.test(url.searchParams.get('$expand') ?? '');
  const blobs = estate.stores.blobs.get(account.id.toLowerCase());
  return {
    id: account.id,
    name: account.name,
    type: storageType,
    kind: 'StorageV2',
    location: account.primary.name,
    sku: { name: account.sku, tier: 'Standard' },
    tags: { ...blobs?.tags },
    properties: {
      provisioningState: 'Succeeded',
      primaryLocation: account.primary.name,
      statusOfPrimary: works(account.primary.name) ? 'available' : 'unavailable',
      ...(secondary && {
        secondaryLocation: secondary.name,
        statusOfSecondary: works(secondary.name) ? 'available' : 'unavailable',
      }),
      isHnsEnabled: account.hierarchical,
      ...(account.failoverInProgress && { failoverInProgress: true }),
      ...(secondary &&
        account.failedOverAt !== undefined && { lastGeoFailoverTime: new Date(account.failedOverAt).toISOString() }),
      ...(wants(/\bgeoReplicationStats\b/i) && secondary && { geoReplicationStats: statsOf(account, works) }),
      ...(wants(/\bblobRestoreStatus\b/i) && blobs?.restore && { blobRestoreStatus: { ...blobs.restore } }),
    },
  };
}

function statsOf(account: StorageAccount, works: (region: string) => boolean): object {
  const status = copyStatus(account, works);
  const able = status === 'Live' && !account.hierarchical && !account.failoverInProgress;
  return {
    status,
    lastSyncTime: new Date(account.syncedTo).toISOString(),
    canFailover: able,
    canPlannedFailover: able && works(account.primary.name),
    postFailoverRedundancy: 'Standard_LRS',
    postPlannedFailoverRedundancy: account.sku,
  };
}

function refused(message: string): ArmFault {
  return new ArmFault(409, 'AccountFailoverNotAllowed', message);
}

function failOver(call: ArmCall): ArmReply {
  const { estate, faults, now, url } = call;
  const account = accountAt(call);
  const planned = same(url.searchParams.get('failoverType') ?? '', 'Planned');
  const target = secondaryOf(account);
  const works = (region: string) => estate.regionWorks(region);
  if (account.failoverInProgress) throw new ArmFault(409, 'OperationInProgress', 'A failover is in progress.');
  if (!target) throw refused('The account is not geo-redundant.');
  if (account.hierarchical) throw refused('Accounts with a hierarchical namespace cannot be failed over.');
  if (copyStatus(account, works) !== 'Live') throw refused('The secondary of the account is not live.');
  if (planned && !works(account.primary.name)) throw refused('A planned failover needs the primary.');
  account.failoverInProgress = true;
  return accepted(
    call,
    estate.operations.start(
      {
        takesMs: faults.gatewayDelayMs,
        fails: faults.takeFailure(),
        onEnd: (succeeded) => {
          account.failoverInProgress = false;
          const able = succeeded && works(target.name) && (!planned || works(account.primary.name));
          if (able) {
            account.primary = target;
            if (!planned || !faults.plannedFailoversUntold) account.failedOverAt = estate.now();
            if (!planned) account.sku = 'Standard_LRS';
          }
          estate.changed();
          return { done: able };
        },
      },
      now,
    ),
  );
}

/** As Storage does it: where to look stands in `Location`, and the answer there is 202 until it is over. */
function accepted({ origin, path, apiVersion }: ArmCall, { id }: Operation): ArmReply {
  const location = `${origin}/subscriptions/${path.subscription}/providers/Microsoft.Storage/locations/eastus/asyncoperations/${id}?api-version=${apiVersion}`;
  return { status: 202, headers: { location, 'retry-after': '0' } };
}

function follow({ estate, path, url }: ArmCall): ArmReply {
  const operation = estate.operations.find(path.names[1] ?? '');
  if (!operation) throw new ArmFault(404, 'OperationNotFound', `Operation ${path.names[1]} was not found.`);
  if (operation.status === 'InProgress') return { status: 202, headers: { location: url.href, 'retry-after': '0' } };
  const { done, body = {} } = (operation.result ?? {}) as { done?: boolean; body?: object };
  if (done !== true) throw refused('The failover could not be completed.');
  return ok(body);
}

const updateSchema = z.looseObject({
  sku: z.looseObject({ name: z.enum(['Standard_LRS', 'Standard_GRS', 'Standard_RAGRS']) }),
});

function update(call: ArmCall): ArmReply {
  const account = accountAt(call);
  const wanted = updateSchema.safeParse(call.body).data?.sku.name;
  if (wanted === undefined) throw invalid('InvalidValuesForRequestParameters', 'The sku is not one of an account.');
  if (account.failoverInProgress) throw new ArmFault(409, 'OperationInProgress', 'A failover is in progress.');
  const changed = account.sku !== wanted;
  const had = isGeo(account);
  account.sku = wanted;
  if (!isGeo(account)) account.bootstrapSince = undefined;
  else if (!had) account.bootstrapSince = call.now;
  return { ...ok(documentOf(call, account)), changed };
}
