import { containerAppType } from '../container-app.ts';
import { fraction } from '../demand.ts';
import type { Estate } from '../estate.ts';
import { gatewayMetrics, profileMetrics } from './entry-metrics.ts';
import {
  apimCapacityPercent,
  appMeanMs,
  cpuPercent,
  dtuPercent,
  edgeMedianMs,
  gatewayMedianMs,
  memoryPercent,
  storageOperationsPerRequest,
} from './load-model.ts';
import { type MeasuredResource, resource, type Value } from './measured-resource.ts';
import type { CellFlow, RequestMinute, TenantFlow } from './request-history.ts';
import {
  apimId,
  apimType,
  cosmosType,
  databaseId,
  databaseType,
  frontDoorId,
  frontDoorType,
  storageId,
  storageType,
} from './resources.ts';
import { vaultMetrics } from './vault-metrics.ts';

const gigabyte = 1024 ** 3;
const databaseBytes = 250 * gigabyte;
/** From when on what is stored grows. */
const epoch = Date.UTC(2026, 0, 1);
const dayMs = 86_400_000;

/** Everything of the estate that the metrics service can be asked about; names and units: “Supported metrics with Azure Monitor”. */
export function measuredResources(estate: Estate): Map<string, MeasuredResource> {
  const cells = estate.cells().flatMap(({ region, cell }) => {
    const app = estate.app(cell.name);
    const of = (minute: RequestMinute) => minute.cells.find((flow) => flow.cell === cell.name);
    const sqlCapacity = (at: number) => estate.stores.purchaseOf(database).at(at).sku.capacity;
    const whileUp = (level: (flow: CellFlow, minute: RequestMinute) => number) => (minute: RequestMinute) => {
      const flow = of(minute);
      return flow?.works ? level(flow, minute) : undefined;
    };
    const served = (each: () => number) => (minute: RequestMinute) => {
      const flow = of(minute);
      return flow && flow.served > 0 ? flow.served * each() : undefined;
    };
    const slow = () => estate.slowStorage.has(cell.name);
    const stored = (minute: RequestMinute) => storedBytes(cell.name, minute.at);
    const database = databaseId(region, cell);
    // More replicas that are as full as before ask more of the database; a larger one is less full of the same.
    const sqlPercent = (minute: RequestMinute, load: number) => {
      const usual = cell.revisions.reduce((sum, { active, replicas }) => sum + (active ? replicas : 0), 0);
      const grown = (estate.history.replicas(cell.name, minute.at) ?? usual) / usual;
      return estate.stores.purchaseOf(database).percentAt(minute.at, dtuPercent(load * grown));
    };
    return [
      resource(app.id, containerAppType, region.name, {
        Requests: {
          unit: 'Count',
          // Before what was looked at, the day's usual demand, as the other metrics have it.
          total: (minute) =>
            estate.history.reaches(minute.at)
              ? estate.history.requests(cell.name, minute.at)
              : of(minute)?.served || undefined,
          split: ({ name, value }) =>
            name.toLowerCase() === 'statuscodecategory' && value === '5xx' ? { total: errorsOf(cell.name) } : undefined,
        },
        Replicas: { unit: 'Count', average: ({ at }) => estate.history.replicas(cell.name, at) },
        CpuPercentage: { unit: 'Percent', average: whileUp(({ load }) => cpuPercent(load)) },
        MemoryPercentage: { unit: 'Percent', average: whileUp(({ load }) => memoryPercent(load)) },
        ResponseTime: {
          unit: 'MilliSeconds',
          average: (minute) => ((of(minute)?.served ?? 0) > 0 ? appMeanMs(of(minute)?.load ?? 0) : undefined),
        },
      }),
      resource(storageId(region, cell), storageType, region.name, {
        Transactions: { unit: 'Count', total: served(() => storageOperationsPerRequest * (slow() ? 0.2 : 1)) },
        SuccessE2ELatency: {
          unit: 'MilliSeconds',
          average: (minute) =>
            (of(minute)?.served ?? 0) > 0 ? (slow() ? 40 : 1) * (4 + 9 * (of(minute)?.load ?? 0)) : undefined,
        },
        UsedCapacity: { unit: 'Bytes', grainMinutes: 60, average: (minute) => 0.6 * stored(minute) },
      }),
      resource(database, databaseType, region.name, {
        // Of the type, so it may be asked for; a standby is bought by vCores, and has no value.
        dtu_consumption_percent: {
          unit: 'Percent',
          average: cell.role === 'active' ? whileUp(({ load }, minute) => sqlPercent(minute, load)) : () => undefined,
        },
        cpu_percent: { unit: 'Percent', average: whileUp(({ load }, minute) => 0.9 * sqlPercent(minute, load)) },
        dtu_limit: {
          unit: 'Count',
          average: cell.role === 'active' ? whileUp((_, { at }) => sqlCapacity(at)) : () => undefined,
        },
        cpu_limit: {
          unit: 'Count',
          average: cell.role === 'active' ? () => undefined : whileUp((_, { at }) => sqlCapacity(at)),
        },
        storage: { unit: 'Bytes', average: (minute) => 0.4 * stored(minute) },
        storage_percent: { unit: 'Percent', average: (minute) => (40 * stored(minute)) / databaseBytes },
      }),
    ];
  });
  const home = estate.regions[0]?.name ?? '';
  const all = [
    ...cells,
    ...[...estate.stores.accounts.values()].map(({ id, region, content, createdAt }) =>
      // Counted once in five minutes.
      resource(id, cosmosType, region.name, {
        DocumentCount: { unit: 'Count', total: ({ at }) => (at < createdAt ? undefined : content.documents(at) / 5) },
        DataUsage: {
          unit: 'Bytes',
          grainMinutes: 5,
          total: ({ at }) => (at < createdAt ? undefined : content.bytes(at) / 5),
        },
      }),
    ),
    resource(apimId, apimType, home, {
      Requests: { unit: 'Count', total: ({ tenants }) => some(sum(tenants, (flow) => flow.requests + flow.throttled)) },
      Duration: {
        unit: 'MilliSeconds',
        average: (minute) => weighted(minute, (flow) => appMeanMs(flow.load) + gatewayMedianMs),
      },
      BackendDuration: { unit: 'MilliSeconds', average: (minute) => weighted(minute, (flow) => appMeanMs(flow.load)) },
      Capacity: {
        unit: 'Percent',
        average: ({ tenants }) =>
          apimCapacityPercent(
            sum(tenants, ({ requests }) => requests),
            sum(tenants, ({ failed }) => failed),
          ),
      },
    }),
    resource(estate.data.cosmosId, cosmosType, home, {
      // Only while there is somewhere to copy to; nothing is measured while a region of the account is away.
      ReplicationLatency: {
        unit: 'MilliSeconds',
        average: ({ cells }) => (cells.every(({ works }) => works) ? 140 : undefined),
      },
    }),
    resource(frontDoorId, frontDoorType, 'global', {
      RequestCount: {
        unit: 'Count',
        total: ({ tenants }) => some(sum(tenants, (flow) => flow.requests + flow.throttled)),
      },
      ByteHitRatio: {
        unit: 'Percent',
        // An answer that failed is never kept.
        average: ({ at, tenants }) => {
          const failedPercent = share(tenants, ({ failed, throttled }) => failed + throttled);
          return failedPercent === undefined ? undefined : estate.frontDoor.hitPercent(at) * (1 - failedPercent / 100);
        },
      },
      Percentage5XX: { unit: 'Percent', average: ({ tenants }) => share(tenants, ({ failed }) => failed) },
      Percentage4XX: { unit: 'Percent', average: ({ tenants }) => share(tenants, ({ throttled }) => throttled) },
      TotalLatency: {
        unit: 'MilliSeconds',
        average: (minute) => weighted(minute, (flow) => appMeanMs(flow.load) + gatewayMedianMs + edgeMedianMs),
      },
      OriginLatency: {
        unit: 'MilliSeconds',
        average: (minute) => weighted(minute, (flow) => appMeanMs(flow.load) + gatewayMedianMs),
      },
    }),
  ];
  all.push(profileMetrics(estate), ...gatewayMetrics(estate), ...vaultMetrics(estate));
  return new Map(all.map((one) => [one.id.toLowerCase(), one]));
}

/** What an app answered with a 5xx: the gateway's probes while it is broken, else the requests that it could not take. */
function errorsOf(cell: string): Value {
  return ({ cells, tenants }) => {
    if (cells.find((flow) => flow.cell === cell)?.works === false) return 4;
    return sum(
      tenants.filter(({ servedBy }) => servedBy === cell),
      ({ failed }) => failed,
    );
  };
}

/** What a cell's tenants keep: between 40 and 120 GB in the beginning, a little more every day. */
function storedBytes(cell: string, at: number): number {
  const base = 40 + 80 * fraction(`stored:${cell}`);
  const perDay = 0.05 + 0.25 * fraction(`grows:${cell}`);
  return (base + (perDay * (at - epoch)) / dayMs) * gigabyte;
}

function weighted({ tenants }: RequestMinute, value: (flow: TenantFlow) => number): number | undefined {
  const served = sum(tenants, ({ requests, failed }) => requests - failed);
  return served <= 0 ? undefined : sum(tenants, (flow) => (flow.requests - flow.failed) * value(flow)) / served;
}

function share(tenants: readonly TenantFlow[], part: (flow: TenantFlow) => number): number | undefined {
  const all = sum(tenants, ({ requests, throttled }) => requests + throttled);
  return all <= 0 ? undefined : (100 * sum(tenants, part)) / all;
}

function some(value: number): number | undefined {
  return value > 0 ? value : undefined;
}

function sum(tenants: readonly TenantFlow[], value: (flow: TenantFlow) => number): number {
  return tenants.reduce((total, flow) => total + value(flow), 0);
}
