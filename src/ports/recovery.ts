import type { Cell } from '../domain/estate.ts';
import type { StoreFinding } from '../domain/recovery.ts';
import type { TableRows } from '../domain/table-rows.ts';
import type { ResourceKind } from './resource-kind.ts';

/** A copy of a store as it was at a moment. `from`: ARM id of the original. `at`: ISO 8601, UTC, whole seconds. */
export type CopyState = { from: string; at: string };

/**
 * What the last restore over an account's blobs left. `at`: Stamps put them back to that moment (ISO 8601, UTC), and they
 * can go to where they were before it. `restoreId`: as a restore left them that somebody else asked for.
 */
export type BlobRestoreState = { at?: string; restoreId?: string };

/** `deletedAt`: ISO 8601; present: it is deleted, and Azure still keeps it. `locked`: its blobs must not be changed. */
export interface BlobContainer {
  readonly name: string;
  readonly deletedAt?: string;
  readonly locked: boolean;
}

/** What is known of a store's content. Absent: Azure does not say (yet). */
export interface StoreContent {
  readonly bytes?: number;
  readonly documents?: number;
  /** Of Cosmos: `database/container`, sorted. */
  readonly containers?: readonly string[];
}

/**
 * Restore points, and copies of a cell's stores.
 *
 * Kind `sql-copy`; ref id: ARM id of the copy, a database on the server of its original. Kind `cosmos-copy`; ref id: ARM
 * id of the copy, an account of its own. A write makes it from the backups of the original, long-running; `null` deletes
 * it, and only what Stamps made. `pending` waits until it takes connections.
 *
 * Kind `blob-restore`; ref id: ARM id of a storage account. A write puts all of its block blobs back to a moment, over
 * what is there, long-running; nobody reads or writes them meanwhile. `null` puts them back to the moment just before.
 */
export interface RecoveryPort {
  /** SQL, blobs and Cosmos, in this order. What cannot be restored is a finding, not an error. */
  ranges(cell: Cell, signal: AbortSignal): Promise<StoreFinding[]>;
  /** The one of these for blobs, without the others' many calls. */
  blobRange(cell: Cell, signal: AbortSignal): Promise<StoreFinding>;
  readonly sqlCopies: ResourceKind<CopyState>;
  readonly cosmosCopies: ResourceKind<CopyState>;
  readonly blobRestores: ResourceKind<BlobRestoreState>;
  blobContainers(storageId: string, signal: AbortSignal): Promise<BlobContainer[]>;
  /** As Azure's control plane knows it; ref ids as above, of originals as well. */
  sqlContent(databaseId: string, signal: AbortSignal): Promise<StoreContent>;
  cosmosContent(accountId: string, signal: AbortSignal): Promise<StoreContent>;
  /**
   * The rows of each table, asked of the database itself, of its catalog alone: no row is read. All of the tables, sorted,
   * or none: `not-allowed` where the app's identity may not connect or may not see all of them, with what to grant;
   * `unavailable` or `timeout` where the database or the way to it is away.
   */
  sqlRows(databaseId: string, signal: AbortSignal): Promise<readonly TableRows[]>;
  /** Who may read and write data in a Cosmos account by Entra: `principal as role`, sorted. Keys aside. */
  cosmosReaders(accountId: string, signal: AbortSignal): Promise<string[]>;
}
