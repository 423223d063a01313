import type { Estate } from '../estate.ts';
import { gatewayType } from '../gateway.ts';
import { profileType } from '../traffic-profile.ts';
import { type Dimension, type MeasuredResource, resource, type Value } from './measured-resource.ts';
import type { RequestMinute } from './request-history.ts';

/**
 * What the minutes that passed say of the ways in: a Traffic Manager endpoint was online while a cell of its region
 * worked, a pool's backends were healthy while its cell did. Names and dimensions: “Supported metrics with Azure
 * Monitor”. Not kept: pools and endpoints that were changed since; the past is told of those that are there now.
 */
export function profileMetrics(estate: Estate): MeasuredResource {
  const { profile } = estate;
  const state =
    (region: string): Value =>
    (minute) =>
      Number(regionWorked(estate, region, minute));
  return resource(profile.id, profileType, 'global', {
    ProbeAgentCurrentEndpointStateByProfileResourceId: {
      unit: 'Count',
      average: (minute) => Math.max(0, ...profile.endpoints.map(({ region }) => state(region)(minute) ?? 0)),
      split: ({ name, value }) => {
        const endpoint = same(name, 'EndpointName') && profile.endpoints.find((one) => same(one.name, value));
        return endpoint ? { average: state(endpoint.region) } : undefined;
      },
    },
  });
}

export function gatewayMetrics(estate: Estate): MeasuredResource[] {
  return estate.regions.flatMap(({ name: region }) => {
    const gateway = estate.gateways.get(region);
    if (!gateway) return [];
    const pools = () => [...gateway.pools.keys()];
    const addresses = (pool: string) => gateway.pools.get(pool)?.length ?? 0;
    const works = (pool: string, { cells }: RequestMinute) =>
      cells.find(({ cell }) => cell === cellOf(pool))?.works ?? true;
    const hosts = (up: boolean) => (pool: string, minute: RequestMinute) =>
      works(pool, minute) === up ? addresses(pool) : 0;
    const requests =
      (part: 'all' | 'failed') =>
      (pool: string, { tenants }: RequestMinute) =>
        tenants
          .filter((flow) => flow.region === region && flow.cell === cellOf(pool))
          .reduce((sum, flow) => sum + (part === 'all' ? flow.requests : flow.failed), 0);
    const overall =
      (of: (pool: string, minute: RequestMinute) => number): Value =>
      (minute) =>
        pools().reduce((sum, pool) => sum + of(pool, minute), 0);
    const ofPool = (of: (pool: string, minute: RequestMinute) => number, { name, value }: Dimension) => {
      const pool = same(name, 'BackendSettingsPool') && pools().find((one) => same(one, value.split('~')[0] ?? ''));
      return pool ? (minute: RequestMinute) => of(pool, minute) : undefined;
    };
    const level = (of: (pool: string, minute: RequestMinute) => number) => ({
      unit: 'Count',
      average: overall(of),
      split: (dimension: Dimension) => {
        const average = ofPool(of, dimension);
        return average && { average };
      },
    });
    const rate = (of: (pool: string, minute: RequestMinute) => number) => ({
      unit: 'Count',
      total: overall(of),
      split: (dimension: Dimension) => {
        const total = ofPool(of, dimension);
        return total && { total };
      },
    });
    return [
      resource(gateway.id, gatewayType, region, {
        HealthyHostCount: level(hosts(true)),
        UnhealthyHostCount: level(hosts(false)),
        TotalRequests: rate(requests('all')),
        FailedRequests: rate(requests('failed')),
      }),
    ];
  });
}

function regionWorked(estate: Estate, region: string, { cells }: RequestMinute): boolean {
  const there = new Set(estate.cells().flatMap((one) => (one.region.name === region ? [one.cell.name] : [])));
  return cells.some(({ cell, works }) => works && there.has(cell));
}

function cellOf(pool: string): string {
  return pool.replace(/-backend$/, '');
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
