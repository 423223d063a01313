import type { AlertRuleState } from '../domain/alert-rule.ts';
import type { Tenant, TenantCount } from '../domain/impact.ts';
import type { Load } from '../domain/load.ts';
import type { SqlDatabase, SqlLoad, SqlOffer, SqlReplica, SqlTierState } from '../domain/sql-tier.ts';
import type { ApimPort } from './apim.ts';
import type { AppDataPort } from './app-data.ts';
import type { AutomationPort } from './automation.ts';
import type { LogsPort, MetricsPort } from './monitor.ts';
import type { ReadinessPort } from './readiness.ts';
import type { RecoveryPort } from './recovery.ts';
import type { ResourceHealthPort } from './resource-health.ts';
import type { ResourceKind } from './resource-kind.ts';
import type { StoragePort } from './storage.ts';
import type { UpkeepPort } from './upkeep.ts';

/** Backends of a gateway's pool: host names or IP addresses, sorted. */
export type PoolState = { addresses: string[] };

/**
 * Kind `gateway-pool`; ref id: ARM id of the pool (`…/applicationGateways/<name>/backendAddressPools/<pool>`).
 * A write puts the whole gateway and takes minutes; only this pool's addresses differ from what was read.
 * `pending` asks backend health until every address is healthy. An empty list of addresses is refused.
 */
export interface GatewayPort extends ResourceKind<PoolState> {
  /** Names of the pools to which the gateway sends what no rule claims. */
  defaultPools(gatewayId: string, signal: AbortSignal): Promise<string[]>;
  backendHealth(poolId: string, signal: AbortSignal): Promise<BackendHealth[]>;
  /** All pools of a gateway by one question, by the pool's name in small letters. Throws `not-found`. */
  poolsOf(gatewayId: string, signal: AbortSignal): Promise<ReadonlyMap<string, PoolState>>;
  /** Health of all pools of a gateway by one question, by the pool's name in small letters. */
  healthOfPools(gatewayId: string, signal: AbortSignal): Promise<ReadonlyMap<string, BackendHealth[]>>;
}

export interface BackendHealth {
  readonly address: string;
  readonly health: 'Up' | 'Down' | 'Partial' | 'Draining' | 'Unknown';
}

/** `active` false: the revision takes no traffic and has no replicas. */
export type RevisionState = { active: boolean };

export interface Revision {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
  /** ISO 8601; absent when Azure does not say. */
  readonly createdAt?: string;
  /** 0–100. */
  readonly trafficPercent: number;
  readonly replicas: number;
  /** `Healthy`, `Unhealthy`, `None` (as Azure says). */
  readonly health: string;
  /** `Running`, `Stopped`, `Degraded`, … (as Azure says). */
  readonly running: string;
}

export interface ContainerApp {
  readonly id: string;
  /** Host name of its ingress. */
  readonly fqdn: string;
  readonly provisioningState: string;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Does a change of its scale, which makes a new revision, reach its traffic? Not where traffic is pinned to revisions by name. */
  readonly followsLatest: boolean;
  /** Newest revision, and the newest that is ready. */
  readonly latestRevision: string;
  readonly latestReadyRevision: string;
}

/**
 * Kind `container-app-revision`; ref id: ARM id of the revision (`…/containerApps/<app>/revisions/<name>`).
 * `pending` waits for running and healthy replicas after an activation, for no replicas after a deactivation.
 */
export interface ContainerAppsPort extends ResourceKind<RevisionState> {
  app(appId: string, signal: AbortSignal): Promise<ContainerApp>;
  /** Every app of a resource group, in one call a page. */
  appsOf(resourceGroupId: string, signal: AbortSignal): Promise<ContainerApp[]>;
  /** All revisions, newest first. */
  revisions(appId: string, signal: AbortSignal): Promise<Revision[]>;
}

/** How many replicas an app keeps at least and at most. */
export type ScaleState = { minReplicas: number; maxReplicas: number };

/**
 * Kind `container-app-scale`; ref id: ARM id of the container app. Azure makes a new revision of it. `pending` waits
 * until that revision is the newest that is ready, with all the replicas that it must have at least.
 */
export type ContainerAppScalePort = ResourceKind<ScaleState>;

/** An alert processing rule that removes action groups for one alert rule's alerts until it ends by itself. */
export type SuppressionState = {
  /** ARM id of the alert rule that is kept silent. */
  alertRuleId: string;
  /** ARM ids of the resources in scope. */
  scopes: string[];
  /** ISO 8601, UTC: when the silence ends by itself. */
  until: string;
  description: string;
};

/** Kind `alert-suppression`; ref id: ARM id of the rule (`…/Microsoft.AlertsManagement/actionRules/<name>`). */
export type AlertSuppressionPort = ResourceKind<SuppressionState>;

/** An alert rule that is in Azure. */
export interface FoundAlertRule {
  readonly id: string;
  readonly state: AlertRuleState;
  /** ARM ids of what it watches. */
  readonly targets: readonly string[];
}

/**
 * Kind `alert-rule`; ref id: ARM id of the rule (`…/Microsoft.Insights/metricAlerts/<name>` or
 * `…/scheduledQueryRules/<name>`). A write keeps the rule's tags.
 */
export interface AlertRulesPort extends ResourceKind<AlertRuleState> {
  /** All of a resource group. */
  list(resourceGroupId: string, signal: AbortSignal): Promise<FoundAlertRule[]>;
  /** How a SQL database is paid for: only one bought by DTUs has DTU metrics. */
  boughtBy(databaseId: string, signal: AbortSignal): Promise<'dtu' | 'vCore'>;
}

export interface TenantsPort {
  /** The tenants that the registry routes to this cell. */
  onCell(cell: string, signal: AbortSignal): Promise<Tenant[]>;
  /** All tenants of the registry, counted there: one query, whatever the number of tenants. Within 10 s, else `timeout`. */
  counts(signal: AbortSignal): Promise<TenantCount[]>;
  /** A tenant by its id; undefined: the registry has none. */
  find(tenantId: string, signal: AbortSignal): Promise<Tenant | undefined>;
}

/** Load of container apps over the last five minutes. */
export interface LoadPort {
  /** By container app id; an app without data is absent, never 0. */
  load(appIds: readonly string[], metricsUrl: string, signal: AbortSignal): Promise<Map<string, Load>>;
}

export interface TrafficEndpoint {
  /** ARM id, `…/trafficManagerProfiles/<profile>/externalEndpoints/<name>`. */
  readonly id: string;
  readonly name: string;
  /** The host that DNS answers with. */
  readonly target: string;
  /** Region in Azure's short form (`eastus`), where the endpoint says it. */
  readonly location?: string;
  /** Configured. */
  readonly enabled: boolean;
  /** Measured: `Online`, `Degraded`, `Inactive`, `Stopped`, `CheckingEndpoint`, `Unmonitored` (it always serves), … */
  readonly monitorStatus: string;
  readonly priority?: number;
  readonly weight?: number;
}

export interface TrafficProfile {
  /** `Priority`, `Weighted`, `Performance`, `Geographic`, `MultiValue`, `Subnet`. */
  readonly routingMethod: string;
  readonly ttlSeconds: number;
  /** `Online`, `Degraded`, `CheckingEndpoints`; `Disabled`: switched off as a whole, then its endpoints are `Inactive`. */
  readonly monitorStatus: string;
  readonly endpoints: readonly TrafficEndpoint[];
}

/** How one endpoint is configured. Priority and weight are from 1 to 1000; no priority is used twice in a profile. */
export type EndpointState = { enabled: boolean; priority: number; weight: number };

/**
 * Kind `traffic-endpoint`; ref id: ARM id of the endpoint. A write is a PATCH of this endpoint alone, done at once; the
 * profile is never written, as that would replace every endpoint. DNS follows within the profile's time to live.
 */
export interface TrafficPort extends ResourceKind<EndpointState> {
  profile(profileId: string, signal: AbortSignal): Promise<TrafficProfile>;
}

export interface InventoryPort {
  /** ARM ids of everything of this type (`Microsoft.App/containerApps`) in the group, lower-cased type, as Azure spells the names. */
  list(resourceGroupId: string, type: string, signal: AbortSignal): Promise<string[]>;
}

/** Whether Front Door sends requests to an origin. */
export type OriginState = { enabled: boolean };

export interface Origin {
  /** ARM id, `…/Microsoft.Cdn/profiles/<profile>/originGroups/<group>/origins/<name>`. */
  readonly id: string;
  readonly name: string;
  readonly hostName: string;
  readonly enabled: boolean;
}

export interface FrontDoorEndpoint {
  /** ARM id, `…/Microsoft.Cdn/profiles/<profile>/afdEndpoints/<name>`. */
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
}

/** Kind `front-door-origin` (Standard and Premium); ref id: ARM id of the origin. A write is a PATCH, long-running. */
export interface FrontDoorPort extends ResourceKind<OriginState> {
  origins(originGroupId: string, signal: AbortSignal): Promise<Origin[]>;
  /** The names at which a profile answers clients. */
  endpoints(profileId: string, signal: AbortSignal): Promise<FrontDoorEndpoint[]>;
}

/**
 * Which server of a failover group takes writes. `dataLossAllowed` is no state but a consent: with it a write is
 * forced, which loses what was not replicated; without it the group waits for replication and fails when it cannot.
 */
export type SqlGroupState = { primary: string; dataLossAllowed?: true };

export interface SqlFailoverGroup {
  /** Server names in small letters. */
  readonly primary: string;
  readonly servers: readonly {
    readonly name: string;
    readonly region: string;
    readonly role: 'Primary' | 'Secondary';
  }[];
  /** `CATCH_UP` replicates; `SEEDING`, `PENDING`, `SUSPENDED` do not (as Azure says). */
  readonly replicationState: string;
}

/**
 * Kind `sql-failover-group`; ref id: ARM id of the group at either of its servers
 * (`…/Microsoft.Sql/servers/<server>/failoverGroups/<group>`). A write asks the server that takes over; long-running.
 */
export interface SqlPort extends ResourceKind<SqlGroupState> {
  group(groupId: string, signal: AbortSignal): Promise<SqlFailoverGroup>;
}

/**
 * Kind `sql-tier`; ref id: ARM id of the database. A write is a PATCH of its service objective alone, long-running: the
 * database stays online, and at the end its connections are dropped once.
 */
export interface SqlTiersPort extends ResourceKind<SqlTierState> {
  /** Throws `not-found`. */
  database(databaseId: string, signal: AbortSignal): Promise<SqlDatabase>;
  /** Whom it is geo-replicated to, or from. */
  replicas(databaseId: string, signal: AbortSignal): Promise<SqlReplica[]>;
  /** What the location sells to the database's subscription now. */
  offers(database: Pick<SqlDatabase, 'id' | 'location'>, signal: AbortSignal): Promise<SqlOffer[]>;
  /** Means of five minutes, by database id as it was asked for; one without data is absent, a window without data has no entry. */
  load(
    databaseIds: readonly string[],
    over: { readonly metricsUrl: string; readonly from: number; readonly to: number },
    signal: AbortSignal,
  ): Promise<Map<string, SqlLoad>>;
}

/** Regions of a Cosmos account by failover priority, in Azure's short form; the first takes writes. */
export type CosmosRegionsState = { regions: string[] };

export interface CosmosAccount {
  readonly regions: readonly string[];
  readonly multipleWriteRegions: boolean;
  /** Azure moves the write region by itself when it is lost. */
  readonly automaticFailover: boolean;
  readonly provisioningState: string;
}

/** Kind `cosmos-regions`; ref id: ARM id of the account. A write changes failover priorities; long-running. */
export interface CosmosAccountPort extends ResourceKind<CosmosRegionsState> {
  account(accountId: string, signal: AbortSignal): Promise<CosmosAccount>;
}

/** One write to Azure, by whomever, from the activity log. */
export interface ActivityEntry {
  readonly at: string;
  /** Somebody's name, or the object id of an app. */
  readonly caller: string;
  readonly resourceId: string;
  /** `Microsoft.Network/trafficManagerProfiles/externalEndpoints/write`. */
  readonly operation: string;
}

export interface Activity {
  /** Newest first. */
  readonly entries: readonly ActivityEntry[];
  /** False: the log is longer than what was read of it, and what is not here may have been done all the same. */
  readonly complete: boolean;
}

export interface ActivityPort {
  /** Writes that succeeded in a resource group since a moment. */
  writes(resourceGroupId: string, sinceMs: number, signal: AbortSignal): Promise<Activity>;
}

/** All of Azure that the product reads and writes; absent as a whole when Azure is not configured. */
export interface AzurePorts {
  readonly gateways: GatewayPort;
  readonly containerApps: ContainerAppsPort;
  readonly suppressions: AlertSuppressionPort;
  readonly alertRules: AlertRulesPort;
  readonly tenants: TenantsPort;
  readonly load: LoadPort;
  readonly traffic: TrafficPort;
  readonly scale: ContainerAppScalePort;
  readonly frontDoor: FrontDoorPort;
  readonly sql: SqlPort;
  readonly sqlTiers: SqlTiersPort;
  readonly cosmosAccounts: CosmosAccountPort;
  readonly storageAccounts: StoragePort;
  readonly activity: ActivityPort;
  readonly recovery: RecoveryPort;
  readonly appData: AppDataPort;
  readonly inventory: InventoryPort;
  readonly upkeep: UpkeepPort;
  readonly readiness: ReadinessPort;
  readonly metrics: MetricsPort;
  readonly apim: ApimPort;
  readonly automation: AutomationPort;
  readonly resourceHealth: ResourceHealthPort;
  readonly logs: LogsPort;
}
