import type { AlertRuleState, LogRuleState, MetricRuleState } from '../../../src/domain/alert-rule.ts';
import type { AlertRulesPort } from '../../../src/ports/azure.ts';
import { appId, group, never, type ScriptedAzure, startScriptedAzure } from './scripted-azure.ts';

const ref = { kind: 'alert-rule', id: `${group}/providers/Microsoft.Insights/metricAlerts/cpu` };
const logRef = { kind: 'alert-rule', id: `${group}/providers/Microsoft.Insights/scheduledQueryRules/latency` };
const write = { signal: never, runId: 'r-1' };
const metric: MetricRuleState = {
  signal: 'metric',
  description: 'CPU is high',
  severity: 2,
  enabled: true,
  target: appId,
  metric: 'CpuPercentage',
  conditionName: 'condition',
  aggregation: 'Average',
  operator: 'GreaterThan',
  threshold: 85,
  while: null,
  splitBy: [{ name: 'podName', values: ['*'] }],
  window: 'PT15M',
  every: 'PT5M',
  resolvesItself: true,
  actionGroups: [`${group}/providers/Microsoft.Insights/actionGroups/ag`],
};
const log: LogRuleState = {
  signal: 'log',
  description: 'Slow',
  severity: 1,
  enabled: true,
  target: `${group}/providers/Microsoft.OperationalInsights/workspaces/log`,
  location: 'eastus',
  query: 'T\n| summarize value = count()',
  column: 'value',
  resourceColumn: 'resource',
  aggregation: 'Average',
  operator: 'GreaterThan',
  threshold: 150,
  window: 'PT15M',
  every: 'PT5M',
  resolvesItself: true,
  actionGroups: [],
};

describe('alert rules', () => {
  let azure: ScriptedAzure;
  let rules: AlertRulesPort;
  beforeAll(async () => {
    azure = await startScriptedAzure();
    rules = azure.client().alertRules;
  });
  afterAll(() => azure.close());

  const asked = () =>
    azure.asked.map(
      ({ method, path, query }) => `${method} ${path.split('/').slice(-2).join('/')} ${query.get('api-version')}`,
    );

  /** What Azure keeps of a write, with what it adds. */
  async function written(
    at: typeof ref,
    state: AlertRuleState,
    before: object = { status: 404, body: { error: { code: 'ResourceNotFound' } } },
  ) {
    azure.tell(before, { status: 200 });
    await expect(rules.write(at, state, write)).resolves.toEqual({});
    const put = azure.asked.find(({ method }) => method === 'PUT');
    return JSON.parse(put?.body ?? 'null');
  }

  it.each<[string, typeof ref, AlertRuleState, string]>([
    ['metrics', ref, metric, '2018-03-01'],
    ['logs', logRef, log, '2023-12-01'],
  ])('on %s are read back as they were written', async (_, at, state, version) => {
    const body = await written(at, state);
    expect(asked().at(-1)).toMatch(new RegExp(`^PUT .* ${version}$`));
    azure.tell({ body: { id: at.id, name: 'x', ...body } });
    expect(await rules.read(at, never)).toEqual({ state });
  });

  it('are read whatever defaults Azure fills in', async () => {
    const { location, properties } = await written(ref, metric);
    const [condition] = properties.criteria.allOf;
    azure.tell({
      body: {
        id: ref.id,
        location,
        tags: null,
        properties: {
          ...properties,
          targetResourceType: '',
          isMigrated: false,
          criteria: {
            ...properties.criteria,
            allOf: [{ ...condition, skipMetricValidation: false, metricNamespace: 'x' }],
          },
          actions: [{ actionGroupId: metric.actionGroups[0], webHookProperties: {} }],
        },
      },
    });
    expect((await rules.read(ref, never)).state).toEqual(metric);
  });

  it('keep the tags that others gave them', async () => {
    const body = await written(ref, metric, {
      body: { id: ref.id, location: 'global', tags: { owner: 'payments' }, properties: {} },
    });
    expect(body.tags).toEqual({ owner: 'payments' });
  });

  // biome-ignore lint/suspicious/noExplicitAny: tests change whatever ARM answers
  it.each<[string, (properties: Record<string, any>) => void]>([
    ['two conditions', ({ criteria }) => criteria.allOf.push(criteria.allOf[0])],
    [
      'a dynamic threshold',
      ({ criteria }) => Object.assign(criteria.allOf[0], { criterionType: 'DynamicThresholdCriterion' }),
    ],
    ['two resources', ({ scopes }) => scopes.push(`${appId}2`)],
    [
      'an excluded dimension',
      ({ criteria }) => Object.assign(criteria.allOf[0].dimensions[0], { operator: 'Exclude' }),
    ],
  ])('with %s are foreign, and are put back exactly as they were', async (_, change) => {
    const theirs = structuredClone(await written(ref, metric));
    change(theirs.properties);
    azure.tell({ body: { id: ref.id, name: 'cpu', ...theirs } });
    const { state } = await rules.read(ref, never);
    expect(state).toMatchObject({
      signal: 'foreign',
      says: expect.stringContaining('made by hand, watches app-cell-a'),
    });
    expect(rules.equals(state, metric)).toBe(false);
    expect(await written(ref, state as AlertRuleState)).toEqual(theirs);
  });

  it('are removed without being looked at', async () => {
    azure.tell({ status: 200 });
    await rules.write(ref, null, write);
    expect(asked()).toEqual(['DELETE metricAlerts/cpu 2018-03-01']);
  });

  it('are listed over all pages, both sorts', async () => {
    const one = { id: ref.id, location: 'global', ...(await written(ref, metric)) };
    azure.tell((request) => {
      if (request.path.includes('scheduledQueryRules')) return { body: { value: [] } };
      const last = request.query.has('page');
      return {
        body: {
          value: [{ ...one, id: `${one.id}${last ? 2 : 1}` }],
          ...(!last && { nextLink: `${azure.url}${request.path}?api-version=2018-03-01&page=2` }),
        },
      };
    });
    expect(await rules.list(group, never)).toEqual([
      { id: `${ref.id}1`, state: metric, targets: [appId] },
      { id: `${ref.id}2`, state: metric, targets: [appId] },
    ]);
  });

  it('are not listed from another host', async () => {
    azure.tell({ body: { value: [], nextLink: 'https://evil.example/next' } });
    await expect(rules.list(group, never)).rejects.toMatchObject({ code: 'bad-response' });
  });

  it.each([
    ['Standard', 'dtu'],
    ['Basic', 'dtu'],
    ['GeneralPurpose', 'vCore'],
    ['Hyperscale', 'vCore'],
  ])('know that a database of the tier %s is bought by %s', async (tier, by) => {
    azure.tell({ body: { sku: { name: 'S3', tier } } });
    const id = `${group}/providers/Microsoft.Sql/servers/sql/databases/sql-cell-a`;
    expect(await rules.boughtBy(id, never)).toBe(by);
  });

  it.each([
    { status: 409, body: { error: { code: 'ScopeLocked', message: 'A lock is set.' } } },
    { answer: 'lost' as const },
  ])('are written once, whatever the answer: %j', async (answer) => {
    azure.tell({ status: 404, body: { error: { code: 'ResourceNotFound' } } }, answer);
    await expect(rules.write(ref, metric, write)).rejects.toMatchObject({ name: 'OpsError' });
    expect(azure.asked.filter(({ method }) => method === 'PUT')).toHaveLength(1);
  });

  it.each([`${group}/providers/Microsoft.Insights/metricAlerts/../x`, 'https://evil.example', `${ref.id}?x=1`])(
    'are refused under the id %s',
    async (id) => {
      azure.tell({ body: {} });
      await expect(rules.read({ kind: 'alert-rule', id }, never)).rejects.toMatchObject({ code: 'bad-input' });
      expect(azure.asked).toEqual([]);
    },
  );
});
