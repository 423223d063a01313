import { demandOf } from '../demand.ts';
import { capacityOf, routeTraffic, type TrafficWorld } from '../traffic.ts';
import { type Flows, type RequestMinute, throttledShare } from './request-history.ts';

/** Requests a second of every tenant and cell at a moment; `asIfWell`: with no cell failed, as before the start. */
export function flowsAt(world: TrafficWorld, at: number, asIfWell: boolean): Flows {
  const { gateways, apps, profile, dns, tenants: all, seed } = world;
  const works = (cell: string) => asIfWell || world.works(cell);
  const regionWorks = (region: string) => asIfWell || world.regionWorks(region);
  const here: TrafficWorld = { gateways, apps, profile, dns, tenants: all, seed, works, regionWorks };
  const traffic = routeTraffic(here, at);
  const cells = [...apps.values()].map((app) => {
    const { name } = app.cell;
    const capacity = capacityOf(app, works(name), at);
    const { served = 0 } = traffic.get(name) ?? {};
    return {
      cell: name,
      served,
      load: capacity === 0 ? 0 : served / capacity,
      works: works(name) && app.replicas(at).all > 0,
    };
  });
  const loads = new Map(cells.map(({ cell, load }) => [cell, load]));
  const tenants = all.flatMap((tenant) => {
    const requests = demandOf(tenant, seed, at);
    if (requests === 0) return [];
    const { tenantId, cellName } = tenant.record;
    const { errorShare = 1, servedBy = [] } = traffic.get(cellName) ?? {};
    const serving = errorShare < 1 ? servedBy.find((name) => loads.has(name)) : undefined;
    return [
      {
        tenant: tenantId,
        cell: cellName,
        servedBy: serving,
        region: mostly(dns.shares(apps.get(cellName)?.region.name ?? '', at)),
        requests,
        failed: requests * errorShare,
        throttled: tenant.requestsPerSecond * throttledShare(tenantId, at),
        load: loads.get(serving ?? '') ?? 0,
      },
    ];
  });
  return { tenants, cells };
}

/** A whole minute in which everything is as at this moment. */
export function minuteLike(world: TrafficWorld, at: number): RequestMinute {
  const { tenants, cells } = flowsAt(world, at, false);
  return {
    at,
    tenants: tenants.map((flow) => ({
      ...flow,
      requests: flow.requests * 60,
      failed: flow.failed * 60,
      throttled: flow.throttled * 60,
    })),
    cells: cells.map((flow) => ({ ...flow, served: flow.served * 60 })),
  };
}

/** Where most of them are led. */
function mostly(shares: ReadonlyMap<string, number>): string {
  return [...shares].sort(([, a], [, b]) => b - a)[0]?.[0] ?? '';
}
