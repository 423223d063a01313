import type { CellSnapshot, EstateSnapshot } from '../contract.ts';
import type { Estate } from './estate.ts';
import type { Faults } from './faults.ts';
import { healthAlertId } from './monitor/seeded-rules.ts';
import { silentUntil } from './silence.ts';
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
      cells: region.cells.map((cell): CellSnapshot => {
        const app = estate.app(cell.name);
        const { demand = 0, served = 0, errorShare = 0, servedBy = [] } = traffic.get(cell.name) ?? {};
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
        };
      }),
    })),
    trouble: faults.trouble,
  };
}

/** What somebody configured, by resource id; nothing that changes by itself. */
export function configurationOf(estate: Estate): unknown {
  estate.settle();
  return {
    gateways: Object.fromEntries([...estate.gateways.values()].map(({ id, goal }) => [id, structuredClone(goal)])),
    containerApps: Object.fromEntries(
      [...estate.apps.values()].map(({ id, revisions, traffic }) => [
        id,
        {
          traffic: structuredClone(traffic),
          active: Object.fromEntries(revisions.map(({ name, active }) => [name, active])),
        },
      ]),
    ),
    silences: Object.fromEntries(
      [...estate.silences.values()].map(({ id, properties }) => [id, structuredClone(properties)]),
    ),
    alertRules: Object.fromEntries(
      [...estate.alertRules.values()].map(({ id, properties }) => [id, structuredClone(properties)]),
    ),
    endpoints: estate.profile.endpoints.map((endpoint) => ({ ...endpoint })),
  };
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
