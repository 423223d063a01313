import { AutomationAccounts } from './automation-jobs.ts';
import { ContainerApp } from './container-app.ts';
import { DataLayer } from './data-layer.ts';
import { DnsView } from './dns-view.ts';
import { FrontDoor } from './front-door.ts';
import { Gateway } from './gateway.ts';
import { type CellLayout, guideRegions, type RegionLayout } from './layout.ts';
import { MetricHistory } from './metric-history.ts';
import type { ActionGroup, LogAlertRule, MetricAlertRule } from './monitor/alert-rule.ts';
import { seedActionGroup, seedAlertRules } from './monitor/seeded-rules.ts';
import { Operations } from './operations.ts';
import { CellStores } from './recovery/cell-stores.ts';
import { ResourceHealth } from './resource-health.ts';
import type { Silence } from './silence.ts';
import { StorageAccounts } from './storage-accounts.ts';
import { withDropped } from './telemetry/dropped-connections.ts';
import { flowsAt } from './telemetry/flows.ts';
import { RequestHistory } from './telemetry/request-history.ts';
import { databaseId } from './telemetry/resources.ts';
import { type SeededTenant, seedTenants } from './tenants.ts';
import { isOnline, routeTraffic, type Traffic } from './traffic.ts';
import { TrafficProfile } from './traffic-profile.ts';
import { Upkeep } from './upkeep.ts';

export interface EstateOptions {
  readonly now: () => number;
  readonly seed: number;
  readonly replicaDelayMs: number;
  /** Default: the guide's. */
  readonly regions?: readonly RegionLayout[];
  /** Of Traffic Manager's answers; default 0. */
  readonly dnsTtlSeconds?: number;
}

/** Cores of a new environment of container apps (“Quotas for Azure Container Apps”). */
export const usualCores = 100;

/** Everything there is in the emulated subscription, and how it behaves. */
export class Estate {
  readonly regions: readonly RegionLayout[];
  /** By region. */
  readonly gateways: ReadonlyMap<string, Gateway>;
  /** By cell. */
  readonly apps: ReadonlyMap<string, ContainerApp>;
  /** By id in small letters. */
  readonly silences = new Map<string, Silence>();
  /** Cells whose storage account is slow. */
  readonly slowStorage = new Set<string>();
  /** By id in small letters; a changed rule is a new object. */
  readonly alertRules = new Map<string, MetricAlertRule>(byId(seedAlertRules()));
  /** By id in small letters; a changed rule is a new object. */
  readonly logRules = new Map<string, LogAlertRule>();
  /** By id in small letters. */
  readonly actionGroups = new Map<string, ActionGroup>(byId([seedActionGroup()]));
  readonly profile: TrafficProfile;
  readonly dns: DnsView;
  readonly data: DataLayer;
  readonly storage: StorageAccounts;
  /** Cores that an environment of container apps may have. */
  coreLimit = usualCores;
  readonly frontDoor: FrontDoor;
  /** What each cell keeps its data in. */
  readonly stores: CellStores;
  /** With the demand that they have now. */
  tenants: readonly SeededTenant[];
  readonly #seeded: readonly SeededTenant[];
  /** By cell, where it is not the usual. */
  readonly demandTimes = new Map<string, number>();
  readonly operations = new Operations();
  /** What maintenance finds. */
  readonly upkeep: Upkeep;
  readonly automation: AutomationAccounts;
  /** Azure's own word on its resources. */
  readonly health: ResourceHealth;
  /** Cells whose copy cannot serve. */
  readonly failed = new Set<string>();
  /** Regions of which nothing answers. */
  readonly failedRegions = new Set<string>();
  /** Regions whose metrics host does not answer. */
  readonly metricsAway = new Set<string>();
  /** What people did by hand, for the activity log. */
  readonly byHand: { at: number; caller: string; resourceId: string; operation: string }[] = [];
  readonly history: MetricHistory;
  readonly requests: RequestHistory;
  readonly now: () => number;
  readonly seed: number;
  readonly #listeners = new Set<() => void>();

  constructor({ now, seed, replicaDelayMs, regions = guideRegions, dnsTtlSeconds = 0 }: EstateOptions) {
    this.now = now;
    this.seed = seed;
    this.upkeep = new Upkeep(now());
    this.automation = new AutomationAccounts(now());
    this.regions = regions;
    this.#seeded = seedTenants(regions);
    this.tenants = this.#seeded;
    this.profile = new TrafficProfile(regions, dnsTtlSeconds);
    this.dns = new DnsView(this.profile);
    this.data = new DataLayer(regions);
    this.storage = new StorageAccounts(regions, now());
    this.frontDoor = new FrontDoor(regions, now());
    this.stores = new CellStores(this.cells(), now());
    this.gateways = new Map(this.regions.map((region) => [region.name, new Gateway(region)]));
    this.apps = new Map(
      this.cells().map(({ region, cell }) => [cell.name, new ContainerApp(region, cell, replicaDelayMs, now)]),
    );
    this.health = new ResourceHealth(this, now());
    this.#lookAtDns(now());
    this.history = new MetricHistory((at) => this.#sample(at), now());
    this.requests = new RequestHistory(
      (at, asIfWell) => withDropped(flowsAt(this, at, asIfWell), (cell) => this.#switchedAt(cell), at),
      now(),
    );
  }

  cells(): { region: RegionLayout; cell: CellLayout }[] {
    return this.regions.flatMap((region) => region.cells.map((cell) => ({ region, cell })));
  }

  app(cell: string): ContainerApp {
    const app = this.apps.get(cell);
    if (!app) throw new Error(`The estate has no cell ${cell}.`);
    return app;
  }

  #switchedAt(name: string): number | undefined {
    const { region, cell } = this.app(name);
    return this.stores.purchaseOf(databaseId(region, cell)).switchedAt;
  }

  traffic(at: number): Traffic {
    return routeTraffic(this, at);
  }

  #sample(at: number) {
    const traffic = this.traffic(at);
    return new Map(
      [...this.apps].map(([cell, app]) => [
        cell,
        { served: traffic.get(cell)?.served ?? 0, replicas: app.replicas(at).all },
      ]),
    );
  }

  /** A cell's tenants ask for so many times as much as usual; 1: as usual. */
  setDemand(cell: string, times: number): void {
    this.demandTimes.set(this.app(cell).cell.name, times);
    if (times === 1) this.demandTimes.delete(cell);
    this.tenants = this.#seeded.map((tenant) => ({
      ...tenant,
      requestsPerSecond: tenant.requestsPerSecond * (this.demandTimes.get(tenant.record.cellName) ?? 1),
    }));
  }

  works(cell: string): boolean {
    return !this.failed.has(cell) && this.regionWorks(this.apps.get(cell)?.region.name ?? '');
  }

  regionWorks(region: string): boolean {
    return !this.failedRegions.has(region);
  }

  #lookAtDns(now: number): void {
    const known = new Map<string, boolean>();
    const online = (region: string) => {
      const is = known.get(region) ?? isOnline(this, region, now);
      known.set(region, is);
      return is;
    };
    this.dns.update(
      this.regions.map(({ name }) => name),
      online,
      now,
    );
  }

  /** Lets time pass up to now: operations end, traffic flows. */
  settle(): void {
    const now = this.now();
    this.operations.settle(now);
    for (const app of this.apps.values()) app.settle(now);
    this.data.settle((region) => this.regionWorks(region), now);
    this.storage.settle((region) => this.regionWorks(region), now);
    this.health.settle(now);
    this.#lookAtDns(now);
    this.history.advance(now);
    this.requests.advance(now);
  }

  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

function byId<T extends { readonly id: string }>(resources: readonly T[]): (readonly [string, T])[] {
  return resources.map((resource) => [resource.id.toLowerCase(), resource] as const);
}
