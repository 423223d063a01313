import type { Tenant } from '../domain/impact.ts';
import type { LogsPort, MetricsPort } from './monitor.ts';
import type { ResourceKind } from './resource-kind.ts';

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
  backendHealth(
    poolId: string,
    signal: AbortSignal,
  ): Promise<{ address: string; health: 'Up' | 'Down' | 'Partial' | 'Draining' | 'Unknown' }[]>;
}

/** `active` false: the revision takes no traffic and has no replicas. */
export type RevisionState = { active: boolean };

export interface Revision {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
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
}

/**
 * Kind `container-app-revision`; ref id: ARM id of the revision (`…/containerApps/<app>/revisions/<name>`).
 * `pending` waits for running and healthy replicas after an activation, for no replicas after a deactivation.
 */
export interface ContainerAppsPort extends ResourceKind<RevisionState> {
  app(appId: string, signal: AbortSignal): Promise<ContainerApp>;
  /** All revisions, newest first. */
  revisions(appId: string, signal: AbortSignal): Promise<Revision[]>;
}

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

export interface TenantsPort {
  /** The tenants that the registry routes to this cell. */
  onCell(cell: string, signal: AbortSignal): Promise<Tenant[]>;
}

/** Load of container apps over the last five minutes. */
export interface LoadPort {
  /** By container app id: requests a second (mean) and replicas (mean); an app without data is absent, never 0. */
  load(
    appIds: readonly string[],
    metricsUrl: string,
    signal: AbortSignal,
  ): Promise<Map<string, { requestsPerSecond: number; replicas: number }>>;
}

export interface TrafficEndpoint {
  readonly name: string;
  readonly target: string;
  /** Configured. */
  readonly enabled: boolean;
  /** Measured: `Online`, `Degraded`, `Inactive`, `Stopped`, `CheckingEndpoint`, … */
  readonly monitorStatus: string;
  readonly priority?: number;
  readonly weight?: number;
}

export interface TrafficPort {
  profile(
    profileId: string,
    signal: AbortSignal,
  ): Promise<{ routingMethod: string; ttlSeconds: number; monitorStatus: string; endpoints: TrafficEndpoint[] }>;
}

export interface InventoryPort {
  /** ARM ids of everything of this type (`Microsoft.App/containerApps`) in the group, lower-cased type, as Azure spells the names. */
  list(resourceGroupId: string, type: string, signal: AbortSignal): Promise<string[]>;
}

/** All of Azure that the product reads and writes; absent as a whole when Azure is not configured. */
export interface AzurePorts {
  readonly gateways: GatewayPort;
  readonly containerApps: ContainerAppsPort;
  readonly suppressions: AlertSuppressionPort;
  readonly tenants: TenantsPort;
  readonly load: LoadPort;
  readonly traffic: TrafficPort;
  readonly inventory: InventoryPort;
  readonly metrics: MetricsPort;
  readonly logs: LogsPort;
}
