import type { RegionLayout } from '../layout.ts';

/** Azure's `BlobRestoreStatus`. */
export interface BlobRestore {
  readonly restoreId: string;
  status: 'InProgress' | 'Complete' | 'Failed';
  failureReason?: string;
  readonly parameters: {
    readonly timeToRestore: string;
    readonly blobRanges: readonly { readonly startRange: string; readonly endRange: string }[];
  };
}

/** What is in an account's containers, as far as it matters here: which content, and whether it is whole. */
interface Content {
  readonly name: string;
  readonly whole: boolean;
}

/** A storage account's blobs. A restore is one more change: what was there before can be restored as well. */
export class BlobStore {
  readonly id: string;
  readonly region: RegionLayout;
  readonly createdAt: number;
  /** Whether Azure may restore its blobs, which needs versioning, the change feed and soft delete. */
  restores: boolean;
  readonly tags: Record<string, string> = {};
  readonly containers: { name: string; deletedAt?: number }[] = ['documents', 'exports', 'statements'].map((name) => ({
    name,
  }));
  /** The last one. */
  restore: BlobRestore | undefined;
  readonly #changes: { from: number; content: Content }[];

  constructor({ id, region, createdAt, restores }: Pick<BlobStore, 'id' | 'region' | 'createdAt' | 'restores'>) {
    this.id = id;
    this.region = region;
    this.createdAt = createdAt;
    this.restores = restores;
    this.#changes = [{ from: createdAt, content: { name: 'first', whole: true } }];
  }

  at(moment: number): Content {
    return (this.#changes.findLast(({ from }) => from <= moment) ?? this.#changes[0])?.content as Content;
  }

  lose(now: number): void {
    if (this.at(now).whole)
      this.#changes.push({ from: now, content: { name: `lost-${this.#changes.length}`, whole: false } });
  }

  putBack(moment: number, now: number): void {
    this.#changes.push({ from: now, content: this.at(moment) });
  }
}
