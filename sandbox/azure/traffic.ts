import type { ContainerApp } from './container-app.ts';
import { demandOf } from './demand.ts';
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
  readonly tenants: readonly SeededTenant[];
  readonly seed: number;
  works(cell: string): boolean;
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
export function isOnline(world: TrafficWorld, region: string, at: number): boolean {
  const pools = [...(world.gateways.get(region)?.pools ?? [])];
  return pools.some(
    ([name, addresses]) =>
      name !== 'maintenance-backend' && addresses.some((address) => backendAt(world, address, at).up),
  );
}

/**
 * Where all requests go: Traffic Manager answers with a region (a change is seen at once: the DNS's time to live is
 * not played), its gateway has a pool for the tenant's cell, the pool's healthy backends share alike, and what a
 * cell has no capacity for fails. A backend that is no cell's, such as a maintenance page, answers but serves nobody.
 */
export function routeTraffic(world: TrafficWorld, at: number): Traffic {
  const { apps, gateways, profile, tenants, seed } = world;
  const region = profile.answer((name) => isOnline(world, name, at));
  const flows = [...apps.values()].map(({ cell, region: home }) => {
    const demand = tenants
      .filter(({ record }) => record.cellName === cell.name)
      .reduce((sum, tenant) => sum + demandOf(tenant, seed, at), 0);
    // A standby's own pool, which has no tenants of its own, is shown as it is.
    const pools = gateways.get(cell.role === 'standby' ? home.name : (region ?? ''))?.pools;
    const addresses = pools?.get(`${cell.name}-backend`) ?? pools?.get(`${cell.fallback}-backend`) ?? [];
    const backends = addresses.map((address) => backendAt(world, address, at));
    return { cell: cell.name, demand, backends, up: backends.filter((backend) => backend.up) };
  });

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

  return new Map(
    flows.map(({ cell, demand, backends, up }) => {
      const answered = up.reduce(
        (sum, backend) => sum + (backend.cell === undefined ? 1 : (loads.get(backend.cell)?.servedShare ?? 0)),
        0,
      );
      return [
        cell,
        {
          demand,
          served: loads.get(cell)?.served ?? 0,
          errorShare: demand === 0 ? 0 : 1 - (up.length === 0 ? 0 : answered / up.length),
          servedBy: backends.map((backend) => backend.cell ?? backend.address),
        },
      ];
    }),
  );
}

/** Requests a second that a cell can serve. */
export function capacityOf(app: ContainerApp, works: boolean, at: number): number {
  return works ? app.replicas(at).serving * requestsPerSecondPerReplica : 0;
}
