import type { IncidentDeskContext } from '../../src/alerts/incident-context.ts';
import { createIncidentPresenter } from '../../src/blocks/incident-presenter.ts';
import type { Cell, Estate } from '../../src/domain/estate.ts';
import { defaultIncidentPolicy, type IncidentPolicy } from '../../src/domain/incident-policy.ts';
import type { Database } from '../../src/engine/database.ts';
import { ana, policy } from './engine-harness.ts';

const subscriptionId = '00000000-0000-4000-8000-00000000cafe';

export function armId(group: string, type: string, name: string): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${group}/providers/${type}/${name}`;
}

function cell(region: string, name: string, group: string): Cell {
  return {
    name,
    region,
    role: 'active',
    containerAppId: armId(group, 'Microsoft.App/containerApps', `app-${name}`),
    gatewayId: armId(`rg-${region}`, 'Microsoft.Network/applicationGateways', 'agw-stamps'),
    backendPool: `${name}-backend`,
    healthAlertId: armId(group, 'Microsoft.Insights/metricAlerts', `${name}-Health-Alert`),
    suppressionId: armId(group, 'Microsoft.AlertsManagement/actionRules', `stamps-silence-${name}`),
    storageId: armId(group, 'Microsoft.Storage/storageAccounts', `st${name.replaceAll('-', '')}`),
    sqlDatabaseId: `${armId(group, 'Microsoft.Sql/servers', `sql-${region}`)}/databases/${name}-db`,
    requestsPerSecondPerReplica: 50,
  };
}

/** An estate of so many regions with so many cells each: `r1`, `r1-cell-1`, … */
export function estateOf(regions: number, cellsEach: number): Estate {
  const names = Array.from({ length: regions }, (_, index) => `r${index + 1}`);
  return {
    subscriptionId,
    regions: names.map((name) => ({
      name,
      gatewayId: armId(`rg-${name}`, 'Microsoft.Network/applicationGateways', 'agw-stamps'),
      metricsUrl: 'https://metrics.example',
    })),
    cells: names.flatMap((name) =>
      Array.from({ length: cellsEach }, (_, index) => cell(name, `${name}-cell-${index + 1}`, `rg-${name}`)),
    ),
    tenants: { endpoint: 'https://cosmos.example', database: 'globaldb', container: 'tenants' },
    trafficManagerId: armId('rg-global', 'Microsoft.Network/trafficManagerProfiles', 'tm-stamps'),
    frontDoorId: armId('rg-global', 'Microsoft.Cdn/profiles', 'fd-stamps'),
    apim: {
      id: armId('rg-global', 'Microsoft.ApiManagement/service', 'apim-stamps'),
      metricsUrl: 'https://metrics.example',
      tenantSubscription: '{tenant}',
    },
    kpiBounds: {},
    drainMs: 30_000,
  };
}

export const twoRegions = estateOf(2, 3);

/** What moves incidents, over this database: channel `C0INCIDENTS`, the `sre` respond. */
export function incidentContext(
  database: Database,
  changes: Partial<IncidentPolicy> = {},
  estate: Estate = twoRegions,
): IncidentDeskContext {
  const incidents = { ...defaultIncidentPolicy, channel: 'C0INCIDENTS', responders: ['sre'], ...changes };
  return {
    database,
    estate,
    policy: { ...policy, incidents },
    presenter: createIncidentPresenter(),
    people: { member: async () => ana, inGroups: async () => [ana.id] },
    statusPage: false,
  };
}
