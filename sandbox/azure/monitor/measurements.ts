import { containerAppType } from '../container-app.ts';
import type { Estate } from '../estate.ts';
import { gatewayType } from '../gateway.ts';
import { minuteLike } from '../telemetry/flows.ts';
import { appMeanMs, cpuPercent, memoryPercent } from '../telemetry/load-model.ts';
import { measuredResources } from '../telemetry/resource-metrics.ts';
import { backendAt, capacityOf, isOnline, type Traffic, type TrafficWorld } from '../traffic.ts';
import { isAnswered, profileType } from '../traffic-profile.ts';

/** One series at one moment. */
export interface Measurement {
  readonly resourceId: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** A level as it is; of a rate, events a second. */
  readonly value: number;
  readonly isRate: boolean;
}

/** Measured here, by their dimensions. */
const ownMeasurements = new Set([containerAppType, gatewayType, profileType]);
/** Of a replica. */
const cores = 1;
const memoryBytes = 2 * 1024 ** 3;
/** A gateway's two instances probe each backend every 30 s. */
const probesPerSecond = 2 / 30;

/** Everything that the emulated estate's resources measure at one moment. */
export function measure(estate: Estate, traffic: Traffic, at: number): Measurement[] {
  return [
    ...ofApps(estate, traffic, at),
    ...ofGateways(estate, traffic, at),
    ...ofProfile(estate, at),
    ...ofOthers(estate, at),
  ];
}

/** API Management, Front Door, storage and databases: what the metrics service says of a minute like this moment. */
function ofOthers(estate: Estate, at: number): Measurement[] {
  const minute = minuteLike(estate, at);
  return [...measuredResources(estate).values()].flatMap(({ id, type, metrics }) =>
    ownMeasurements.has(type)
      ? []
      : [...metrics.values()].flatMap((metric): Measurement[] => {
          const isRate = 'total' in metric;
          const value = isRate ? metric.total(minute) : metric.average(minute);
          if (value === undefined) return [];
          return [{ resourceId: id, metric: metric.name, dimensions: {}, value: isRate ? value / 60 : value, isRate }];
        }),
  );
}

function ofApps(world: TrafficWorld, traffic: Traffic, at: number): Measurement[] {
  return [...world.apps.values()].flatMap((app) => {
    const { name } = app.cell;
    const works = world.works(name);
    const { all, serving } = app.replicas(at);
    const { served = 0, demand = 0, errorShare = 0, servedBy = [] } = traffic.get(name) ?? {};
    const capacity = capacityOf(app, works, at);
    const load = capacity === 0 ? 0 : served / capacity;
    // A broken app answers the gateway's probes with 503, and nobody else asks it; a full one turns requests away.
    const broken = !works && serving > 0 ? probesPerSecond : 0;
    const refused = works && servedBy.includes(name) ? demand * errorShare : 0;
    const level = (metric: string, value: number) => ({
      resourceId: app.id,
      metric,
      dimensions: {},
      value,
      isRate: false,
    });
    const requests = (category: string, value: number) => ({
      resourceId: app.id,
      metric: 'Requests',
      dimensions: { statusCodeCategory: category },
      value,
      isRate: true,
    });
    if (all === 0) return [level('Replicas', 0)];
    const cpu = works ? cpuPercent(load) : 1;
    const memory = works ? memoryPercent(load) / 100 : 0.1;
    return [
      requests('2xx', served),
      requests('5xx', broken + refused),
      level('Replicas', all),
      level('RestartCount', works ? 0 : 4),
      level('CpuPercentage', cpu),
      level('UsageNanoCores', (cpu / 100) * cores * 1e9),
      level('MemoryPercentage', memory * 100),
      level('WorkingSetBytes', memory * memoryBytes),
      ...(served > 0 ? [level('ResponseTime', appMeanMs(load))] : []),
    ];
  });
}

function ofGateways(world: TrafficWorld, traffic: Traffic, at: number): Measurement[] {
  return [...world.gateways.values()].flatMap(({ id, pools }) =>
    [...pools].flatMap(([pool, addresses]) => {
      const backends = addresses.map((address) => backendAt(world, address, at));
      const up = backends.filter((backend) => backend.up).length;
      const { demand = 0, errorShare = 0 } = traffic.get(pool.replace(/-backend$/, '')) ?? {};
      const series = (metric: string, value: number, isRate: boolean) => ({
        resourceId: id,
        metric,
        dimensions: { BackendSettingsPool: pool },
        value,
        isRate,
      });
      return [
        series('HealthyHostCount', up, false),
        series('UnhealthyHostCount', backends.length - up, false),
        series('TotalRequests', demand, true),
        series('FailedRequests', demand * errorShare, true),
      ];
    }),
  );
}

function ofProfile(world: TrafficWorld, at: number): Measurement[] {
  const { profile } = world;
  const online = (region: string) => isOnline(world, region, at);
  // Of those who are at home where the first endpoint is; 4 questions a second.
  const answers = profile.answers(profile.endpoints[0]?.region ?? '', online);
  return profile.endpoints
    .filter(({ endpointStatus }) => profile.status === 'Enabled' && endpointStatus === 'Enabled')
    .flatMap((endpoint) => {
      const series = (metric: string, value: number, isRate: boolean) => ({
        resourceId: profile.id,
        metric,
        dimensions: { EndpointName: endpoint.name },
        value,
        isRate,
      });
      return [
        series(
          'ProbeAgentCurrentEndpointStateByProfileResourceId',
          isAnswered(profile.healthOf(endpoint, online)) ? 1 : 0,
          false,
        ),
        series('QpsByEndpoint', 4 * (answers.get(endpoint.region) ?? 0), true),
      ];
    });
}
