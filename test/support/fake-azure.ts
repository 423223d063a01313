import type { AlertRuleState } from '../../src/domain/alert-rule.ts';
import { describeAlertRule, sameAlertRule } from '../../src/domain/alert-rule-difference.ts';
import { backendPoolId, type Estate } from '../../src/domain/estate.ts';
import type { Tenant } from '../../src/domain/impact.ts';
import type { Json } from '../../src/domain/json.ts';
import type { Load } from '../../src/domain/load.ts';
import { sameState } from '../../src/domain/plan.ts';
import { OpsError } from '../../src/errors.ts';
import type {
  AlertRulesPort,
  AzurePorts,
  ContainerApp,
  PoolState,
  Revision,
  SuppressionState,
} from '../../src/ports/azure.ts';
import type { LogAnswer } from '../../src/ports/monitor.ts';
import type { ResourceKind } from '../../src/ports/resource-kind.ts';
import { createFakeDisaster, type FakeDisaster } from './fake-disaster.ts';
import { createFakeRecovery, type FakeRecovery } from './fake-recovery.ts';
import { createFakeUpkeep } from './fake-upkeep.ts';
import { createFakeApim } from './fakes/fake-apim.ts';
import { createFakeReadiness } from './fakes/fake-readiness.ts';
import { createFakeRegionServices } from './fakes/fake-region-services.ts';
import { createFakeResourceHealth } from './fakes/fake-resource-health.ts';
import { createFakeSqlTiers } from './fakes/fake-sql-tiers.ts';

type Health = Awaited<ReturnType<AzurePorts['gateways']['backendHealth']>>[number]['health'];

/** An Azure in memory: what is in it can be looked at and changed behind everybody's back. */
export interface FakeAzure {
  readonly ports: AzurePorts;
  /** What leads clients to regions, and the data layer. */
  readonly disaster: FakeDisaster;
  /** Addresses, by pool id. */
  readonly pools: Map<string, string[]>;
  readonly recovery: FakeRecovery;
  /** Newest first, by container app id. */
  readonly revisions: Map<string, Revision[]>;
  readonly apps: Map<string, ContainerApp>;
  /** By id of the rule. */
  readonly suppressions: Map<string, SuppressionState>;
  /** By id of the rule. */
  readonly alertRules: Map<string, AlertRuleState>;
  /** Ids of databases that are bought by vCores. */
  readonly byVCore: Set<string>;
  readonly tenants: Tenant[];
  /** By container app id; absent: no data. The same in each minute, unless a test says otherwise. */
  readonly loads: Map<string, Omit<Load, 'byMinute'> & Partial<Load>>;
  /** By gateway id. */
  readonly defaultPools: Map<string, string[]>;
  /** By address; absent: up. */
  readonly health: Map<string, Health>;
  /** Calls of this name fail with this until it is deleted: `gateways.read`, `load`, `load <metricsUrl>`. */
  readonly failures: Map<string, OpsError>;
  readonly apim: ReturnType<typeof createFakeApim>;
  readonly regionServices: ReturnType<typeof createFakeRegionServices>;
  readonly readiness: ReturnType<typeof createFakeReadiness>;
  readonly sqlTiers: ReturnType<typeof createFakeSqlTiers>;
  /** Azure's own word on a resource, by ARM id. */
  readonly told: ReturnType<typeof createFakeResourceHealth>['told'];
  /** Ids of key vaults and Automation accounts. */
  readonly services: Set<string>;
  /** What a query that contains this text is answered with. */
  readonly logRows: Map<string, LogAnswer['rows']>;
  /** Everything that a plan may change, to compare before and after. */
  configuration(): Json;
}

const actionGroups = 'Microsoft.Insights/actionGroups';

/** One healthy active revision a cell, its own host in its pool, no tenants, no load. */
export function createFakeAzure(estate: Estate): FakeAzure {
  const pools = new Map<string, string[]>();
  const revisions = new Map<string, Revision[]>();
  const apps = new Map<string, ContainerApp>();
  const suppressions = new Map<string, SuppressionState>();
  const alertRules = new Map<string, AlertRuleState>();
  const byVCore = new Set<string>();
  const tenants: Tenant[] = [];
  const loads: FakeAzure['loads'] = new Map();
  const defaultPools = new Map<string, string[]>();
  const health = new Map<string, Health>();
  const failures = new Map<string, OpsError>();
  const apim = createFakeApim();
  const regionServices = createFakeRegionServices();
  const readiness = createFakeReadiness();
  const logRows: FakeAzure['logRows'] = new Map();
  const services = new Set(
    estate.regions.flatMap(({ keyVaultId = [], automationAccountId = [] }) => [keyVaultId, automationAccountId].flat()),
  );

  for (const cell of estate.cells) {
    const fqdn = `app-${cell.name}.example.net`;
    pools.set(backendPoolId(cell), [fqdn]);
    apps.set(cell.containerAppId, { ...fakeApp(cell.containerAppId), fqdn });
    revisions.set(cell.containerAppId, [fakeRevision(cell.containerAppId, 'blue', true)]);
    loads.set(cell.containerAppId, { requestsPerSecond: 100, replicas: 2 });
  }

  const failing = (call: string) => {
    const failure = failures.get(call);
    if (failure) throw failure;
  };
  const found = <T>(value: T | undefined, id: string): T => {
    if (value === undefined) throw new OpsError('not-found', `Azure has no ${id}.`, { service: 'Azure' });
    return value;
  };
  const sqlTiers = createFakeSqlTiers(estate, failing);
  const equals = (a: Json, b: Json) => sameState(a, b);
  const revisionOf = (id: string) => [...revisions.values()].flat().find((revision) => revision.id === id);

  /** As Azure's: of the whole gateway. */
  const etagOf = (poolId: string) => {
    const gateway = poolId.split('/backendAddressPools/')[0] ?? '';
    return JSON.stringify([...pools].filter(([id]) => id.startsWith(`${gateway}/`)));
  };
  const poolsAt = (gatewayId: string) => [...pools].filter(([id]) => id.startsWith(`${gatewayId}/`));
  const gateways: AzurePorts['gateways'] = {
    kind: 'gateway-pool',
    async read({ id }) {
      failing('gateways.read');
      const addresses = pools.get(id);
      return addresses ? { state: { addresses: [...addresses] }, etag: etagOf(id) } : { state: null };
    },
    async write({ id }, to, { etag }) {
      failing('gateways.write');
      if (etag !== undefined && etag !== etagOf(id))
        throw new OpsError('precondition-failed', 'The gateway has changed.', { service: 'Azure' });
      if (!to || to.addresses.length === 0) throw new OpsError('bad-input', 'A pool must not be empty.');
      pools.set(id, [...to.addresses]);
      return {};
    },
    equals,
    describe: (before, after) => `backends: ${shownPool(before)} → ${shownPool(after)}`,
    async defaultPools(gatewayId) {
      failing('gateways.defaultPools');
      return defaultPools.get(gatewayId) ?? [];
    },
    async backendHealth(poolId) {
      failing('gateways.backendHealth');
      return (pools.get(poolId) ?? []).map((address) => ({ address, health: health.get(address) ?? 'Up' }));
    },
    async poolsOf(gatewayId) {
      failing('gateways.poolsOf');
      return new Map(
        poolsAt(gatewayId).map(([id, addresses]) => [
          id.split('/').at(-1)?.toLowerCase() ?? '',
          { addresses: [...addresses] },
        ]),
      );
    },
    async healthOfPools(gatewayId) {
      failing('gateways.healthOfPools');
      const own = poolsAt(gatewayId);
      return new Map(
        own.map(([id, addresses]) => [
          id.split('/').at(-1)?.toLowerCase() ?? '',
          addresses.map((address) => ({ address, health: health.get(address) ?? 'Up' })),
        ]),
      );
    },
  };

  const containerApps: AzurePorts['containerApps'] = {
    kind: 'container-app-revision',
    async read({ id }) {
      failing('containerApps.read');
      const revision = revisionOf(id);
      return { state: revision ? { active: revision.active } : null };
    },
    async write({ id }, to) {
      failing('containerApps.write');
      if (!to) throw new OpsError('bad-input', 'A revision cannot be removed.');
      const { active } = to;
      const all = found(
        [...revisions.values()].find((list) => list.some((revision) => revision.id === id)),
        id,
      );
      all[all.findIndex((revision) => revision.id === id)] = {
        ...found(revisionOf(id), id),
        active,
        replicas: active ? 2 : 0,
        running: active ? 'Running' : 'Stopped',
      };
      return {};
    },
    equals,
    describe: (before, after) =>
      `revision ${before?.active ? 'active' : 'inactive'} → ${after?.active ? 'active' : 'inactive'}`,
    async app(appId) {
      failing('containerApps.app');
      failing(`containerApps.app ${appId}`);
      return found(apps.get(appId), appId);
    },
    async appsOf(groupId) {
      failing('containerApps.appsOf');
      return [...apps.values()].filter(({ id }) => id.startsWith(`${groupId}/`));
    },
    async revisions(appId) {
      failing('containerApps.revisions');
      return [...found(revisions.get(appId), appId)];
    },
  };

  const silences: ResourceKind<SuppressionState> = {
    kind: 'alert-suppression',
    async read({ id }) {
      failing('suppressions.read');
      return { state: suppressions.get(id) ?? null };
    },
    async write({ id }, to) {
      failing('suppressions.write');
      if (to) suppressions.set(id, to);
      else suppressions.delete(id);
      return {};
    },
    equals,
    describe: (before, after) => `silence: ${before?.until ?? 'none'} → ${after?.until ?? 'none'}`,
  };

  const resourceHealth = createFakeResourceHealth(failing);
  const disaster = createFakeDisaster(estate, apps, failing);
  const recovery = createFakeRecovery(estate, revisions, failing);
  const rules: AlertRulesPort = {
    kind: 'alert-rule',
    async read({ id }) {
      failing('alertRules.read');
      return { state: alertRules.get(id) ?? null };
    },
    async write({ id }, to) {
      failing('alertRules.write');
      if (to) alertRules.set(id, to);
      else alertRules.delete(id);
      return {};
    },
    equals: sameAlertRule,
    describe: describeAlertRule,
    async list(group) {
      failing('alertRules.list');
      return [...alertRules]
        .filter(([id]) => id.startsWith(`${group}/`))
        .map(([id, state]) => ({ id, state, targets: state.signal === 'foreign' ? [] : [state.target] }));
    },
    async boughtBy(id) {
      failing('alertRules.boughtBy');
      return byVCore.has(id) ? 'vCore' : 'dtu';
    },
  };

  return {
    pools,
    disaster,
    recovery,
    revisions,
    apps,
    suppressions,
    alertRules,
    byVCore,
    tenants,
    loads,
    defaultPools,
    health,
    failures,
    apim,
    regionServices,
    readiness,
    sqlTiers,
    told: resourceHealth.told,
    logRows,
    services,
    ports: {
      gateways,
      containerApps,
      suppressions: silences,
      alertRules: rules,
      tenants: {
        async onCell(cell) {
          failing('tenants.onCell');
          return tenants.filter((tenant) => tenant.cell === cell);
        },
        async counts() {
          failing('tenants.counts');
          return tenants.map(({ cell, tier, sla, status }) => ({ cell, tier, sla, status, count: 1 }));
        },
        async find(tenantId) {
          failing('tenants.find');
          return tenants.find((tenant) => tenant.tenantId === tenantId);
        },
      },
      load: {
        async load(appIds, metricsUrl) {
          failing('load');
          failing(`load ${metricsUrl}`);
          return new Map(
            appIds.flatMap((id) => {
              const load = loads.get(id);
              if (!load) return [];
              const steady = Array.from({ length: 5 }, (_, n) => [n * 60_000, load.requestsPerSecond] as const);
              return [[id, { byMinute: new Map(steady), ...load }] as const];
            }),
          );
        },
      },
      ...disaster.ports,
      sqlTiers: sqlTiers.port,
      readiness: readiness.port,
      recovery: recovery.port,
      appData: recovery.appData,
      inventory: {
        async list(group, type) {
          failing('inventory.list');
          if (type === actionGroups) return [`${group}/providers/${type}/ag-stamps-critical`];
          return [...services].filter((id) => id.startsWith(`${group}/providers/${type}/`));
        },
      },
      upkeep: createFakeUpkeep(failing),
      apim: apim.port,
      automation: regionServices.automation,
      resourceHealth: resourceHealth.port,
      metrics: regionServices.metrics,
      logs: {
        query: async ({ kql }) => {
          failing('logs');
          return { rows: [...logRows].find(([text]) => kql.includes(text))?.[1] ?? [] };
        },
      },
    },
    configuration: () => ({
      pools: Object.fromEntries([...pools].map(([id, addresses]) => [id, [...addresses]])),
      revisions: Object.fromEntries(
        [...revisions.values()]
          .flat()
          .map(({ id, active }) => [id, active])
          .filter(([, active]) => active),
      ),
      suppressions: Object.fromEntries(suppressions),
      alertRules: Object.fromEntries(alertRules),
      sqlTiers: sqlTiers.configuration(),
      ...disaster.configuration(),
      ...recovery.configuration(),
    }),
  };
}

/** Without traffic pinned to a revision by name. */
export function fakeApp(id: string): ContainerApp {
  return {
    id,
    fqdn: 'x',
    provisioningState: 'Succeeded',
    minReplicas: 1,
    maxReplicas: 10,
    followsLatest: true,
    latestRevision: 'x--blue',
    latestReadyRevision: 'x--blue',
  };
}

export function fakeRevision(appId: string, suffix: string, active: boolean): Revision {
  const name = `${appId.split('/').at(-1)}--${suffix}`;
  return {
    id: `${appId}/revisions/${name}`,
    name,
    active,
    trafficPercent: active ? 100 : 0,
    replicas: active ? 2 : 0,
    health: 'Healthy',
    running: active ? 'Running' : 'Stopped',
  };
}

function shownPool(pool: PoolState | null): string {
  return pool ? pool.addresses.join(', ') : 'none';
}
