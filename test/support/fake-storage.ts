import { isGeoRedundant, stopsBetween } from '../../src/domain/storage-redundancy.ts';
import type { StorageAccount, StoragePort } from '../../src/ports/storage.ts';

/** A geo-redundant account whose copy is in the other region and ten seconds behind. */
export function fakeAccount(name: string, primary: string, secondary: string, now: number): StorageAccount {
  return {
    name,
    primary,
    secondary,
    redundancy: 'Standard_RAGRS',
    lastSyncAt: now - 10_000,
    copyStatus: 'Live',
    canFailOver: true,
    canFailOverPlanned: true,
    afterUnplanned: 'Standard_LRS',
    afterPlanned: 'Standard_RAGRS',
    obstacles: [],
    busy: false,
  };
}

/** Keeps Azure's rules: one write changes the primary or the redundancy; a forced failover leaves no copy. */
export function createFakeStorage(accounts: Map<string, StorageAccount>): StoragePort {
  const homes = new Map<string, readonly string[]>();
  return {
    kind: 'storage-account',
    via: stopsBetween,
    lost: ({ dataLossAllowed }) => dataLossAllowed && 'The account was forced over.',
    equals: (a, b) => a?.primary === b?.primary && a?.redundancy === b?.redundancy,
    describe: (before, after) =>
      `storage ${before?.primary} ${before?.redundancy} → ${after?.primary} ${after?.redundancy}`,
    async read({ id }) {
      const account = accounts.get(id);
      return { state: account ? { primary: account.primary, redundancy: account.redundancy } : null };
    },
    async write({ id }, to) {
      const account = accounts.get(id);
      if (!account || !to) throw new Error(`there is no account ${id}`);
      const regions = homes.get(id) ?? [account.primary, account.secondary ?? ''];
      homes.set(id, regions);
      if (to.primary !== account.primary && !account.secondary) throw new Error(`${account.name} has no copy`);
      if (to.primary !== account.primary && !to.dataLossAllowed && to.redundancy !== account.redundancy)
        throw new Error('one write changes the primary or the redundancy');
      const copied = isGeoRedundant(to.redundancy);
      const { secondary: _, ...rest } = account;
      const other = regions.find((region) => region !== to.primary) as string;
      accounts.set(id, {
        ...rest,
        primary: to.primary,
        redundancy: to.redundancy,
        ...(copied && { secondary: other }),
        canFailOver: copied,
        canFailOverPlanned: copied,
      });
      return {};
    },
    account: async (id) => accounts.get(id),
  };
}
