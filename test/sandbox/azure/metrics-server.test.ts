import { subscriptionId } from '../../../sandbox/azure/layout.ts';
import { type RunningAzure, startRunningAzure, tokenFor } from '../../support/running-azure.ts';

const start = Date.UTC(2026, 9, 5, 3, 0, 30);
const appId = (cell: string, group = 'rg-stamps-production') =>
  `/subscriptions/${subscriptionId}/resourceGroups/${group}/providers/Microsoft.App/containerApps/app-${cell}`;

describe('the emulated metrics of container apps', () => {
  let azure: RunningAzure;
  let now: number;

  beforeEach(async () => {
    now = start;
    azure = await startRunningAzure({ now: () => now });
  });
  afterEach(() => azure.close());

  async function batch(ids: readonly string[], query: Record<string, string> = {}) {
    const parameters = new URLSearchParams({
      'api-version': '2024-02-01',
      metricnamespace: 'Microsoft.App/containerApps',
      metricnames: 'Requests,Replicas',
      starttime: new Date(now - 300_000).toISOString(),
      endtime: new Date(now).toISOString(),
      interval: 'PT1M',
      ...query,
    });
    const token = await tokenFor(azure, 'https://metrics.monitor.azure.com');
    const answer = await fetch(`${azure.metricsUrl}/subscriptions/${subscriptionId}/metrics:getBatch?${parameters}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ resourceids: ids }),
    });
    return { status: answer.status, body: await answer.json() };
  }
  const data = (
    body: { values: { value: { timeseries: { data: Record<string, number>[] }[] }[] }[] },
    metric: number,
  ) => body.values[0]?.value[metric]?.timeseries[0]?.data;

  it('refuse an interval below a metric’s own grain', async () => {
    const account = `/subscriptions/${subscriptionId}/resourceGroups/rg-stamps-production/providers/Microsoft.Storage/storageAccounts/stcellbanking`;
    const of = { metricnamespace: 'Microsoft.Storage/storageAccounts', metricnames: 'UsedCapacity' };
    expect(await batch([account], { ...of, interval: 'PT5M' })).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining('UsedCapacity') } },
    });
    expect((await batch([account], { ...of, interval: 'PT1H' })).status).toBe(200);
  });

  it('tells the state of one endpoint of Traffic Manager, and of one pool of a gateway, minute by minute', async () => {
    const network = `/subscriptions/${subscriptionId}/resourceGroups/rg-stamps-production/providers/Microsoft.Network`;
    const profile = `${network}/trafficManagerProfiles/tm-stamps`;
    const gateway = `${network}/applicationGateways/agw-stamps`;
    const endpoint = (name: string) => ({
      metricnamespace: 'Microsoft.Network/trafficManagerProfiles',
      metricnames: 'ProbeAgentCurrentEndpointStateByProfileResourceId',
      filter: `EndpointName eq '${name}'`,
    });
    const pool = (metric: string) => ({
      metricnamespace: 'Microsoft.Network/applicationGateways',
      metricnames: metric,
      filter: "BackendSettingsPool eq 'cell-banking-backend'",
    });
    azure.faults.failRegion('eastus');
    now += 600_000;
    const states = async (name: string) =>
      data((await batch([profile], endpoint(name))).body, 0)
        ?.slice(-3)
        .map(({ maximum }) => maximum);
    expect(await states('primary-endpoint')).toEqual([0, 0, undefined]);
    expect(await states('dr-endpoint')).toEqual([1, 1, undefined]);
    const hosts = async (metric: string) => data((await batch([gateway], pool(metric))).body, 0)?.at(-2)?.average;
    expect([await hosts('HealthyHostCount'), await hosts('UnhealthyHostCount')]).toEqual([0, 1]);
  });

  it('has a point a minute, without a value while the minute lasts', async () => {
    const points = data((await batch([appId('cell-banking')])).body, 0) ?? [];
    expect(points.map(({ timeStamp }) => timeStamp)).toEqual(
      ['02:55', '02:56', '02:57', '02:58', '02:59', '03:00'].map((minute) => `2026-10-05T${minute}:00.000Z`),
    );
    expect(points.map(({ total }) => total === undefined)).toEqual([false, false, false, false, false, true]);
  });

  it('has no value for requests where nobody asked, and none for replicas where there are none', async () => {
    const id = appId('cell-banking-dr', 'rg-stamps-dr');
    const before = (await batch([id])).body;
    expect(data(before, 0)?.every((point) => !('total' in point))).toBe(true);
    expect(data(before, 1)?.[0]).toMatchObject({ average: 7 });
    azure.faults.setRevision('cell-banking-dr', 'app-cell-banking-dr--v41', false);
    now += 600_000;
    expect(data((await batch([id])).body, 1)?.some((point) => 'average' in point)).toBe(false);
  });

  it('keeps the replicas of the minutes that passed', async () => {
    const id = appId('cell-banking-dr', 'rg-stamps-dr');
    for (const active of [false, true]) {
      azure.faults.setRevision('cell-banking-dr', 'app-cell-banking-dr--v41', active);
      now += 120_000;
      await batch([id]);
    }
    const averages = data((await batch([id])).body, 1)?.map(({ average }) => average);
    expect(averages?.[0]).toBe(7);
    expect(averages).toContain(undefined);
    expect(averages?.at(-2)).toBe(7);
  });

  it.each([
    ['more than 50 apps', Array.from({ length: 51 }, () => appId('cell-banking')), {}, 400],
    ['no app', [], {}, 400],
    ['apps of two regions', [appId('cell-banking'), appId('cell-banking-dr', 'rg-stamps-dr')], {}, 400],
    ['an app that is none', [appId('cell-none')], {}, 404],
    ['a metric that is none', [appId('cell-banking')], { metricnames: 'Happiness' }, 400],
    ['another kind of resource', [appId('cell-banking')], { metricnamespace: 'Microsoft.Sql/servers' }, 400],
    ['times in the wrong order', [appId('cell-banking')], { starttime: new Date(start + 1).toISOString() }, 400],
    ['no api-version', [appId('cell-banking')], { 'api-version': '' }, 400],
  ])('refuses %s', async (_, ids, query, status) => {
    expect(await batch(ids, query)).toMatchObject({ status, body: { error: { code: expect.any(String) } } });
  });

  it('are away for what is in a region whose host is, and for nothing else', async () => {
    azure.faults.metricsAway('eastus', true);
    expect(azure.snapshot().trouble).toEqual(['The metrics of eastus cannot be read']);
    expect((await batch([appId('cell-banking')])).status).toBe(503);
    expect((await batch([appId('cell-banking-dr', 'rg-stamps-dr')])).status).toBe(200);
    azure.faults.metricsAway('eastus', false);
    expect((await batch([appId('cell-banking')])).status).toBe(200);
  });

  it('wants a token', async () => {
    const answer = await fetch(`${azure.metricsUrl}/subscriptions/${subscriptionId}/metrics:getBatch`, {
      method: 'POST',
    });
    expect(answer.status).toBe(401);
  });
});
