import { DefaultAzureCredential, type TokenCredential } from '@azure/identity';
import type { Estate } from '../../domain/estate.ts';
import type { AzurePorts } from '../../ports/azure.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ProbesPort } from '../../ports/probes.ts';
import { createActivity } from './activity.ts';
import { createAlertRules } from './alert-rules.ts';
import { createAlertSuppressions } from './alert-suppressions.ts';
import { createApim } from './apim.ts';
import { createAppData } from './app-data.ts';
import { createArm } from './arm.ts';
import { createAutomation } from './automation.ts';
import type { AzureContext } from './azure-context.ts';
import { createCaller } from './caller.ts';
import { createContainerAppRevisions } from './container-app-revisions.ts';
import { createContainerAppScale } from './container-app-scale.ts';
import { createCosmosAccounts } from './cosmos-regions.ts';
import { createRecovery } from './create-recovery.ts';
import { createFrontDoor } from './front-door.ts';
import { createGatewayPools } from './gateway-pools.ts';
import { createInventory } from './inventory.ts';
import { createLoad } from './load.ts';
import { createLogs } from './logs.ts';
import { createMetrics } from './metrics.ts';
import { createReadiness } from './readiness.ts';
import { createResourceHealth } from './resource-health.ts';
import { createSql } from './sql-failover-group.ts';
import { createSqlTiers } from './sql-tiers.ts';
import { createStorageAccounts } from './storage-accounts.ts';
import { createTenants } from './tenants.ts';
import { createTraffic } from './traffic.ts';
import { createUpkeep } from './upkeep.ts';

export interface AzureConfig {
  readonly estate: Estate;
  /** Default: Azure's public cloud. */
  readonly armUrl?: string | undefined;
  /** Of Log Analytics; default: Azure's public cloud. */
  readonly logsUrl?: string | undefined;
  /** Default: the environment's, such as the managed identity (DefaultAzureCredential). */
  readonly credential?: TokenCredential;
  /** How long one call may take, with all its tries. */
  readonly deadlineMs?: number;
  readonly clock: Clock;
  /** What clients see, to wait for where DNS leads; absent: only what Azure says is waited for. */
  readonly probes?: ProbesPort;
}

/** All of Azure that the product reads and writes. Nothing is sent before the first call. */
export function createAzure({
  estate,
  armUrl = 'https://management.azure.com',
  logsUrl = 'https://api.loganalytics.io',
  credential = new DefaultAzureCredential(),
  deadlineMs = 10_000,
  clock,
  probes,
}: AzureConfig): AzurePorts {
  const azure: AzureContext = {
    arm: createArm(armUrl, credential),
    call: createCaller({ deadlineMs, clock }),
    credential,
    clock,
  };
  const upkeep = createUpkeep(azure);
  const metrics = createMetrics(azure);
  const containerApps = createContainerAppRevisions(azure);
  return {
    gateways: createGatewayPools(azure),
    containerApps,
    suppressions: createAlertSuppressions(azure),
    alertRules: createAlertRules(azure),
    tenants: createTenants(azure, estate.tenants, deadlineMs),
    load: createLoad(azure),
    traffic: createTraffic(
      azure,
      probes && estate.publicHost !== undefined ? { probes, publicHost: estate.publicHost } : undefined,
    ),
    scale: createContainerAppScale(azure),
    frontDoor: createFrontDoor(azure),
    sql: createSql(azure),
    sqlTiers: createSqlTiers(azure, metrics),
    cosmosAccounts: createCosmosAccounts(azure),
    storageAccounts: createStorageAccounts(azure),
    activity: createActivity(azure),
    inventory: createInventory(azure),
    upkeep,
    readiness: createReadiness(azure, upkeep.certificates),
    metrics,
    recovery: createRecovery(azure, estate, metrics, deadlineMs),
    appData: createAppData(azure, estate, containerApps),
    apim: createApim(azure),
    automation: createAutomation(azure),
    resourceHealth: createResourceHealth(azure),
    logs: createLogs(azure, { url: logsUrl, workspaceId: estate.logsWorkspaceId }),
  };
}
