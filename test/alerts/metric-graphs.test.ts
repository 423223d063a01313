import { refreshStaleIncidents } from '../../src/alerts/incident-cards.ts';
import { createMetricGraphs } from '../../src/alerts/metric-graphs.ts';
import { OpsError } from '../../src/errors.ts';
import type { MetricAnswer, MetricQuery } from '../../src/ports/monitor.ts';
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

  function graphs(values: (query: MetricQuery) => readonly number[] = () => [1, 2, 3]) {
    const { database, context } = harness;
    const asked: MetricQuery[] = [];
    const chat = createFakeChat();
    const made = createMetricGraphs({
      database,
      estate: context.estate,
      chat: chat.chat,
      clock: { now: () => fired + 5 * minute, sleep: async () => undefined },
      logger: createFakeLogger().logger,
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
    return { look: () => made.look(), asked, chat };
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
      altText: expect.stringContaining('Requests of app-cell-banking, total of 5 minutes, 5xx.'),
    });
    expect(JSON.stringify(shown)).toContain('alerts above: 10 requests');
    expect(JSON.stringify(shown)).toContain('most 14 requests at');
    await refreshStaleIncidents(harness.context);
    const [row] = await harness.database.query<{ content: { blocks: object[] } }>(
      'select content from stamps.messages',
    );
    expect(row?.content.blocks).toContainEqual(
      expect.objectContaining({ type: 'image', slack_file: { id: 'FPICTURE1' } }),
    );
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

  it('is drawn once by many replicas', async () => {
    await incident(errors);
    const { look, chat } = graphs();
    await Promise.all([look(), look(), look()]);
    expect(chat.shown).toHaveLength(1);
  });

  it.each([
    ['no metric', undefined],
    ['a query’s result', { name: 'errors', value: 7, threshold: 5 }],
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
