import type { ResourceKind } from './resource-kind.ts';

/**
 * Where an account takes writes (region in Azure's short form), and how its data is kept (`Standard_RAGRS`, as Azure
 * says). `dataLossAllowed` is no state but a consent, as with SQL: with it the failover is unplanned.
 */
export type StorageState = { primary: string; redundancy: string; dataLossAllowed?: true };

export interface StorageAccount {
  readonly name: string;
  readonly primary: string;
  /** The paired region that has the copy; absent: there is no copy. */
  readonly secondary?: string;
  readonly redundancy: string;
  /** Everything written before this moment is in the copy, ms since 1970; absent: Azure does not say. */
  readonly lastSyncAt?: number;
  /** `Live`, `Bootstrap` (the copy is being made), `Unavailable`; absent: no copy. */
  readonly copyStatus?: string;
  /** Azure's own word on what the account can do now; both regions are needed for a planned failover. */
  readonly canFailOver: boolean;
  readonly canFailOverPlanned: boolean;
  /** What its redundancy is after either. */
  readonly afterUnplanned: string;
  readonly afterPlanned: string;
  /** Settings that stand in the way of a failover, as words: `a hierarchical namespace`. */
  readonly obstacles: readonly string[];
  /** Azure is at work on it. */
  readonly busy: boolean;
}

/**
 * Kind `storage-account`; ref id: ARM id of the account. A write fails the account over when its primary shall change,
 * planned or, with the consent, unplanned (then it is locally redundant afterwards); else it changes the redundancy.
 * Both are long-running. `pending` waits until the copy of a geo-redundant account is there.
 */
export interface StoragePort extends ResourceKind<StorageState> {
  /** undefined: there is no such account. */
  account(accountId: string, signal: AbortSignal): Promise<StorageAccount | undefined>;
}
