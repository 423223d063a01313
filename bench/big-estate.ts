import type { Cell, Estate } from '../src/domain/estate.ts';

const regions = 50;
const cellsEach = 200;

/** 10,000 cells, 200 in each of 50 regions. */
export function bigEstate(): Estate {
  const id = (group: string, type: string, name: string) =>
    `/subscriptions/00000000-0000-4000-8000-00000000cafe/resourceGroups/${group}/providers/${type}/${name}`;
  const gateway = (region: string) => id(`rg-${region}`, 'Microsoft.Network/applicationGateways', 'agw');
  const names = Array.from({ length: regions }, (_, n) => `region${n}`);
  const cell = (region: string, n: number): Cell => {
    const name = `${region}-cell-${n}`;
    return {
      name,
      region,
      role: 'active',
      containerAppId: id(`rg-${name}`, 'Microsoft.App/containerApps', `app-${name}`),
      gatewayId: gateway(region),
      backendPool: `${name}-backend`,
      healthAlertId: id(`rg-${name}`, 'Microsoft.Insights/metricAlerts', name),
      suppressionId: id(`rg-${name}`, 'Microsoft.AlertsManagement/actionRules', name),
      storageId: id(`rg-${name}`, 'Microsoft.Storage/storageAccounts', `st${region}${n}`),
      sqlDatabaseId: id(`rg-${name}`, 'Microsoft.Sql/servers', `sql-${name}/databases/db`),
      requestsPerSecondPerReplica: 50,
    };
  };
  return {
    subscriptionId: '00000000-0000-4000-8000-00000000cafe',
    regions: names.map((name) => ({ name, gatewayId: gateway(name), metricsUrl: '' })),
    cells: names.flatMap((name) => Array.from({ length: cellsEach }, (_, n) => cell(name, n))),
    tenants: { endpoint: '', database: '', container: '' },
    trafficManagerId: id('rg-global', 'Microsoft.Network/trafficManagerProfiles', 'tm'),
    frontDoorId: id('rg-global', 'Microsoft.Cdn/profiles', 'fd'),
    apim: { id: id('rg-global', 'Microsoft.ApiManagement/service', 'apim'), metricsUrl: '', tenantSubscription: '' },
    kpiBounds: {},
    drainMs: 0,
  };
}
