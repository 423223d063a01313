import type { MetricQuery } from '../../../src/ports/monitor.ts';
import { type Asked, group, never, type ScriptedAzure, startScriptedAzure, steppingClock } from './scripted-azure.ts';

const namespace = 'Microsoft.Storage/storageAccounts';
const account = (n: number) => `${group}/providers/${namespace}/st${n}`;
const from = Date.parse('2026-05-04T09:55:00Z');
const to = Date.parse('2026-05-04T10:00:00Z');

function values(ids: readonly string[], total = 60) {
  return {
    values: ids.map((resourceid) => ({
      starttime: new Date(from).toISOString(),
      endtime: new Date(to).toISOString(),
      interval: 'PT1M',
      namespace,
      resourceregion: 'eastus',
      resourceid: resourceid.toLowerCase(),
      value: [
        {
          id: `${resourceid}/providers/Microsoft.Insights/metrics/Transactions`,
          type: 'Microsoft.Insights/metrics',
          name: { value: 'Transactions', localizedValue: 'Vorgänge' },
          unit: 'Count',
          timeseries: [
            {
              metadatavalues: [],
              data: [{ timeStamp: '2026-05-04T09:55:00Z', total }, { timeStamp: '2026-05-04T09:56:00Z' }],
            },
          ],
        },
      ],
    })),
  };
}
const idsOf = ({ body }: Asked): string[] => JSON.parse(body).resourceids;

describe('metrics', () => {
  let azure: ScriptedAzure;
  beforeAll(async () => {
    azure = await startScriptedAzure();
  });
  afterAll(() => azure.close());

  const query = (resourceIds: string[], more: Partial<MetricQuery> = {}) =>
    azure.client({ clock: steppingClock() }).metrics.query(
      {
        resourceIds,
        namespace,
        metrics: [{ name: 'Transactions', aggregation: 'total' }],
        metricsUrl: azure.url,
        from,
        to,
        interval: 'PT1M',
        ...more,
      },
      never,
    );

  it('gives the points that have a value, under the id that was asked for', async () => {
    azure.tell((request) => ({ body: values(idsOf(request)) }));
    const { series, failed } = await query([account(1)]);
    expect(series.get(account(1))?.get('Transactions')).toEqual([{ at: from, value: 60 }]);
    expect(failed.size).toBe(0);
    expect(azure.asked[0]?.path).toMatch(/\/metrics:getBatch$/);
    expect(Object.fromEntries(azure.asked[0]?.query ?? [])).toMatchObject({
      metricnamespace: namespace,
      metricnames: 'Transactions',
      aggregation: 'total',
      starttime: '2026-05-04T09:55:00.000Z',
      endtime: '2026-05-04T10:00:00.000Z',
    });
  });

  it('takes fifty resources a call, and no more calls than that needs', async () => {
    azure.tell((request) => ({ body: values(idsOf(request)) }));
    const ids = Array.from({ length: 1_000 }, (_, n) => account(n));
    const { series } = await query(ids);
    expect(series.size).toBe(1_000);
    expect(azure.asked.map((request) => idsOf(request).length)).toEqual(Array(20).fill(50));
  });

  it('leaves out what has no data, rather than call it 0', async () => {
    azure.tell({ body: values([account(1)]) });
    const { series, failed } = await query([account(1), account(2)]);
    expect([...series.keys()]).toEqual([account(1)]);
    expect(failed.size).toBe(0);
  });

  it('finds the one that was deleted since, and answers for the other 49', async () => {
    azure.tell((request) =>
      idsOf(request).includes(account(17))
        ? { status: 404, body: { error: { code: 'ResourceNotFound', message: 'It is gone.' } } }
        : { body: values(idsOf(request)) },
    );
    const { series, failed } = await query(Array.from({ length: 50 }, (_, n) => account(n)));
    expect(series.size).toBe(49);
    expect([...failed].map(([id, { code }]) => [id, code])).toEqual([[account(17), 'not-found']]);
    expect(azure.asked.length).toBeLessThanOrEqual(14);
  });

  it('gives up looking when hardly anything is there', async () => {
    azure.tell({ status: 404, body: { error: { code: 'ResourceNotFound', message: 'None of it.' } } });
    const { series, failed } = await query(Array.from({ length: 500 }, (_, n) => account(n)));
    expect([series.size, failed.size]).toEqual([0, 500]);
    expect(azure.asked.length).toBeLessThanOrEqual(10 + 2 * 30);
  });

  it.each([
    [{ status: 429, headers: { 'retry-after': '900' } }, 'throttled'],
    [{ status: 503 }, 'unavailable'],
    [{ status: 403, body: { error: { code: 'AuthorizationFailed', message: 'No.' } } }, 'not-allowed'],
    [{ body: { values: [{}] } }, 'bad-response'],
  ])('a batch that gets %j fails for its own resources only', async (told, code) => {
    azure.tell((request) => (idsOf(request).includes(account(0)) ? told : { body: values(idsOf(request)) }));
    const { series, failed } = await query(Array.from({ length: 60 }, (_, n) => account(n)));
    expect(series.size).toBe(10);
    expect(new Set([...failed.values()].map((error) => error.code))).toEqual(new Set([code]));
    expect(failed.size).toBe(50);
  });

  it('asks for nothing when there is nothing to ask for', async () => {
    azure.tell({ status: 500 });
    await query([]);
    expect(azure.asked).toEqual([]);
  });
});
