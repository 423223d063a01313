import {
  appId,
  group,
  never,
  type ScriptedAzure,
  startScriptedAzure,
  steppingClock,
  type Told,
} from './scripted-azure.ts';

const total = (...values: (number | null)[]) =>
  values.map((value, n) => ({
    timeStamp: `2026-05-04T09:5${n}:00Z`,
    ...(value !== null && { total: value, average: 1 }),
  }));
const average = (...values: number[]) =>
  values.map((value, n) => ({ timeStamp: `2026-05-04T09:5${n}:00Z`, average: value, total: 999 }));
const minute = (n: number, perSecond: number) => [Date.parse(`2026-05-04T09:5${n}:00Z`), perSecond] as const;

/** As metrics:getBatch answers; names for people differ from the metrics' own. */
function metrics(resourceid: string, requests: object[][], replicas: object[][]) {
  const metric = (name: string, shown: string, series: object[][]) => ({
    id: `${resourceid}/providers/Microsoft.Insights/metrics/${name}`,
    type: 'Microsoft.Insights/metrics',
    name: { value: name, localizedValue: shown },
    unit: 'Count',
    timeseries: series.map((data) => ({ metadatavalues: [], data })),
  });
  return {
    starttime: '2026-05-04T09:55:00Z',
    endtime: '2026-05-04T10:00:00Z',
    interval: 'PT1M',
    namespace: 'Microsoft.App/containerApps',
    resourceregion: 'eastus',
    resourceid,
    value: [metric('Requests', 'Anfragen', requests), metric('Replicas', 'Replica Count', replicas)],
  };
}

describe('load', () => {
  let azure: ScriptedAzure;
  beforeAll(async () => {
    azure = await startScriptedAzure();
  });
  afterAll(() => azure.close());

  const tell = (...answers: Told[]) => azure.tell(...answers);
  const load = (ids: string[]) => azure.client({ clock: steppingClock() }).load.load(ids, azure.url, never);

  it('counts a minute in which it had replicas and no requests, once it is old enough for them to have come', async () => {
    // Asked at 10:00: requests of 09:56 have come, those of 09:57 to 09:59 may be late.
    const at = (first: number, ...values: (number | null)[]) =>
      values.map((value, n) => ({
        ...total(value)[0],
        average: value ?? undefined,
        timeStamp: `2026-05-04T09:5${first + n}:00Z`,
      }));
    const left = metrics(appId, [at(5, 600, null, null, null, null)], [at(5, 1, 1, 1, 1, 1)]);
    tell({ body: { values: [left] } });
    expect((await load([appId])).get(appId)?.requestsPerSecond).toBe(5);
    // What somebody else was asked for in a minute has come, so this one was not.
    const other = `${group}/providers/Microsoft.App/containerApps/app-other`;
    const busy = metrics(other, [at(5, null, null, null, 60, null)], [at(5, 1, 1, 1, 1, 1)]);
    tell({ body: { values: [left, busy] } });
    const both = await load([appId, other]);
    expect([appId, other].map((id) => both.get(id)?.requestsPerSecond)).toEqual([2.5, 0.25]);
  });

  it('is the mean over the minutes that have a value', async () => {
    tell({ body: { values: [metrics(appId.toLowerCase(), [total(600, 1_200, null)], [average(2, 4)])] } });
    await expect(load([appId])).resolves.toEqual(
      new Map([[appId, { requestsPerSecond: 15, replicas: 3, byMinute: new Map([minute(0, 10), minute(1, 20)]) }]]),
    );
    const [asked] = azure.asked;
    expect(Object.fromEntries(asked?.query ?? [])).toMatchObject({
      starttime: '2026-05-04T09:55:00.000Z',
      endtime: '2026-05-04T10:00:00.000Z',
      interval: 'PT1M',
      metricnames: 'Requests,Replicas',
      metricnamespace: 'Microsoft.App/containerApps',
    });
    expect(JSON.parse(asked?.body ?? '')).toEqual({ resourceids: [appId] });
  });

  it('adds up what several revisions do', async () => {
    tell({ body: { values: [metrics(appId, [total(60), total(120)], [average(1), average(2)])] } });
    await expect(load([appId])).resolves.toEqual(
      new Map([[appId, { requestsPerSecond: 3, replicas: 3, byMinute: new Map([minute(0, 3)]) }]]),
    );
  });

  it('counts once what went from one revision to the other', async () => {
    tell({
      body: { values: [metrics(appId, [total(600, 600, null), total(null, null, 600)], [average(2), average(2)])] },
    });
    expect((await load([appId])).get(appId)?.requestsPerSecond).toBe(10);
  });

  it.each<[string, object[][], object[][]]>([
    ['requests', [], [average(2)]],
    ['replicas', [total(60)], [[]]],
    ['a value in any minute', [total(null, null)], [average(2)]],
  ])('leaves out an app without %s, rather than call it idle', async (_name, requests, replicas) => {
    tell({ body: { values: [metrics(appId, requests, replicas)] } });
    await expect(load([appId])).resolves.toEqual(new Map());
  });

  it('asks for fifty apps at a time, and for each app once', async () => {
    tell({ body: { values: [] } });
    const ids = Array.from({ length: 101 }, (_, n) => `${group}/providers/Microsoft.App/containerApps/app-${n}`);
    await load([...ids, ids[0] as string]);
    const sizes = azure.asked.map(({ body }) => JSON.parse(body).resourceids.length);
    expect(sizes.sort((a, b) => a - b)).toEqual([1, 50, 50]);
  });

  it('asks for nothing when there is nothing to ask for', async () => {
    tell({ status: 500 });
    await expect(load([])).resolves.toEqual(new Map());
    expect(azure.asked).toEqual([]);
  });

  it.each<[Told, string]>([
    [{ status: 403, body: { error: { code: 'AuthorizationFailed', message: 'No.' } } }, 'not-allowed'],
    [
      { status: 429, headers: { 'retry-after': '30' }, body: { error: { code: 'TooManyRequests', message: 'No.' } } },
      'throttled',
    ],
    [{ status: 503, body: 'no' }, 'unavailable'],
    [{ body: { values: [{}] } }, 'bad-response'],
    [{ body: '{' }, 'bad-response'],
  ])('tells that %j is %s', async (told, code) => {
    tell(told);
    await expect(load([appId])).rejects.toMatchObject({ code });
  });
});
