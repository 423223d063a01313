import { globalGroup, providerId, type RegionLayout } from './layout.ts';

/** How long a secondary is seeded anew after its region came back from a forced failover, or replication began again. */
const seedingMs = 8_000;
/** How long Cosmos waits before it moves the writes of a lost region by itself; Azure says minutes. */
const cosmosNoticesMs = 5_000;

export type ReplicationState = 'CATCH_UP' | 'SEEDING' | 'SUSPENDED';

/** The failover group of two SQL servers, and the Cosmos account of all regions. */
export class DataLayer {
  readonly servers: readonly { readonly name: string; readonly region: RegionLayout; readonly id: string }[];
  readonly cosmosId = providerId(globalGroup, 'Microsoft.DocumentDB/databaseAccounts', 'cosmos-global-stamps');
  /** Index into `servers`. */
  primary = 0;
  /** By failover priority. */
  cosmosRegions: RegionLayout[];
  automaticFailover = true;
  /** What somebody switched off. */
  replicates = true;
  /** The group goes on saying `CATCH_UP` when the region of its primary is lost. */
  lossUntold = false;
  #primaryWorks = true;
  /** A forced failover leaves the other side behind until it is seeded anew. */
  #behind = false;
  #seedingSince: number | undefined;
  #writesLostAt: number | undefined;

  constructor(regions: readonly RegionLayout[]) {
    this.servers = regions.slice(0, 2).map((region) => {
      const name = `sql-stamps-${region.name}`;
      return { name, region, id: providerId(region.resourceGroup, 'Microsoft.Sql/servers', name) };
    });
    this.cosmosRegions = [...regions];
  }

  settle(works: (region: string) => boolean, now: number): void {
    this.#primaryWorks = this.servers.every(({ region }, at) => at !== this.primary || works(region.name));
    const linked = this.replicates && this.servers.every(({ region }) => works(region.name));
    if (!linked) {
      this.#behind = true;
      this.#seedingSince = undefined;
    } else if (this.#behind) {
      this.#seedingSince ??= now;
      if (now - this.#seedingSince >= seedingMs) {
        this.#behind = false;
        this.#seedingSince = undefined;
      }
    }
    this.#settleCosmos(works, now);
  }

  /** As the group says. */
  get replication(): ReplicationState {
    return this.lossUntold && !this.#primaryWorks ? 'CATCH_UP' : this.#replication;
  }

  get #replication(): ReplicationState {
    if (!this.#behind) return 'CATCH_UP';
    return this.#seedingSince === undefined ? 'SUSPENDED' : 'SEEDING';
  }

  /** The server at this index takes over. Planned: only while it has everything. Answers whether it did. */
  failOver(to: number, forced: boolean): boolean {
    if (this.primary === to) return true;
    if (!forced && this.#replication !== 'CATCH_UP') return false;
    if (forced) this.#behind = true;
    this.primary = to;
    return true;
  }

  #settleCosmos(works: (region: string) => boolean, now: number): void {
    const [writes] = this.cosmosRegions;
    const next = this.cosmosRegions.find(({ name }) => works(name));
    if (!writes || works(writes.name) || !next || !this.automaticFailover) {
      this.#writesLostAt = undefined;
      return;
    }
    this.#writesLostAt ??= now;
    if (now - this.#writesLostAt < cosmosNoticesMs) return;
    this.cosmosRegions = [next, ...this.cosmosRegions.filter((region) => region !== next)];
    this.#writesLostAt = undefined;
  }
}
