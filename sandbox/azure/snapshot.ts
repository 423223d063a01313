import type { CellSnapshot, EstateSnapshot } from './contract.ts';
import type { Estate } from './estate.ts';
import type { Faults } from './faults.ts';
import { healthAlertId } from './monitor/seeded-rules.ts';
import { silentUntil } from './silence.ts';
import { databaseId } from './telemetry/resources.ts';
import { capacityOf } from './traffic.ts';

/** The estate of this moment, for the page's map. */
export function snapshotOf(estate: Estate, faults: Faults): EstateSnapshot {
  estate.settle();
  const now = estate.now();
  const traffic = estate.traffic(now);
  return {
    regions: estate.regions.map((region) => ({
      name: region.name,
      gateway: estate.gateways.get(region.name)?.updating ? 'updating' : 'idle',
      ...(!estate.regionWorks(region.name) && { lost: true as const }),
      led: ledTo(estate, region.name, now),
      endpointOn: estate.profile.endpoints.some((it) => it.region === region.name && it.endpointStatus === 'Enabled'),
      writes: [
        ...(estate.data.servers[estate.data.primary]?.region === region ? (['SQL'] as const) : []),
        ...(estate.data.cosmosRegions[0] === region ? (['Cosmos'] as const) : []),
        ...([...estate.storage.all.values()].some(({ primary }) => primary === region) ? (['storage'] as const) : []),
      ],
      cells: region.cells.map((cell): CellSnapshot => {
        const app = estate.app(cell.name);
        const { demand = 0, served = 0, errorShare = 0, servedBy = [] } = traffic.get(cell.name) ?? {};
        const data = estate.stores.seenBy(region, cell, app.serving.env, now);
        const silencedUntil = silentUntil(estate.silences.values(), healthAlertId(region, cell.name), now);
        return {
          name: cell.name,
          region: region.name,
          role: cell.role,
          healthy: estate.works(cell.name),
          tenants: estate.tenants.filter(({ record }) => record.cellName === cell.name && record.status === 'active')
            .length,
          demand: tenths(demand),
          served: tenths(served),
          errorShare,
          servedBy,
          replicas: app.replicas(now).all,
          capacity: capacityOf(app, estate.works(cell.name), now),
          revisions: app.revisions.map(({ name, active }) => ({ name, active })),
          ...(silencedUntil !== undefined && { silencedUntil }),
          sql: estate.stores.boughtAs(databaseId(region, cell)),
          ...(data && { data }),
        };
      }),
    })),
    trouble: faults.trouble,
    replication: estate.data.replication,
    routing: estate.profile.routingMethod,
  };
}

/** Of the clients of all regions that have tenants. */
function ledTo(estate: Estate, region: string, now: number): number {
  const homes = estate.regions.filter(({ cells }) => cells.some(({ role }) => role === 'active'));
  const sum = homes.reduce((total, { name }) => total + (estate.dns.shares(name, now).get(region) ?? 0), 0);
  return homes.length === 0 ? 0 : sum / homes.length;
}

/** What somebody configured, by resource id; nothing that changes by itself. */
export function configurationOf(estate: Estate): unknown {
  estate.settle();
  return {
    gateways: Object.fromEntries([...estate.gateways.values()].map(({ id, goal }) => [id, structuredClone(goal)])),
    containerApps: Object.fromEntries(
      [...estate.apps.values()].map(({ id, revisions, traffic, mode, scale }) => [
        id,
        {
          traffic: structuredClone(traffic),
          // In single-revision mode revisions are Azure's to make: what was configured is the scale.
          ...(mode === 'Multiple'
            ? { active: revisions.flatMap(({ name, active }) => (active ? [name] : [])) }
            : { scale, active: revisions.some(({ active }) => active) }),
        },
      ]),
    ),
    silences: Object.fromEntries(
      [...estate.silences.values()].map(({ id, properties }) => [id, structuredClone(properties)]),
    ),
    alertRules: Object.fromEntries(
      [...estate.alertRules.values(), ...estate.logRules.values()].map(({ id, properties }) => [
        id,
        structuredClone(properties),
      ]),
    ),
    stores: estate.stores.configuration(estate.now()),
    data: {
      sqlPrimary: estate.data.servers[estate.data.primary]?.name,
      cosmosRegions: estate.data.cosmosRegions.map(({ name }) => name),
      storage: Object.fromEntries(
        [...estate.storage.all.values()].map(({ name, primary, sku }) => [name, { primary: primary.name, sku }]),
      ),
    },
    origins: estate.frontDoor.origins.map((origin) => ({ ...origin })),
    profile: estate.profile.status,
    endpoints: estate.profile.endpoints.map((endpoint) => ({ ...endpoint })),
  };
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
