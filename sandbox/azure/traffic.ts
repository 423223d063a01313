import type { ContainerApp } from './container-app.ts';
import { demandOf } from './demand.ts';
import type { DnsView } from './dns-view.ts';
import type { Gateway } from './gateway.ts';
import { requestsPerSecondPerReplica } from './layout.ts';
import type { SeededTenant } from './tenants.ts';
import type { TrafficProfile } from './traffic-profile.ts';

/** How one cell fares, at one moment; requests a second. */
export interface CellTraffic {
  /** For its own tenants. */
  readonly demand: number;
  /** What it serves, for whomever. */
  readonly served: number;
  /** Of the demand, 0–1. */
  readonly errorShare: number;
  /** Cells, or addresses that are no cell's, in its pool. */
  readonly servedBy: readonly string[];
}
/** By cell. */
export type Traffic = ReadonlyMap<string, CellTraffic>;

/** What traffic depends on. */
export interface TrafficWorld {
  readonly gateways: ReadonlyMap<string, Gateway>;
  readonly apps: ReadonlyMap<string, ContainerApp>;
  readonly profile: TrafficProfile;
  readonly dns: DnsView;
  readonly tenants: readonly SeededTenant[];
  readonly seed: number;
  works(cell: string): boolean;
  /** Nothing of a region that does not work answers, its gateway neither. */
  regionWorks(region: string): boolean;
}

/** A backend behind a gateway, as its probes find it. What is no cell's answers, as a maintenance page does. */
export interface Backend {
  readonly address: string;
  /** Undefined: no cell of the estate. */
  readonly cell?: string;
  readonly up: boolean;
}

export function backendAt(world: Pick<TrafficWorld, 'apps' | 'works'>, address: string, at: number): Backend {
  const app = [...world.apps.values()].find(({ host }) => host === address);
  if (!app) return { address, up: true };
  const cell = app.cell.name;
  return { address, cell, up: world.works(cell) && app.replicas(at).serving > 0 };
}

/** A region answers Traffic Manager's probe while one of its cells can be reached through its gateway. */
export function isOnline(world: Omit<TrafficWorld, 'dns'>, region: string, at: number): boolean {
  if (!world.regionWorks(region)) return false;
  const pools = [...(world.gateways.get(region)?.pools ?? [])];
  return pools.some(
    ([name, addresses]) =>
      name !== 'maintenance-backend' && addresses.some((address) => backendAt(world, address, at).up),
  );
}

/**
 * Where all requests go: DNS leads clients to regions (dns-view.ts), each region's gateway has a pool for the tenant's
 * cell, the pool's healthy backends share alike, and what a cell has no capacity for fails. A backend that is no
 * cell's, such as a maintenance page, answers but serves nobody.
 */
export function routeTraffic(world: TrafficWorld, at: number): Traffic {
  const { apps, gateways, dns, tenants, seed } = world;
  const cells = [...apps.values()].map(({ cell, region: home }) => {
    const demand = tenants
      .filter(({ record }) => record.cellName === cell.name)
      .reduce((sum, tenant) => sum + demandOf(tenant, seed, at), 0);
    // A standby's own pool, which has no tenants of its own, is shown as it is.
    const led = cell.role === 'standby' ? new Map([[home.name, 1]]) : dns.shares(home.name, at);
    const ways = [...led].map(([region, share]) => {
      const pools = gateways.get(region)?.pools;
      const addresses = pools?.get(`${cell.name}-backend`) ?? pools?.get(`${cell.fallback}-backend`) ?? [];
      const backends = addresses.map((address) => backendAt(world, address, at));
      const up = world.regionWorks(region) ? backends.filter((backend) => backend.up) : [];
      return { demand: demand * share, share, backends, up };
    });
    return { cell: cell.name, demand, ways };
  });
  const flows = cells.flatMap(({ ways }) => ways);

  const arriving = (name: string) =>
    flows.reduce(
      (sum, { demand, up }) => sum + (demand * up.filter(({ cell }) => cell === name).length) / (up.length || 1),
      0,
    );
  const loads = new Map(
    [...apps.values()].map((app) => {
      const capacity = capacityOf(app, world.works(app.cell.name), at);
      const asked = arriving(app.cell.name);
      const served = Math.min(asked, capacity);
      return [app.cell.name, { served, servedShare: asked === 0 ? 1 : served / asked }];
    }),
  );

  const answeredShare = (up: readonly Backend[]) =>
    up.length === 0
      ? 0
      : up.reduce((sum, { cell }) => sum + (cell === undefined ? 1 : (loads.get(cell)?.servedShare ?? 0)), 0) /
        up.length;

  return new Map(
    cells.map(({ cell, demand, ways }) => {
      const answered = ways.reduce((sum, { share, up }) => sum + share * answeredShare(up), 0);
      const servedBy = ways
        .filter(({ share }) => share > 0)
        .flatMap(({ backends }) => backends.map((backend) => backend.cell ?? backend.address));
      return [
        cell,
        {
          demand,
          served: loads.get(cell)?.served ?? 0,
          errorShare: demand === 0 ? 0 : Math.max(0, 1 - answered),
          servedBy: [...new Set(servedBy)],
        },
      ];
    }),
  );
}

/** Requests a second that a cell can serve. */
export function capacityOf(app: ContainerApp, works: boolean, at: number): number {
  return works ? app.replicas(at).serving * requestsPerSecondPerReplica : 0;
}
