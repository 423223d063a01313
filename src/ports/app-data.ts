import type { Cell } from '../domain/estate.ts';
import type { ResourceKind } from './resource-kind.ts';

/** Names of the stores that a revision's settings lead to; no other part of a setting is ever shown or stored. */
export type DataPointers = { database?: string; account?: string };

/** Which revisions get how much of an app's traffic, by name; `latest` is whichever is the newest that is ready. 0–100. */
export type AppTrafficState = { weights: { revision: string; weight: number }[] };

/**
 * Where a cell's container app has its data from.
 *
 * Kind `data-revision`; ref id: ARM id of a revision. A revision that is switched off counts as none. A write makes it
 * like the one that serves, but with other pointers, or switches it on when it is there; `null` switches it off. Only in
 * multiple-revision mode does it get no traffic by itself. `pending` waits for its replicas.
 *
 * Kind `app-traffic`; ref id: ARM id of the app. Done at once.
 */
export interface AppDataPort {
  readonly revisions: ResourceKind<DataPointers>;
  readonly traffic: ResourceKind<AppTrafficState>;
  /** Where the app's traffic goes; `single` where Azure keeps one revision at a time. */
  routing(cell: Cell, signal: AbortSignal): Promise<AppTrafficState & { readonly single: boolean }>;
  /**
   * What a revision's settings lead to, for the variables that the estate file names. Throws `refused` for a variable
   * that is missing, is a secret, or does not name one store for certain.
   */
  pointers(cell: Cell, revision: string, signal: AbortSignal): Promise<DataPointers>;
}
