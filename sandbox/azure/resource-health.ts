import type { FrontDoor } from './front-door.ts';
import type { Gateway } from './gateway.ts';
import { globalGroup, providerId, type RegionLayout } from './layout.ts';
import type { CellStores } from './recovery/cell-stores.ts';
import type { StorageAccounts } from './storage-accounts.ts';
import { apimId, databaseId, frontDoorId, storageId, vaultId } from './telemetry/resources.ts';
import type { TrafficProfile } from './traffic-profile.ts';
import type { Upkeep } from './upkeep.ts';

/** How long Azure needs to notice; in Azure that is minutes (SQL's logins are looked at every one or two). */
const noticedMs = 5_000;
/** How often it looks: an estate has thousands of resources. */
const looksEveryMs = 1_000;

/** What there is of the estate to be well or not. */
interface HealthWorld {
  readonly regions: readonly RegionLayout[];
  readonly gateways: ReadonlyMap<string, Gateway>;
  readonly profile: TrafficProfile;
  readonly frontDoor: FrontDoor;
  readonly data: { readonly cosmosId: string };
  readonly storage: StorageAccounts;
  readonly stores: CellStores;
  readonly upkeep: Upkeep;
  readonly slowStorage: ReadonlySet<string>;
  works(cell: string): boolean;
  regionWorks(region: string): boolean;
}

/** What Azure says of a resource, once it has noticed. */
export interface Word {
  readonly availabilityState: 'Available' | 'Unavailable' | 'Degraded' | 'Unknown';
  readonly reasonType: '' | 'Unplanned' | 'UserInitiated';
  readonly context: 'Not Applicable' | 'Platform Initiated' | 'Customer Initiated';
  readonly category: 'Not Applicable' | 'Unplanned';
  readonly summary: string;
}

const nobody = { reasonType: '', context: 'Not Applicable', category: 'Not Applicable' } as const;
const platform = { reasonType: 'Unplanned', context: 'Platform Initiated', category: 'Unplanned' } as const;
const customer = { reasonType: 'UserInitiated', context: 'Customer Initiated', category: 'Not Applicable' } as const;
const well: Word = {
  ...nobody,
  availabilityState: 'Available',
  summary: 'No problem of the Azure platform is known that affects this resource.',
};
const away: Word = {
  ...platform,
  availabilityState: 'Unavailable',
  summary: 'This resource is unavailable because of a problem in its region. Azure is working on it.',
};
const noLogins: Word = {
  ...platform,
  availabilityState: 'Unavailable',
  summary: 'Logins to this database fail because of a system error.',
};
const slow: Word = {
  ...platform,
  availabilityState: 'Degraded',
  summary: 'Requests to this storage account take longer than usual.',
};
const partly: Word = {
  ...platform,
  availabilityState: 'Degraded',
  summary: 'This resource is unavailable in some of its regions.',
};
const stopped: Word = {
  ...customer,
  availabilityState: 'Unavailable',
  summary: 'This resource was disabled as an authorized user or process asked for.',
};
const silent: Word = {
  ...nobody,
  availabilityState: 'Unknown',
  summary: 'Azure has received no information about this resource for more than 10 minutes.',
};

interface Entry {
  readonly id: string;
  readonly location: string;
  truth: Word;
  since: number;
  told: { readonly word: Word; readonly since: number };
}

/**
 * Azure's own word on every resource of a kind that it watches, a while after it became so. Rules kept, after
 * MicrosoftDocs, “Resource Health overview” and “Resource types and health checks in Azure resource health”: container
 * apps, SQL servers and Automation accounts are not watched; Unavailable is told apart by whether the platform or
 * somebody's own hand is behind it; Degraded serves, and less well; Unknown is what sends nothing, as a database that
 * is being made. The emulator's own choices: a cell that has failed has a database that refuses logins, and its texts.
 */
export class ResourceHealth {
  readonly #world: HealthWorld;
  readonly #entries = new Map<string, Entry>();
  #lookedAt: number;

  constructor(world: HealthWorld, now: number) {
    this.#world = world;
    this.#lookedAt = now;
    for (const [id, location, word] of this.#watched()) {
      const told = { word, since: now };
      this.#entries.set(id.toLowerCase(), { id, location, truth: word, since: now, told });
    }
  }

  /** Azure notices what has been so for long enough, and forgets what is no more. */
  settle(now: number): void {
    if (now - this.#lookedAt < looksEveryMs) return;
    this.#lookedAt = now;
    const gone = new Set(this.#entries.keys());
    for (const [id, location, word] of this.#watched()) {
      const key = id.toLowerCase();
      gone.delete(key);
      const entry = this.#entries.get(key);
      if (!entry) {
        const told = { word: silent, since: now };
        this.#entries.set(key, { id, location, truth: word, since: now, told });
        continue;
      }
      if (entry.truth !== word) {
        entry.truth = word;
        entry.since = now;
      }
      if (entry.told.word !== word && now - entry.since >= noticedMs) entry.told = { word, since: entry.since };
    }
    for (const key of gone) this.#entries.delete(key);
  }

  all(): { readonly id: string; readonly location: string; readonly word: Word; readonly since: number }[] {
    return [...this.#entries.values()].map(({ id, location, told }) => ({ id, location, ...told }));
  }

  *#watched(): Iterable<readonly [string, string, Word]> {
    const { regions, gateways, profile, frontDoor, data, storage, stores, upkeep, slowStorage } = this.#world;
    const here = (region: string, word = well) => (this.#world.regionWorks(region) ? word : away);
    const lost = regions.filter(({ name }) => !this.#world.regionWorks(name)).length;
    const everywhere = lost === 0 ? well : lost < regions.length ? partly : away;
    yield [profile.id, 'global', profile.status === 'Enabled' ? well : stopped];
    yield [frontDoorId, 'global', frontDoor.endpoint.enabledState === 'Enabled' ? well : stopped];
    yield [apimId, regions[0]?.name ?? '', everywhere];
    yield [data.cosmosId, regions[0]?.name ?? '', everywhere];
    for (const { id, region } of gateways.values()) yield [id, region.name, here(region.name)];
    for (const vault of upkeep.keyVaults) {
      const region = vault.replace('kv-stamps-', '');
      yield [vaultId(vault), region, here(region)];
    }
    const failing = new Set<string>();
    const dragging = new Set<string>();
    for (const region of regions) {
      for (const cell of region.cells) {
        if (!this.#world.works(cell.name)) failing.add(databaseId(region, cell).toLowerCase());
        if (slowStorage.has(cell.name)) dragging.add(storageId(region, cell));
      }
    }
    for (const [key, { id, region, status }] of stores.databases)
      yield [id, region.name, status === 'ready' ? here(region.name, failing.has(key) ? noLogins : well) : silent];
    for (const { id, region, status } of stores.accounts.values())
      yield [id, region.name, status === 'ready' ? here(region.name) : silent];
    for (const { id, region } of stores.blobs.values()) {
      const at = storage.all.get(id.split('/').at(-1) ?? '')?.primary ?? region;
      yield [id, at.name, here(at.name, dragging.has(id) ? slow : well)];
    }
    // Made in vain: it never sent anything.
    yield [providerId(globalGroup, 'Microsoft.Cache/redis', 'redis-stamps-eastus'), 'eastus', silent];
  }
}
