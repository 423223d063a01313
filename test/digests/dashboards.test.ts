import { dashboardQueries } from '../../src/digests/dashboard-queries.ts';
import { cellDashboard, globalDashboard } from '../../src/digests/dashboards.ts';
import { hourMs, minuteMs } from '../../src/domain/duration.ts';
import { parseEstate } from '../../src/domain/estate-file.ts';
import { defaultIncidentPolicy } from '../../src/domain/incident-policy.ts';
import type { KpiScope } from '../../src/domain/kpi.ts';
import { OpsError } from '../../src/errors.ts';
import { createAzure } from '../../src/integrations/azure/create-azure.ts';
import { kpiDefinition, kpiDefinitions } from '../../src/kpis/definitions.ts';
import { drawPanels } from '../../src/pictures/draw.ts';
import { systemClock } from '../../src/ports/clock.ts';
import type { LogAnswer } from '../../src/ports/monitor.ts';
import { createFakeLogger } from '../support/fakes/fake-logger.ts';
import { storeHours, storeSnapshot } from '../support/kpi-history.ts';
import { readPng } from '../support/png.ts';
import { type RunningAzure, startRunningAzure } from '../support/running-azure.ts';
import { newDatabase } from '../support/test-database.ts';

// An hour of every tenant's requests takes the emulated Log Analytics some seconds.
jest.setTimeout(120_000);
const start = Date.UTC(2026, 9, 5, 3, 0, 30);

describe('the global dashboard', () => {
  let azure: RunningAzure;
  let now: number;
  beforeAll(async () => {
    now = start;
    azure = await startRunningAzure({ now: () => now, rateLimits: false });
  });
  afterAll(() => azure.close());

  const context = (asked: boolean) => {
    const estate = parseEstate(azure.estateFile);
    const ports = createAzure({
      estate,
      armUrl: azure.armUrl,
      credential: azure.credential,
      clock: systemClock,
      deadlineMs: 60_000,
      logsUrl: azure.env.AZURE_LOGS_URL as string,
    });
    return {
      estate,
      azure: asked ? ports : undefined,
      definitions: kpiDefinitions,
      logger: createFakeLogger().logger,
      clock: systemClock,
      database: undefined as never,
      chat: undefined as never,
      forecast: async () => undefined,
      incidentPolicy: defaultIncidentPolicy,
    };
  };

  it('shows countries, response times, traffic and errors as Azure’s logs have them', async () => {
    now += 70 * minuteMs;
    const { panels, missing } = await globalDashboard(context(true), now, 'UTC');
    expect(missing).toEqual([]);
    const [countries, times, traffic, errors] = panels.map((panel) =>
      panel.kind === 'tiles' ? undefined : panel.chart,
    );
    expect(countries).toMatchObject({
      bars: expect.arrayContaining([expect.objectContaining({ label: 'Germany', standing: 'good' })]),
    });
    const lines = (chart: typeof times) => (chart && 'lines' in chart ? chart.lines : []);
    expect(lines(times).map(({ label }) => label)).toEqual(['p50', 'p95', 'p99']);
    const [p50, p95] = lines(times);
    expect(
      p95?.readings.every(({ value }, place) => value !== undefined && value > (p50?.readings[place]?.value ?? 0)),
    ).toBe(true);
    const demand = azure
      .snapshot()
      .regions.flatMap(({ cells }) => cells)
      .reduce((sum, cell) => sum + cell.demand, 0);
    const measured = lines(traffic)[0]?.readings ?? [];
    expect(measured).toHaveLength(12);
    // Every bin is whole: none is a tenth less than the rest because its logs are still on their way.
    for (const { value } of measured) expect(value).toBeGreaterThan(demand * 60 * 0.7);
    expect(lines(errors)[0]?.readings.at(-1)?.value).toBe(0);
    expect(readPng((await drawPanels(panels)).png).height).toBeGreaterThan(1_500);
  });

  it('is drawn without Azure too, as “no data”, and says why', async () => {
    const { panels, missing } = await globalDashboard(context(false), now, 'UTC');
    expect(missing).toHaveLength(3);
    expect((await drawPanels(panels)).altText).toContain('Availability by country: no data.');
  });

  it('goes without what Azure throttles, gives in part or in another shape, and never fails as a whole', async () => {
    const whole = context(true);
    const query = async ({ kql }: { readonly kql: string }): Promise<LogAnswer> => {
      if (kql === dashboardQueries.byCountry)
        throw new OpsError('throttled', 'Azure had too many requests.', { service: 'Azure' });
      if (kql === dashboardQueries.responseTimes) return { rows: [{ at: new Date(now).toISOString(), p50: 'fast' }] };
      const at = new Date(now - (now % 300_000) - 600_000).toISOString();
      return { rows: [{ at, region: 'East US', requests: 10, failed: 0 }], partial: 'A shard is away.' };
    };
    const { panels, missing } = await globalDashboard(
      { ...whole, azure: whole.azure && { ...whole.azure, logs: { query } } },
      now,
      'UTC',
    );
    expect([...missing].sort()).toEqual([
      'Availability by country: Azure had too many requests.',
      'Response times: the reading failed.',
      'Traffic and errors by region: Azure gave a part of the answer only: A shard is away.',
    ]);
    const { altText } = await drawPanels(panels);
    for (const part of [
      'Availability by country: no data',
      'Response time, .*p50: no data',
      'Traffic by region, .*No data',
      'Errors by region, .*No data',
    ])
      expect(altText).toMatch(new RegExp(part));
  });
});

describe('the dashboard of a cell', () => {
  const at = Date.UTC(2026, 10, 25, 7, 30);
  const scope: KpiScope = 'cell/cell-retail';
  const definition = kpiDefinition('containerCpu');
  let database: Awaited<ReturnType<typeof newDatabase>>;
  beforeEach(async () => {
    database = await newDatabase();
    await storeHours(database, { definition, scope }, at - 30 * hourMs, at, () => 40);
    await storeSnapshot(database, at, [{ definition, scope, value: 60 }]);
  });
  afterEach(() => database.close());

  const cpu = async (zone: string) => {
    const parts = { database, definitions: kpiDefinitions, logger: createFakeLogger().logger };
    const { panels } = await cellDashboard(parts as never, 'cell-retail', at, zone);
    const charts = panels.flatMap((panel) => (panel.kind === 'lines' ? [panel.chart] : []));
    const chart = charts.find(({ title }) => title === 'Container CPU of cell-retail');
    return { subtitle: chart?.subtitle, readings: chart?.lines[0]?.readings.length, timeZone: chart?.timeZone };
  };

  it('is drawn by the hour while windows are known of less than half of the day, else by the window', async () => {
    expect(await cpu('UTC')).toEqual({
      subtitle: 'mean of 5 minutes, means of an hour, last 24 hours',
      readings: 24,
      timeZone: 'UTC',
    });
    await database.query(
      `insert into stamps.kpi_samples (kpi, scope, at, value)
       select $1, $2, $3::timestamptz - n * interval '5 minutes', 50 from generate_series(1, 200) n`,
      [definition.id, scope, new Date(at).toISOString()],
    );
    expect(await cpu('Europe/Berlin')).toEqual({
      subtitle: 'mean of 5 minutes, last 24 hours',
      readings: 201,
      timeZone: 'Europe/Berlin',
    });
  });
});
