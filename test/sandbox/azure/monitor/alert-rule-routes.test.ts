import { subscriptionId } from '../../../../sandbox/azure/layout.ts';
import { armOf, type RunningAzure, startRunningAzure } from '../../../support/running-azure.ts';

const group = `/subscriptions/${subscriptionId}/resourceGroups/rg-stamps-production`;
const rules = `${group}/providers/Microsoft.Insights/metricAlerts`;
const version = '?api-version=2018-03-01';
const single = 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria';
const app = `${group}/providers/Microsoft.App/containerApps/app-cell-retail`;
const condition = {
  criterionType: 'StaticThresholdCriterion',
  name: 'cpu',
  metricName: 'CpuPercentage',
  operator: 'GreaterThan',
  threshold: 85,
  timeAggregation: 'Average',
};

const body = (properties: object = {}, more: object = {}) => ({
  location: 'global',
  properties: {
    description: 'CPU is high',
    severity: 2,
    enabled: true,
    scopes: [app],
    evaluationFrequency: 'PT1M',
    windowSize: 'PT15M',
    criteria: { 'odata.type': single, allOf: [condition] },
    actions: [{ actionGroupId: `${group}/providers/Microsoft.Insights/actionGroups/ag-stamps-critical` }],
    ...properties,
  },
  ...more,
});
const criteria = (change: object) => ({ criteria: { 'odata.type': single, allOf: [{ ...condition, ...change }] } });

describe('an emulated metric alert rule', () => {
  let azure: RunningAzure;
  let arm: Awaited<ReturnType<typeof armOf>>;

  beforeAll(async () => {
    azure = await startRunningAzure();
    arm = await armOf(azure);
  });
  afterAll(() => azure.close());

  it('is made with 201, replaced with 200, removed with 200, and then with 204', async () => {
    const untouched = azure.configuration();
    const write = () => arm('PUT', `${rules}/cpu${version}`, { body: body() });
    expect([(await write()).status, (await write()).status]).toEqual([201, 200]);
    const remove = () => arm('DELETE', `${rules}/cpu${version}`);
    expect([(await remove()).status, (await remove()).status]).toEqual([200, 204]);
    expect(azure.accepted.slice(-4).map(({ changed }) => changed)).toEqual([true, false, true, false]);
    expect(azure.configuration()).toEqual(untouched);
  });

  it('is read with the defaults that Azure fills in, and listed with its group’s', async () => {
    await arm('PUT', `${rules}/cpu${version}`, { body: body() });
    const { body: read } = await arm('GET', `${rules.toLowerCase()}/CPU${version}`);
    expect(read).toMatchObject({
      id: `${rules}/cpu`,
      type: 'Microsoft.Insights/metricAlerts',
      properties: {
        autoMitigate: true,
        targetResourceType: '',
        criteria: { allOf: [{ ...condition, dimensions: [], skipMetricValidation: false }] },
        actions: [{ webHookProperties: {} }],
      },
    });
    const { body: listed } = await arm('GET', `${rules}${version}`);
    const names = listed.value.map(({ name }: { name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(['cpu', 'cell-retail-Health-Alert', 'Traffic-Manager-Endpoint-Down']));
    expect(names).not.toContain('cell-retail-dr-Health-Alert');
  });

  it.each<[string, object, RegExp]>([
    [
      'a metric that does not exist',
      criteria({ metricName: 'Gateway.Requests' }),
      /Couldn't find a metric named Gateway\.Requests/,
    ],
    ['a metric of another type', criteria({ metricName: 'OriginLatency' }), /Couldn't find a metric/],
    ['a window that is none', { windowSize: 'PT10M' }, /windowSize/],
    ['a frequency that is none', { evaluationFrequency: 'PT10M' }, /evaluationFrequency/],
    ['a window shorter than the frequency', { windowSize: 'PT1M', evaluationFrequency: 'PT5M' }, /window size/],
    ['an operator that is none', criteria({ operator: 'staticThreshold' }), /operator/],
    ['an aggregation that is none', criteria({ timeAggregation: 'P95' }), /timeAggregation/],
    [
      'a dimension that the metric lacks',
      criteria({ dimensions: [{ name: 'SubscriptionId', operator: 'Include', values: ['*'] }] }),
      /no dimension SubscriptionId/,
    ],
    ['a severity that is none', { severity: 5 }, /severity/],
    ['a resource that does not exist', { scopes: [`${app}-2`] }, /Unable to find the resource/],
    [
      'two resources for single-resource criteria',
      { scopes: [app, app.replace('retail', 'banking')] },
      /takes one scope/,
    ],
    [
      'many container apps at once',
      {
        scopes: [app, app.replace('retail', 'banking')],
        criteria: { 'odata.type': single.replace('Single', 'Multiple'), allOf: [condition] },
      },
      /not supported with multi resource level/,
    ],
    [
      'an action group that does not exist',
      { actions: [{ actionGroupId: `${group}/providers/Microsoft.Insights/actionGroups/none` }] },
      /action group/,
    ],
    ['no conditions', { criteria: { 'odata.type': single, allOf: [] } }, /criteria/],
  ])('is refused with %s', async (_, change, says) => {
    const { status, body: answer } = await arm('PUT', `${rules}/other${version}`, { body: body(change) });
    expect({ status, code: answer.error.code }).toEqual({ status: 400, code: 'BadRequest' });
    expect(answer.error.message).toMatch(says);
    expect((await arm('GET', `${rules}/other${version}`)).status).toBe(404);
  });

  it('is refused outside the location global', async () => {
    const { status } = await arm('PUT', `${rules}/other${version}`, { body: body({}, { location: 'eastus' }) });
    expect(status).toBe(400);
  });

  it('shows its action group with the address that it calls', async () => {
    azure.alerts.postTo('http://127.0.0.1:9/alerts/azure-monitor');
    const { body: found } = await arm(
      'GET',
      `${group}/providers/Microsoft.Insights/actionGroups/ag-stamps-critical?api-version=2023-01-01`,
    );
    expect(found.properties.webhookReceivers).toEqual([
      {
        name: 'stamps',
        serviceUri: `http://127.0.0.1:9/alerts/azure-monitor?secret=${azure.alerts.secret}`,
        useCommonAlertSchema: true,
      },
    ]);
  });
});
