import type { Estate } from '../../src/domain/estate.ts';
import type { Json } from '../../src/domain/json.ts';
import { sameState } from '../../src/domain/plan.ts';
import type {
  ActivityEntry,
  AzurePorts,
  ContainerApp,
  CosmosAccount,
  EndpointState,
  FrontDoorEndpoint,
  Origin,
  ScaleState,
  SqlFailoverGroup,
  TrafficEndpoint,
  TrafficProfile,
} from '../../src/ports/azure.ts';
import type { ProbesPort } from '../../src/ports/probes.ts';
import type { ResourceKind } from '../../src/ports/resource-kind.ts';
import type { StorageAccount } from '../../src/ports/storage.ts';
import { createFakeStorage } from './fake-storage.ts';

type DisasterPorts = Pick<
  AzurePorts,
  'traffic' | 'scale' | 'frontDoor' | 'sql' | 'cosmosAccounts' | 'storageAccounts' | 'activity'
>;

export interface FakeDisaster {
  readonly ports: DisasterPorts;
  readonly kinds: readonly ResourceKind[];
  readonly probes: ProbesPort;
  profile: { routingMethod: string; ttlSeconds: number; monitorStatus?: string };
  /** By region. */
  readonly endpoints: Map<string, TrafficEndpoint & EndpointState>;
  readonly origins: Origin[];
  sql: SqlFailoverGroup;
  /** Other failover groups than `sql`, by name. */
  readonly otherSql: Map<string, SqlFailoverGroup>;
  cosmos: CosmosAccount;
  /** By id; a cell without one has no account. */
  readonly storage: Map<string, StorageAccount>;
  readonly activity: ActivityEntry[];
  /** Is there more of it than is read? */
  activityIsLong: boolean;
  /** By region: what its probe answers; absent: 200. */
  readonly probeStatus: Map<string, number>;
  readonly probeTookMs: Map<string, number>;
  /** The names at which Front Door answers. */
  readonly entries: FrontDoorEndpoint[];
  configuration(): Record<string, Json>;
}

/** One endpoint and one origin a region, in order of priority; SQL and Cosmos write in the first region. */
export function createFakeDisaster(
  estate: Estate,
  apps: Map<string, ContainerApp>,
  failing: (call: string) => void,
): FakeDisaster {
  const regions = estate.regions.map(({ name }) => name);
  const endpoints: FakeDisaster['endpoints'] = new Map(
    regions.map((name, index) => [
      name,
      {
        id: `${estate.trafficManagerId}/externalEndpoints/${name}-endpoint`,
        name: `${name}-endpoint`,
        target: `${name}.example.net`,
        location: name,
        enabled: true,
        monitorStatus: 'Online',
        priority: index + 1,
        weight: 1,
      },
    ]),
  );
  const origins: Origin[] = regions.map((name) => ({
    id: `${estate.originGroupId}/origins/${name}-origin`,
    name: `${name}-origin`,
    hostName: `${name}.example.net`,
    enabled: true,
  }));
  const activity: ActivityEntry[] = [];
  const probeStatus: FakeDisaster['probeStatus'] = new Map();
  const entries: FrontDoorEndpoint[] = [
    { id: `${estate.frontDoorId}/afdEndpoints/stamps`, name: 'stamps', enabled: true },
  ];
  const probeTookMs: FakeDisaster['probeTookMs'] = new Map();
  const storage = new Map<string, StorageAccount>();
  const endpointAt = (id: string) => [...endpoints].find(([, endpoint]) => endpoint.id === id);

  const fake: FakeDisaster = {
    profile: { routingMethod: 'Priority', ttlSeconds: 30 },
    endpoints,
    origins,
    sql: {
      primary: `sql-stamps-${regions[0]}`,
      servers: regions.slice(0, 2).map((region, index) => ({
        name: `sql-stamps-${region}`,
        region,
        role: index === 0 ? 'Primary' : 'Secondary',
      })),
      replicationState: 'CATCH_UP',
    },
    otherSql: new Map(),
    cosmos: { regions, multipleWriteRegions: false, automaticFailover: true, provisioningState: 'Succeeded' },
    storage,
    activity,
    activityIsLong: false,
    probeStatus,
    probeTookMs,
    entries,
    probes: {
      async leadsTo() {
        failing('probes.leadsTo');
        const up = [...endpoints.values()].filter((it) => it.enabled && it.monitorStatus === 'Online');
        return up.sort((a, b) => a.priority - b.priority)[0]?.target;
      },
      async call(url) {
        failing('probes.call');
        const region = regions.find((name) => url.includes(name)) ?? '';
        return { status: probeStatus.get(region) ?? 200, tookMs: probeTookMs.get(region) ?? 5 };
      },
    },
    ports: {
      traffic: {
        kind: 'traffic-endpoint',
        async read({ id }) {
          failing('traffic.read');
          const found = endpointAt(id)?.[1];
          return { state: found ? { enabled: found.enabled, priority: found.priority, weight: found.weight } : null };
        },
        async write({ id }, to) {
          failing('traffic.write');
          const [region, endpoint] = endpointAt(id) ?? [];
          if (!to || !endpoint || region === undefined) throw new Error(`there is no endpoint ${id}`);
          for (const [other, { priority }] of endpoints) {
            if (other !== region && priority === to.priority) throw new Error(`the priority ${priority} is taken`);
          }
          endpoints.set(region, { ...endpoint, ...to });
          return {};
        },
        equals: (a, b) => sameState(a, b),
        describe: (before, after) => `endpoint ${JSON.stringify(before)} → ${JSON.stringify(after)}`,
        async profile(): Promise<TrafficProfile> {
          failing('traffic.profile');
          return { monitorStatus: 'Online', ...fake.profile, endpoints: [...endpoints.values()] };
        },
      },
      scale: {
        kind: 'container-app-scale',
        async read({ id }) {
          const app = apps.get(id);
          return { state: app ? { minReplicas: app.minReplicas, maxReplicas: app.maxReplicas } : null };
        },
        async write({ id }, to) {
          const app = apps.get(id);
          if (!app || !to) throw new Error(`there is no app ${id}`);
          apps.set(id, { ...app, ...to });
          return {};
        },
        equals: (a, b) => sameState(a, b),
        describe: (before: ScaleState | null, after) => `replicas ${before?.minReplicas} → ${after?.minReplicas}`,
      },
      frontDoor: {
        kind: 'front-door-origin',
        async read({ id }) {
          const origin = origins.find((it) => it.id === id);
          return { state: origin ? { enabled: origin.enabled } : null };
        },
        async write({ id }, to) {
          const index = origins.findIndex((it) => it.id === id);
          origins[index] = { ...(origins[index] as Origin), enabled: to?.enabled ?? false };
          return {};
        },
        equals: (a, b) => sameState(a, b),
        describe: (before, after) => `origin ${before?.enabled} → ${after?.enabled}`,
        async endpoints() {
          failing('frontDoor.endpoints');
          return entries;
        },
        async origins() {
          failing('frontDoor.origins');
          return origins;
        },
      },
      sql: {
        kind: 'sql-failover-group',
        read: async () => ({ state: { primary: fake.sql.primary } }),
        async write(_, to) {
          fake.sql = { ...fake.sql, primary: to?.primary ?? '' };
          return {};
        },
        equals: (a, b) => a?.primary === b?.primary,
        lost: ({ dataLossAllowed }) => dataLossAllowed && 'SQL was forced over.',
        describe: (before, after) => `SQL ${before?.primary} → ${after?.primary}`,
        async group(id) {
          failing('sql.group');
          return fake.otherSql.get(id.split('/').at(-1) ?? '') ?? fake.sql;
        },
      },
      cosmosAccounts: {
        kind: 'cosmos-regions',
        read: async () => ({ state: { regions: [...fake.cosmos.regions] } }),
        async write(_, to) {
          fake.cosmos = { ...fake.cosmos, regions: to?.regions ?? [] };
          return {};
        },
        equals: (a, b) => sameState(a, b),
        describe: (before, after) => `Cosmos ${before?.regions} → ${after?.regions}`,
        async account() {
          failing('cosmosAccounts.account');
          return fake.cosmos;
        },
      },
      storageAccounts: {
        ...createFakeStorage(storage),
        async account(id) {
          failing('storageAccounts.account');
          return storage.get(id);
        },
      },
      activity: {
        async writes() {
          failing('activity.writes');
          return { entries: activity, complete: !fake.activityIsLong };
        },
      },
    },
    get kinds() {
      const { traffic, scale, frontDoor, sql, cosmosAccounts, storageAccounts } = fake.ports;
      return [traffic, scale, frontDoor, sql, cosmosAccounts, storageAccounts] as unknown as ResourceKind[];
    },
    configuration: () => ({
      endpoints: Object.fromEntries(
        [...endpoints].map(([name, { enabled, priority, weight }]) => [name, { enabled, priority, weight }]),
      ),
      origins: Object.fromEntries(origins.map(({ name, enabled }) => [name, enabled])),
      scales: Object.fromEntries(
        [...apps.values()].map(({ id, minReplicas, maxReplicas }) => [id, { minReplicas, maxReplicas }]),
      ),
      sql: fake.sql.primary,
      cosmos: [...fake.cosmos.regions],
      storage: Object.fromEntries([...storage].map(([id, { primary, redundancy }]) => [id, { primary, redundancy }])),
    }),
  };
  return fake;
}
