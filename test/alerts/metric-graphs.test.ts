import { refreshStaleIncidents } from '../../src/alerts/incident-cards.ts';
import { createMetricGraphs } from '../../src/alerts/metric-graphs.ts';
import type { AlertRuleState, LogRuleState } from '../../src/domain/alert-rule.ts';
import { OpsError } from '../../src/errors.ts';
import type { LogAnswer, MetricAnswer, MetricQuery } from '../../src/ports/monitor.ts';
import { ana } from '../support/engine-harness.ts';
import { createFakeChat } from '../support/fakes/fake-chat.ts';
import { createFakeLogger } from '../support/fakes/fake-logger.ts';
import { type IncidentHarness, startIncidents } from '../support/incident-harness.ts';

const firedAt = '2026-11-24T03:11:00.000Z';
const fired = Date.parse(firedAt);
const minute = 60_000;

describe('the graph on an incident’s card', () => {
  let harness: IncidentHarness;
  beforeEach(async () => {
    harness = await startIncidents();
  });
  afterEach(() => harness.stop());

  function graphs(
    values: (query: MetricQuery) => readonly number[] = () => [1, 2, 3],
    rule: AlertRuleState | null = null,
    rows: (from: number, to: number) => LogAnswer['rows'] = () => [],
  ) {
    const { database, context } = harness;
    const queries: { kql: string; from: number; to: number }[] = [];
    const asked: MetricQuery[] = [];
    const chat = createFakeChat();
    const made = createMetricGraphs({
      database,
      estate: context.estate,
      chat: chat.chat,
      timeZone: 'America/New_York',
      clock: { now: () => fired + 5 * minute, sleep: async () => undefined },
      logger: createFakeLogger().logger,
      alertRules: { read: async () => ({ state: rule }) },
      logs: {
        async query(query) {
          queries.push(query);
          return { rows: rows(query.from, query.to) };
        },
      },
      metrics: {
        async query(query): Promise<MetricAnswer> {
          asked.push(query);
          const points = values(query).map((value, index) => ({ at: fired - (10 - index) * minute, value }));
          const [id = ''] = query.resourceIds;
          const name = query.metrics[0]?.name ?? '';
          return { series: new Map(points.length > 0 ? [[id, new Map([[name, points]])]] : []), failed: new Map() };
        },
      },
    });
    return { look: () => made.look(), whole: (id: string) => made.whole(id), asked, queries, chat };
  }

  async function incident(metric: object | undefined, more: object = {}): Promise<string> {
    const { id } = await harness.incidents.declare(
      {
        requestKey: `key-${Math.abs(JSON.stringify([metric, more]).length)}`,
        title: 'Errors',
        severity: 'P2',
        channel: 'C1',
      },
      ana,
    );
    await harness.alert(id, {
      key: `a-${id}`,
      firedAt,
      resources: [harness.context.estate.cells[0]?.containerAppId ?? ''],
      place: { scope: 'cell', region: 'eastus', cell: 'cell-banking' },
      ...(metric && { metric: metric as never }),
      ...more,
    });
    return id;
  }
  const errors = {
    name: 'Requests',
    namespace: 'Microsoft.App/containerApps',
    aggregation: 'Total',
    operator: 'GreaterThan',
    threshold: 10,
    value: 14,
    windowMinutes: 5,
  };
  const due = () => harness.database.query(`update stamps.metric_graphs set next_at = clock_timestamp()`);

  it('shows the metric as its rule sees it, with the threshold and the alert, and the card is drawn anew', async () => {
    await incident(errors, { dimensions: [{ name: 'statusCodeCategory', value: '5xx' }] });
    const { look, asked, chat } = graphs();
    await look();
    expect(asked).toMatchObject([
      {
        namespace: 'Microsoft.App/containerApps',
        metrics: [{ name: 'Requests', aggregation: 'total' }],
        where: [{ name: 'statusCodeCategory', value: '5xx' }],
        metricsUrl: 'https://eastus.metrics.monitor.azure.com',
        interval: 'PT1M',
      },
    ]);
    const [shown] = chat.shown;
    expect(shown).toMatchObject({
      how: 'picture',
      altText: expect.stringContaining('Requests of app-cell-banking, total of 5 minutes, 5xx, America/New_York.'),
    });
    expect(JSON.stringify(shown)).toContain('alerts above: 10 requests');
    expect(JSON.stringify(shown)).toContain('most 14 requests at 23 Nov 22:11 GMT-5');
    await refreshStaleIncidents(harness.context);
    const [row] = await harness.database.query<{ content: { blocks: object[] } }>(
      'select content from stamps.messages',
    );
    expect(row?.content.blocks).toContainEqual(
      expect.objectContaining({ type: 'image', slack_file: { id: 'FPICTURE1' } }),
    );
  });

  it('asks for the one endpoint of Traffic Manager, in the namespace of its resource', async () => {
    const { trafficManagerId } = harness.context.estate;
    const name = 'ProbeAgentCurrentEndpointStateByProfileResourceId';
    await incident(
      { name, aggregation: 'Maximum', operator: 'LessThan', threshold: 1, value: 0, windowMinutes: 5 },
      {
        resources: [trafficManagerId],
        place: { scope: 'global' },
        dimensions: [{ name: 'EndpointName', value: 'eastus' }],
      },
    );
    const { look, asked, chat } = graphs(() => [1, 1, 0]);
    await look();
    expect(asked).toMatchObject([
      {
        resourceIds: [trafficManagerId],
        namespace: expect.stringMatching(/^microsoft.network\/trafficmanagerprofiles$/i),
        metrics: [{ name, aggregation: 'maximum' }],
        where: [{ name: 'EndpointName', value: 'eastus' }],
      },
    ]);
    expect(JSON.stringify(chat.shown)).toContain('alerts below: 1');
  });

  describe('of a log search rule', () => {
    const group = () => `/subscriptions/${harness.context.estate.subscriptionId}/resourceGroups/rg-global`;
    const ruleId = () => `${group()}/providers/Microsoft.Insights/scheduledQueryRules/KPI-Error-Rate`;
    const rule = (more: Partial<LogRuleState> = {}): LogRuleState => ({
      signal: 'log',
      description: '',
      severity: 1,
      enabled: true,
      target: `${group()}/providers/Microsoft.OperationalInsights/workspaces/log-stamps`,
      aggregation: 'Average',
      operator: 'GreaterThan',
      threshold: 0.5,
      window: 'PT15M',
      every: 'PT5M',
      resolvesItself: true,
      actionGroups: [],
      location: 'eastus',
      query: 'T | summarize value = avg(x) by _ResourceId',
      column: 'value',
      resourceColumn: '_ResourceId',
      ...more,
    });
    const fired = (more: object = {}) =>
      incident({ name: 'value', value: 0.9, threshold: 0.5 }, { kind: 'log', ruleId: ruleId(), ...more });

    it('runs the rule’s own query over its window at several moments, and takes the alert’s resource', async () => {
      await fired();
      const [app = ''] = [harness.context.estate.cells[0]?.containerAppId];
      const { look, queries, chat } = graphs(undefined, rule(), () => [
        { _ResourceId: app.toUpperCase(), value: 0.2 },
        { _ResourceId: '/another', value: 99 },
      ]);
      await look();
      expect(new Set(queries.map(({ kql }) => kql))).toEqual(new Set(['T | summarize value = avg(x) by _ResourceId']));
      expect(queries.every(({ from, to }) => to - from === 15 * minute)).toBe(true);
      expect(queries.length).toBeLessThanOrEqual(13);
      expect(queries.map(({ to }) => to)).toContain(Date.parse(firedAt));
      const [shown] = chat.shown;
      const words = shown && 'altText' in shown ? shown.altText : '';
      expect(words).toContain('mean of 15 minutes');
      expect(words).toContain('most 0.9');
      expect(words).toContain('least 0.2');
    });

    it('counts rows where the rule does', async () => {
      await fired({ metric: { name: 'results', value: 3, threshold: 2 } });
      const counting = rule({ aggregation: 'Count', column: '', resourceColumn: '', threshold: 2 });
      const { look, chat } = graphs(undefined, counting, () => [{}, {}]);
      await look();
      expect(JSON.stringify(chat.shown)).toContain('rows of 15 minutes');
    });

    it.each<[string, () => AlertRuleState | null]>([
      ['is gone', () => null],
      ['is made in a way that is not ours', () => ({ signal: 'foreign', says: 'by hand', body: '{}' })],
      [
        'asks something else than a workspace',
        () => rule({ target: `${group()}/providers/Microsoft.Insights/components/x` }),
      ],
    ])('is left out when the rule %s', async (_, state) => {
      await fired();
      const { look, queries, chat } = graphs(undefined, state());
      await look();
      expect([queries, chat.shown]).toEqual([[], []]);
    });

    it('is not tried for a rule of somebody else’s subscription', async () => {
      await fired({
        ruleId: ruleId().replace(harness.context.estate.subscriptionId, '99999999-0000-4000-8000-000000000000'),
      });
      const { look, queries } = graphs(undefined, rule());
      await look();
      expect(queries).toEqual([]);
    });
  });

  it('is drawn anew a few times, then left as it is', async () => {
    await incident(errors);
    const { look, chat } = graphs();
    for (let n = 0; n < 10; n += 1) {
      await look();
      await look();
      await harness.database.query(
        `update stamps.metric_graphs set next_at = clock_timestamp() where next_at <> 'infinity'`,
      );
    }
    expect(chat.shown).toHaveLength(6);
  });

  it('is one for each rule and resource in a document, the worst first, with the end of each', async () => {
    const id = await incident(errors, { rule: 'Errors', azureSeverity: 2 });
    const [here = '', there = ''] = harness.context.estate.cells.map(({ containerAppId }) => containerAppId);
    const more = (key: string, rule: string, resource: string, azureSeverity: 0 | 1 | 2) =>
      harness.alert(id, { key, firedAt, rule, resources: [resource], metric: errors as never, azureSeverity });
    await more('a-2', 'Errors', there, 2);
    await more('a-3', 'Errors', there, 2);
    await more('a-4', 'Latency', here, 1);
    const over = new Date(fired + 4 * minute).toISOString();
    await harness.database.query(`update stamps.alerts set over_at = $1 where key = 'a-4'`, [over]);
    const { whole, chat } = graphs();
    expect((await whole(id)).map(({ fileId }) => fileId)).toEqual(['FPICTURE1', 'FPICTURE2', 'FPICTURE3']);
    const [worst, ...others] = chat.shown.map((shown) => JSON.stringify(shown));
    expect(worst).toContain('over');
    expect(others.join()).not.toContain('over');
    const refused = graphs();
    refused.chat.failures.set('uploadPicture', new OpsError('unavailable', 'Slack is away.'));
    expect(await refused.whole(id)).toEqual([]);
  });

  it('is drawn once by many replicas', async () => {
    await incident(errors);
    const { look, chat } = graphs();
    await Promise.all([look(), look(), look()]);
    expect(chat.shown).toHaveLength(1);
  });

  it.each([
    ['no metric', undefined],
    ['a metric of nobody’s', { name: 'errors', namespace: 'custom', value: 7, threshold: 5 }],
  ])('is not tried for alerts about %s', async (_, metric) => {
    await incident(metric);
    const { look, asked } = graphs();
    await look();
    expect(asked).toEqual([]);
  });

  it('is left out when Azure has no values, or Slack takes no picture, and is tried again', async () => {
    await incident(errors);
    const empty = graphs(() => []);
    await empty.look();
    expect(empty.chat.shown).toEqual([]);
    await due();
    const refused = graphs();
    refused.chat.failures.set('uploadPicture', new OpsError('unavailable', 'Slack is away.'));
    await refused.look();
    await due();
    const good = graphs();
    await good.look();
    expect(good.chat.shown).toHaveLength(1);
  });

  it('keeps strangers’ words in pictures and their descriptions harmless', async () => {
    await incident(
      { ...errors, name: '<!channel>&lt;script>' },
      { dimensions: [{ name: 'x', value: '</text><!here>' }] },
    );
    const { look } = graphs();
    await look();
    await refreshStaleIncidents(harness.context);
    const [row] = await harness.database.query<{ content: { blocks: { type: string }[] } }>(
      'select content from stamps.messages',
    );
    const image = row?.content.blocks.find(({ type }) => type === 'image');
    expect(image).toMatchObject({ alt_text: expect.stringContaining('channel') });
  });
});
