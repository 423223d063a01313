import type { RegionLayout } from './layout.ts';
import { storageId } from './telemetry/resources.ts';

/** How far the copy is behind while all is well; Azure promises nothing, and is usually below 15 minutes (MicrosoftDocs, “Azure Storage redundancy”). */
export const copyLagMs = 8_000;
/** How long a copy is made anew; in Azure that is a matter of the account's size, hours at the best. */
const bootstrapMs = 6_000;

export type StorageSku = 'Standard_LRS' | 'Standard_GRS' | 'Standard_RAGRS';

/** One storage account, its primary and, while it is geo-redundant, its copy in the paired region. */
export interface StorageAccount {
  readonly id: string;
  readonly name: string;
  /** Its two regions, wherever its primary is at the moment. */
  readonly regions: readonly [RegionLayout, RegionLayout];
  primary: RegionLayout;
  sku: StorageSku;
  /** Set when it is made; a failover is refused with it. */
  hierarchical: boolean;
  failoverInProgress: boolean;
  failedOverAt: number | undefined;
  /** Everything before this is in the copy. */
  syncedTo: number;
  bootstrapSince: number | undefined;
  /** How far its copy is behind while both regions are there. */
  lagMs: number;
  /** Its copy is made anew and never done. */
  stuck: boolean;
}

/** The accounts of the cells that serve, each with its copy in the next region. */
export class StorageAccounts {
  /** By name. */
  readonly all: ReadonlyMap<string, StorageAccount>;

  constructor(regions: readonly RegionLayout[], now: number) {
    const accounts = regions.flatMap((region, index): StorageAccount[] => {
      const pair = regions[(index + 1) % regions.length];
      if (!pair || pair === region) return [];
      return region.cells
        .filter(({ role }) => role === 'active')
        .map((cell) => {
          const id = storageId(region, cell);
          return {
            id,
            name: id.split('/').at(-1) ?? '',
            regions: [region, pair],
            primary: region,
            sku: 'Standard_RAGRS',
            hierarchical: false,
            failoverInProgress: false,
            failedOverAt: undefined,
            syncedTo: now - copyLagMs,
            bootstrapSince: undefined,
            lagMs: copyLagMs,
            stuck: false,
          };
        });
    });
    this.all = new Map(accounts.map((account) => [account.name, account]));
  }

  settle(works: (region: string) => boolean, now: number): void {
    for (const account of this.all.values()) {
      const linked = account.regions.every(({ name }) => works(name));
      if (account.bootstrapSince !== undefined) {
        // A copy that loses its original is begun anew.
        if (!linked) account.bootstrapSince = now;
        else if (now - account.bootstrapSince >= bootstrapMs) account.bootstrapSince = undefined;
      }
      if (linked && isGeo(account) && account.bootstrapSince === undefined && !account.stuck)
        account.syncedTo = now - account.lagMs;
    }
  }
}

export function isGeo({ sku }: StorageAccount): boolean {
  return sku !== 'Standard_LRS';
}

export function secondaryOf(account: StorageAccount): RegionLayout | undefined {
  return isGeo(account) ? account.regions.find((region) => region !== account.primary) : undefined;
}

/** In Azure's words. */
export function copyStatus(account: StorageAccount, works: (region: string) => boolean): string {
  if (account.bootstrapSince !== undefined || account.stuck) return 'Bootstrap';
  return works(secondaryOf(account)?.name ?? '') ? 'Live' : 'Unavailable';
}
