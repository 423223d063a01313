import { ContainerAppsAPIClient } from '@azure/arm-appcontainers';
import { ResourceManagementClient } from '@azure/arm-resources';
import { TrafficManagerManagementClient } from '@azure/arm-trafficmanager';
import { CosmosClient } from '@azure/cosmos';
import { MetricsClient } from '@azure/monitor-query-metrics';
import { subscriptionId } from '../../../sandbox/azure/layout.ts';
import { parseEstate } from '../../../src/domain/estate-file.ts';
import { type RunningAzure, startRunningAzure } from '../../support/running-azure.ts';

const apiVersion = '2024-05-01';

describe('the Azure emulator under the real SDKs', () => {
  let azure: RunningAzure;
  let resources: ResourceManagementClient;
  let apps: ContainerAppsAPIClient;
  const group = `/subscriptions/${subscriptionId}/resourceGroups/rg-stamps-production`;
  const gatewayId = `${group}/providers/Microsoft.Network/applicationGateways/agw-stamps`;

  beforeAll(async () => {
    azure = await startRunningAzure();
    const options = { endpoint: azure.armUrl, $host: azure.armUrl };
    resources = new ResourceManagementClient(azure.credential, subscriptionId, options);
    apps = new ContainerAppsAPIClient(azure.credential, subscriptionId, options);
  });
  afterAll(() => azure.close());

  it('gives a gateway by its id, in any case of letters', async () => {
    const gateway = await resources.resources.getById(
      gatewayId.toUpperCase().replace('/SUBSCRIPTIONS', '/subscriptions'),
      apiVersion,
    );
    expect(gateway).toMatchObject({ id: gatewayId, location: 'eastus', type: 'Microsoft.Network/applicationGateways' });
  });

  it('takes a whole gateway and finishes later', async () => {
    const gateway = await resources.resources.getById(gatewayId, apiVersion);
    const done = await resources.resources.beginCreateOrUpdateByIdAndWait(gatewayId, apiVersion, gateway, {
      updateIntervalInMs: 20,
    });
    expect(done.properties?.provisioningState).toBe('Succeeded');
    expect(azure.accepted.at(-1)).toMatchObject({ method: 'PUT', path: gatewayId, changed: false });
  });

  it('makes, gives and removes an alert processing rule', async () => {
    const id = `${group}/providers/Microsoft.AlertsManagement/actionRules/quiet`;
    const rule = {
      location: 'Global',
      properties: { scopes: [group], actions: [{ actionType: 'RemoveAllActionGroups' }] },
    };
    await resources.resources.beginCreateOrUpdateByIdAndWait(id, '2021-08-08', rule);
    await expect(resources.resources.getById(id, '2021-08-08')).resolves.toMatchObject({
      properties: { enabled: true },
    });
    await resources.resources.beginDeleteByIdAndWait(id, '2021-08-08');
    await expect(resources.resources.getById(id, '2021-08-08')).rejects.toMatchObject({
      statusCode: 404,
      code: 'ResourceNotFound',
    });
  });

  it('lists a group’s resources of one type', async () => {
    const names: (string | undefined)[] = [];
    for await (const { name } of resources.resources.listByResourceGroup('rg-stamps-dr', {
      filter: "resourceType eq 'Microsoft.App/containerApps'",
    })) {
      names.push(name);
    }
    expect(names).toEqual(['app-cell-banking-dr', 'app-cell-retail-dr', 'app-cell-healthcare-dr']);
  });

  it('gives a container app, its revisions and their replicas', async () => {
    const app = await apps.containerApps.get('rg-stamps-production', 'app-cell-retail');
    expect(app.configuration?.ingress?.traffic?.map(({ weight }) => weight)).toEqual([20, 80]);
    const active: string[] = [];
    for await (const revision of apps.containerAppsRevisions.listRevisions('rg-stamps-production', 'app-cell-retail')) {
      if (revision.active) active.push(revision.name ?? '');
    }
    expect(active).toEqual(['app-cell-retail--v58', 'app-cell-retail--v57']);
    const { value } = await apps.containerAppsRevisionReplicas.listReplicas(
      'rg-stamps-production',
      'app-cell-retail',
      'app-cell-retail--v58',
    );
    expect(value).toHaveLength(3);
  });

  it('switches a revision off and on', async () => {
    const name = ['rg-stamps-dr', 'app-cell-retail-dr', 'app-cell-retail-dr--v57'] as const;
    await apps.containerAppsRevisions.deactivateRevision(...name);
    expect(await apps.containerAppsRevisions.getRevision(...name)).toMatchObject({ active: false });
    await apps.containerAppsRevisions.activateRevision(...name);
    await apps.containerAppsRevisions.activateRevision(...name);
    expect(azure.accepted.slice(-3).map(({ changed }) => changed)).toEqual([true, true, false]);
  });

  it('gives the Traffic Manager profile with what its probes find', async () => {
    const client = new TrafficManagerManagementClient(azure.credential, subscriptionId, {
      endpoint: azure.armUrl,
      $host: azure.armUrl,
    });
    const profile = await client.profiles.get('rg-stamps-production', 'tm-stamps');
    expect(profile.trafficRoutingMethod).toBe('Priority');
    expect(profile.endpoints?.map(({ name, endpointMonitorStatus }) => [name, endpointMonitorStatus])).toEqual([
      ['primary-endpoint', 'Online'],
      ['dr-endpoint', 'Online'],
    ]);
    await client.endpoints.update('rg-stamps-production', 'tm-stamps', 'ExternalEndpoints', 'dr-endpoint', {
      weight: 7,
    });
    expect(azure.accepted.at(-1)).toMatchObject({ method: 'PATCH', changed: true });
  });

  it('gives metrics of many apps at once', async () => {
    const client = new MetricsClient(azure.metricsUrl, azure.credential);
    const ids = ['cell-banking', 'cell-retail'].map(
      (cell) => `${group}/providers/Microsoft.App/containerApps/app-${cell}`,
    );
    const [banking] = await client.queryResources(ids, ['Requests', 'Replicas'], 'Microsoft.App/containerApps', {
      startTime: new Date(Date.now() - 300_000),
      endTime: new Date(),
      interval: 'PT1M',
      aggregation: 'total,average',
    });
    const totals = banking?.getMetricByName('Requests')?.timeseries[0]?.data?.map(({ total }) => total) ?? [];
    expect(totals.filter((total) => total !== undefined).length).toBeGreaterThan(3);
    expect(totals[0]).toBeGreaterThan(60 * 150);
    expect(banking?.getMetricByName('Replicas')?.timeseries[0]?.data?.[0]?.average).toBe(6);
  });

  it('finds tenants in all partitions of the registry', async () => {
    const client = new CosmosClient({ endpoint: azure.cosmosUrl, aadCredentials: azure.credential });
    const container = client.database('globaldb').container('tenants');
    const query = {
      query: 'SELECT c.tenantId, c.status FROM c WHERE c.cellName = @cell',
      parameters: [{ name: '@cell', value: 'cell-banking' }],
    };
    const { resources: found } = await container.items.query(query).fetchAll();
    expect(found).toHaveLength(8);
    const { resources: ranged } = await container.items.query(query, { forceQueryPlan: true }).fetchAll();
    expect(ranged.map(({ tenantId }) => tenantId).sort()).toEqual(found.map(({ tenantId }) => tenantId).sort());
    const { resource } = await container.item('northwind-bank', 'northwind-bank').read();
    expect(resource).toMatchObject({
      cellName: 'cell-banking',
      complianceRequirements: ['PCI-DSS', 'SOX'],
      slaLevel: '99.99',
    });
    client.dispose();
  });

  it('describes itself in an estate file that the app reads', () => {
    const estate = parseEstate(azure.estateFile);
    expect(estate.cells.map(({ name }) => name)).toHaveLength(6);
    expect(estate.regions[0]?.gatewayId).toBe(gatewayId);
    expect(estate.tenants.endpoint).toBe(azure.cosmosUrl);
  });
});
