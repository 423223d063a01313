import { z } from 'zod';
import { minuteMs } from '../../domain/duration.ts';
import { isGeoRedundant, stopsBetween } from '../../domain/storage-redundancy.ts';
import { isOpsError, OpsError } from '../../errors.ts';
import type { StorageAccount, StoragePort, StorageState } from '../../ports/storage.ts';
import type { AzureContext } from './azure-context.ts';
import { isTerminal, operationOf, pollOperation, receipt } from './operation.ts';
import { parseArmId } from './parse-arm-id.ts';
import { shortRegion } from './short-region.ts';
import { azureError } from './translate-error.ts';

/** Stable (azure-rest-api-specs, Microsoft.Storage, storage.json): the first with everything about planned failovers. */
const apiVersion = '2023-05-01';
const accountType = 'Microsoft.Storage/storageAccounts';

/**
 * Two planned failovers, there and back, by somebody who must see the first one end. Azure promises no least time of one;
 * it copies the last writes first, and changes where the account's name leads. A process that died is followed within 30 s.
 */
const roundTripMs = 5 * minuteMs;

const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);
const accountSchema = z.looseObject({
  sku: z.looseObject({ name: z.string() }),
  properties: z.looseObject({
    provisioningState: z.string().default('Succeeded'),
    primaryLocation: z.string(),
    secondaryLocation: z.string().nullish(),
    failoverInProgress: flag,
    lastGeoFailoverTime: z.string().nullish(),
    isHnsEnabled: flag,
    isNfsV3Enabled: flag,
    isSftpEnabled: flag,
    geoReplicationStats: z
      .looseObject({
        status: z.string().nullish(),
        lastSyncTime: z.coerce.date().nullish(),
        canFailover: flag,
        canPlannedFailover: flag,
        postFailoverRedundancy: z.string().nullish(),
        postPlannedFailoverRedundancy: z.string().nullish(),
      })
      .nullish(),
  }),
});
type Account = z.output<typeof accountSchema>;

/** Storage accounts: where they take writes, and what of them is in the other region. */
export function createStorageAccounts({ arm, call, clock }: AzureContext): StoragePort {
  const read = (id: string, signal: AbortSignal): Promise<Account> => {
    const [name] = parseArmId(id, accountType).names;
    const path = `${id}?$expand=geoReplicationStats`;
    return call.read(`read the storage account ${name}`, signal, async (signal) =>
      accountSchema.parse((await arm.send({ method: 'GET', path, apiVersion }, signal)).body),
    );
  };
  const orNone = async <T>(work: Promise<T>): Promise<T | undefined> => {
    try {
      return await work;
    } catch (error) {
      if (isOpsError(error, 'not-found')) return undefined;
      throw error;
    }
  };

  return {
    kind: 'storage-account',
    equals: (a, b) => a?.primary === b?.primary && a?.redundancy === b?.redundancy,
    describe: (before, after) => {
      if (before && before.primary === after?.primary)
        return `storage in ${after.primary}: ${before.redundancy} → ${after.redundancy}`;
      // How it is kept is said where it changes.
      const kept = before?.redundancy !== after?.redundancy;
      return `storage primary: ${word(before, kept)} → ${word(after, kept)}`;
    },
    via: stopsBetween,
    lost: ({ dataLossAllowed }) =>
      dataLossAllowed && 'The account was forced over: what was not copied then stays lost.',

    async read(ref, signal) {
      const account = await orNone(read(ref.id, signal));
      if (!account) return { state: null };
      // A failover names no target: only the time of the last one tells an account that went there and back from one that
      // never went. Azure's reference calls it “the most recent instance of a failover to the secondary location” and says
      // nothing of planned ones (azure-rest-api-specs, storage.json): should they leave it as it is, time alone tells.
      const version = account.properties.lastGeoFailoverTime ?? 'never failed over';
      return { state: stateOf(account), busy: isBusy(account), version, roundTripMs };
    },

    async write(ref, to, { signal }) {
      const [name] = parseArmId(ref.id, accountType).names;
      if (!to) throw new OpsError('refused', `Stamps removes no storage accounts: ${name} stays.`);
      const account = await read(ref.id, signal);
      const now = stateOf(account);
      const resource = { path: ref.id, apiVersion };
      if (now.primary === to.primary) {
        const what = `make ${name} ${to.redundancy}`;
        return call.write(what, signal, async (signal) => {
          const body = { sku: { name: to.redundancy } };
          return receipt(operationOf(await arm.send({ method: 'PATCH', body, ...resource }, signal), arm, resource));
        });
      }
      const what = `fail ${name} over to ${to.primary}`;
      // Azure always goes to the paired region: where that is another one, nothing is sent.
      if (shortRegion(account.properties.secondaryLocation ?? '') !== to.primary) throw azureError('bad-input', what);
      const path = `${ref.id}/failover${to.dataLossAllowed ? '' : '?failoverType=Planned'}`;
      return call.write(what, signal, async (signal) =>
        receipt(operationOf(await arm.send({ method: 'POST', path, apiVersion }, signal), arm, resource)),
      );
    },

    poll: (operation, signal) =>
      call.read('follow a change of storage', signal, (signal) => pollOperation(arm, operation, signal, clock.now())),

    async pending(ref, state, signal) {
      if (!state || !isGeoRedundant(state.redundancy)) return null;
      const { geoReplicationStats, secondaryLocation } = (await read(ref.id, signal)).properties;
      const status = geoReplicationStats?.status ?? 'not known';
      return status === 'Live' ? null : `its copy in ${shortRegion(secondaryLocation ?? '')} is ${status}`;
    },

    async account(accountId, signal) {
      const account = await orNone(read(accountId, signal));
      return account && inOurWords(parseArmId(accountId, accountType).names[0], account);
    },
  };
}

function isBusy({ properties }: Account): boolean {
  return properties.failoverInProgress || !isTerminal(properties.provisioningState);
}

function stateOf({ sku, properties }: Account): StorageState {
  return { primary: shortRegion(properties.primaryLocation), redundancy: sku.name };
}

function inOurWords(name: string, account: Account): StorageAccount {
  const { secondaryLocation, geoReplicationStats: stats, ...settings } = account.properties;
  const lastSyncAt = stats?.lastSyncTime?.getTime();
  return {
    name,
    ...stateOf(account),
    ...(secondaryLocation && { secondary: shortRegion(secondaryLocation) }),
    // Azure writes a date of long ago where it does not know.
    ...(lastSyncAt !== undefined && lastSyncAt > 0 && { lastSyncAt }),
    ...(stats?.status && { copyStatus: stats.status }),
    canFailOver: stats?.canFailover ?? false,
    canFailOverPlanned: stats?.canPlannedFailover ?? false,
    afterUnplanned: stats?.postFailoverRedundancy ?? 'Standard_LRS',
    afterPlanned: stats?.postPlannedFailoverRedundancy ?? account.sku.name,
    obstacles: [
      ...(settings.isHnsEnabled ? ['a hierarchical namespace'] : []),
      ...(settings.isNfsV3Enabled ? ['NFS 3.0'] : []),
      ...(settings.isSftpEnabled ? ['SFTP'] : []),
    ],
    busy: isBusy(account),
  };
}

function word(state: StorageState | null, kept: boolean): string {
  if (!state) return 'none';
  const { primary, redundancy, dataLossAllowed } = state;
  const more = [...(kept ? [redundancy] : []), ...(dataLossAllowed ? ['by force'] : [])];
  return more.length === 0 ? primary : `${primary} (${more.join(', ')})`;
}
