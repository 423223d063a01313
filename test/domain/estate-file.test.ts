import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEstate } from '../../src/domain/estate-file.ts';
import { OpsError } from '../../src/errors.ts';

const example = readFileSync(join(__dirname, '../../estate.example.yml'), 'utf8');
const group = (name: string) => `/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/${name}/providers`;

function faultsOf(text: string): string[] {
  try {
    parseEstate(text);
  } catch (error) {
    if (error instanceof OpsError && error.code === 'misconfigured') return error.message.split('\n').slice(1);
    throw error;
  }
  return [];
}

/** The example with its cell-retail set up otherwise. */
const retail = (settings: string) => example.replace('fallback: { addresses: [maintenance.example.com] }', settings);
const retailOf = (text: string) => parseEstate(text).cells.find(({ name }) => name === 'cell-retail');

describe('parseEstate', () => {
  it('makes ARM ids from the names of the guide', () => {
    const estate = parseEstate(example);
    expect(estate.cells.map(({ name }) => name)).toEqual([
      'cell-banking',
      'cell-retail',
      'cell-healthcare',
      'cell-banking-dr',
      'cell-healthcare-dr',
    ]);
    expect(estate.cells[0]).toEqual({
      name: 'cell-banking',
      region: 'eastus',
      role: 'active',
      containerAppId: `${group('rg-stamps-production')}/Microsoft.App/containerApps/app-cell-banking`,
      gatewayId: `${group('rg-stamps-production')}/Microsoft.Network/applicationGateways/agw-stamps`,
      backendPool: 'cell-banking-backend',
      healthAlertId: `${group('rg-stamps-production')}/Microsoft.Insights/metricAlerts/cell-banking-Health-Alert`,
      suppressionId: `${group('rg-stamps-production')}/Microsoft.AlertsManagement/actionRules/stamps-silence-cell-banking`,
      storageId: `${group('rg-stamps-production')}/Microsoft.Storage/storageAccounts/stcellbanking`,
      sqlDatabaseId: `${group('rg-stamps-production')}/Microsoft.Sql/servers/sql-stamps/databases/sql-cell-banking`,
      requestsPerSecondPerReplica: 50,
      fallback: { cell: 'cell-banking-dr' },
    });
    expect(estate).toMatchObject({
      drainMs: 30_000,
      trafficManagerId: `${group('rg-stamps-production')}/Microsoft.Network/trafficManagerProfiles/tm-stamps`,
      frontDoorId: `${group('rg-stamps-production')}/Microsoft.Cdn/profiles/fd-stamps`,
      apim: {
        id: `${group('rg-stamps-production')}/Microsoft.ApiManagement/service/apim-stamps`,
        metricsUrl: 'https://eastus.metrics.monitor.azure.com',
        tenantSubscription: '{tenant}-subscription',
      },
      kpiBounds: {},
      regions: [{ metricsUrl: 'https://eastus.metrics.monitor.azure.com' }, { name: 'westus' }],
    });
    expect(estate).not.toHaveProperty('logsWorkspaceId');
  });

  it('takes other names for what indicators are read from, and an estate’s own targets', () => {
    const workspace = '11111111-2222-4333-8444-555555555555';
    const estate = parseEstate(`${example}
frontDoor: fd-contoso
apim: { service: apim-contoso, region: westus, tenantSubscription: 'sub-{tenant}' }
logsWorkspaceId: ${workspace}
kpis: { apiThroughput: { target: 600, alert: 100 } }
`);
    expect(estate).toMatchObject({
      frontDoorId: expect.stringContaining('/profiles/fd-contoso'),
      apim: { metricsUrl: 'https://westus.metrics.monitor.azure.com', tenantSubscription: 'sub-{tenant}' },
      logsWorkspaceId: workspace,
      kpiBounds: { apiThroughput: { target: 600, alert: 100 } },
    });
    const cell = retailOf(retail('storage: stretaildata\n        sqlDatabase: sql-retail/databases/orders'));
    expect(cell).toMatchObject({
      storageId: expect.stringMatching(/storageAccounts\/stretaildata$/),
      sqlDatabaseId: `${group('rg-stamps-production')}/Microsoft.Sql/servers/sql-retail/databases/orders`,
    });
  });

  it.each([
    ['logsWorkspaceId: law-stamps', 'GUID'],
    ['apim: { tenantSubscription: everybody }', '{tenant}'],
    ['kpis: { uptime: { target: 1, alert: 0 } }', 'uptime'],
    ['kpis: { latency: { target: 100 } }', 'alert'],
  ])('refuses %s', (setting, says) => {
    expect(() => parseEstate(`${example}\n${setting}\n`)).toThrow(says);
  });

  it('takes the names of a cell that is called otherwise, and whole ARM ids', () => {
    const elsewhere = `${group('rg-net')}/Microsoft.Network/applicationGateways/agw-retail`;
    const cell = retailOf(
      retail(`resourceGroup: rg-stamps-cell-retail
        containerApp: app-stamps-cell2
        gateway: ${elsewhere}
        backendPool: retail-pool
        healthAlert: retail-is-down
        suppression: retail-silence
        protected: Christmas sale`),
    );
    expect(cell).toMatchObject({
      containerAppId: `${group('rg-stamps-cell-retail')}/Microsoft.App/containerApps/app-stamps-cell2`,
      gatewayId: elsewhere,
      backendPool: 'retail-pool',
      healthAlertId: `${group('rg-stamps-cell-retail')}/Microsoft.Insights/metricAlerts/retail-is-down`,
      suppressionId: `${group('rg-stamps-cell-retail')}/Microsoft.AlertsManagement/actionRules/retail-silence`,
      protected: 'Christmas sale',
    });
    expect(cell).not.toHaveProperty('fallback');
  });

  it('sorts addresses, as a pool’s state is sorted', () => {
    expect(retailOf(retail('fallback: { addresses: [b.example.com, 10.0.0.4, b.example.com] }'))?.fallback).toEqual({
      addresses: ['10.0.0.4', 'b.example.com'],
    });
  });

  it('lets the environment decide subscription and metrics address', () => {
    const subscriptionId = '99999999-2222-3333-4444-555555555555';
    const estate = parseEstate(example.replace(/^subscriptionId.*$/m, ''), {
      subscriptionId,
      metricsUrl: 'https://127.0.0.1:9',
    });
    expect(estate.cells.every(({ containerAppId }) => containerAppId.includes(subscriptionId))).toBe(true);
    expect(estate.regions.map(({ metricsUrl }) => metricsUrl)).toEqual(['https://127.0.0.1:9', 'https://127.0.0.1:9']);
  });

  it('names all faults at once', () => {
    const text = example
      .replace('{ cell: cell-banking-dr }', '{ cell: cell-bankin-dr }')
      .replace('name: cell-retail', 'name: Cell_X')
      .replace('maintenance.example.com', '"https://x y"')
      .replace('role: standby', 'role: spare')
      .replace('drain: 30s', 'drain: 2h')
      .replace('naming: guide', 'namin: guide')
      .replace('name: westus', 'name: eastus')
      .replace('requestsPerSecondPerReplica: 50', 'requestsPerSecondPerReplica: 0');
    expect(faultsOf(text).map((line) => line.replace(/^Line \d+: /, ''))).toEqual([
      'drain is no good: 2h is too long. Choose from 0s to 1h.',
      'regions 1 › name is the name of two regions.',
      'regions 1 › cells 1 › requestsPerSecondPerReplica must be more than 0.',
      'regions 1 › cells 1 › fallback › cell names the cell “cell-bankin-dr”, which is not in this file; did you mean cell-banking-dr?',
      'regions 1 › cells 2 › name must be 2 to 41 small letters, digits and dashes, beginning with a letter.',
      'regions 1 › cells 2 › fallback › addresses 1 must be a host name in small letters or an IP address.',
      'regions 2 › name is the name of two regions.',
      'regions 2 › cells 1 › role must be one of active, standby.',
      'namin is no setting here.',
    ]);
  });

  it.each([
    ['a cell that falls back on itself', retail('fallback: { cell: cell-retail }'), 'must be another cell'],
    ['an empty fallback', retail('fallback: {}'), 'must have either cell or addresses'],
    [
      'a fallback of two kinds',
      retail('fallback: { cell: cell-banking, addresses: [a.example] }'),
      'must have either cell or addresses',
    ],
    ['no addresses', retail('fallback: { addresses: [] }'), 'must not be empty'],
    ['two cells of one name', example.replace('name: cell-retail', 'name: cell-banking'), 'is the name of two cells'],
    [
      'two cells on one resource, however it is spelt',
      retail('containerApp: APP-cell-banking'),
      'cell-banking and cell-retail share one resource',
    ],
    [
      'an ARM id of another type',
      retail(`gateway: ${group('rg')}/Microsoft.App/containerApps/x`),
      'ARM id of a Microsoft.Network/applicationGateways',
    ],
    [
      'an estate without cells',
      `${example.slice(0, example.indexOf('regions:'))}regions: [{ name: eastus, resourceGroup: rg, cells: [] }]`,
      'at least one cell',
    ],
    ['a subscription nowhere', example.replace(/^subscriptionId.*$/m, ''), 'AZURE_SUBSCRIPTION_ID'],
    ['plain http', example.replace('https://cosmos', 'http://cosmos'), 'must be an https:// address'],
    ['keys that are there twice', `${example}\nversion: 1`, 'Map keys must be unique'],
  ])('refuses %s', (_, text, says) => {
    expect(faultsOf(text).join('\n')).toContain(says);
  });
});
