import { hourMs, minuteMs } from '../../src/domain/duration.ts';
import { OpsError } from '../../src/errors.ts';
import { kpiDefinition, kpiDefinitions } from '../../src/kpis/definitions.ts';
import { createPastHours } from '../../src/kpis/past-hours.ts';
import { errorBudgets, kpiSeries } from '../../src/kpis/read-samples.ts';
import type { LogsPort, MetricsPort } from '../../src/ports/monitor.ts';
import { createFakeLogger } from '../support/fakes/fake-logger.ts';
import { kpiEstate } from '../support/kpi-world.ts';
import { newDatabase } from '../support/test-database.ts';

const never = new AbortController().signal;
const windows = (from: number) => Array.from({ length: 12 }, (_, n) => from + n * 5 * minuteMs);

/** Knows of every window since `since`; counts what it is asked, and fails while told to. */
function createPast(since = 0) {
  const state = { asked: [] as number[], broken: undefined as Error | undefined };
  const logs: LogsPort = {
    async query({ kql, from }) {
      state.asked.push(from);
      if (state.broken) throw state.broken;
      if (from < since) return { rows: [] };
      const apps = kql.includes('by app')
        ? kpiEstate.cells.map(({ containerAppId }) => containerAppId.split('/').at(-1))
        : [''];
      return {
        rows: windows(from).flatMap((window) =>
          apps.map((app) => ({
            window: new Date(window).toISOString(),
            app: app ?? '',
            value: 42,
            good: 999,
            total: 1000,
          })),
        ),
      };
    },
  };
  const metrics: MetricsPort = {
    async query({ resourceIds, metrics: [metric], from }) {
      const points = windows(from).map((at) => ({ at, value: 60 }));
      return {
        series: new Map(resourceIds.map((id) => [id, new Map([[metric?.name ?? '', points]])])),
        failed: new Map(),
      };
    },
  };
  return { state, logs, metrics };
}

describe('the hours before the first snapshot', () => {
  let database: Awaited<ReturnType<typeof newDatabase>>;
  let now: number;
  beforeEach(async () => {
    database = await newDatabase();
    now = Date.now();
  });
  afterEach(() => database.close());

  const replica = (past: ReturnType<typeof createPast>, replicaId = 'one') =>
    createPastHours({
      database,
      definitions: kpiDefinitions,
      replicaId,
      clock: { now: () => now, sleep: async () => undefined },
      estate: kpiEstate,
      logs: past.logs,
      metrics: past.metrics,
      logger: createFakeLogger().logger,
    });
  const firstSnapshot = () =>
    database.query(
      `insert into stamps.kpi_slots (at, claimed_until, claimed_by, done_at) values (now(), now(), 'test', now())`,
    );
  const later = (ms: number) => {
    now += ms;
  };
  const fill = async (hours: number, filler: ReturnType<typeof replica>) => {
    const filled: (string | undefined)[] = [];
    for (let n = 0; n < hours; n += 1) {
      later(10 * minuteMs);
      filled.push(await filler.fillNext(never));
    }
    return filled;
  };
  const wholeHour = (ago: number) => new Date(Math.floor(Date.now() / hourMs) * hourMs - ago * hourMs).toISOString();

  it('are left alone in the first minute, and until a snapshot was taken', async () => {
    const past = createPast();
    const filler = replica(past);
    await firstSnapshot();
    later(59_000);
    expect(await filler.fillNext(never)).toBeUndefined();
    expect(past.state.asked).toEqual([]);
    later(2_000);
    expect(await filler.fillNext(never)).toBe(wholeHour(2));
    await database.query('delete from stamps.kpi_slots');
    later(hourMs);
    expect(await filler.fillNext(never)).toBeUndefined();
  });

  it('are read once over all replicas, the newest first, and rested after each', async () => {
    const past = createPast();
    await firstSnapshot();
    const [one, two] = [replica(past), replica(past, 'two')];
    later(2 * minuteMs);
    const both = await Promise.all([one.fillNext(never), two.fillNext(never)]);
    expect(new Set(both.filter((each) => each !== undefined)).size).toBe(
      both.filter((each) => each !== undefined).length,
    );
    expect(await one.fillNext(never)).toBeUndefined();
    await fill(4, one);
    expect(new Set(past.state.asked).size * 6).toBe(past.state.asked.length);
  });

  it('have the values and sums that snapshots would have', async () => {
    await firstSnapshot();
    await fill(30, replica(createPast()));
    const [from, to] = [wholeHour(40), wholeHour(0)];
    const series = (id: Parameters<typeof kpiDefinition>[0], scope: 'global' | 'cell/cell-a') =>
      kpiSeries(database, { definition: kpiDefinition(id), scopes: [scope], from, to, grain: 'hour' });
    expect(await series('tenantLatency', 'cell/cell-a')).toHaveLength(30);
    expect((await series('storageIops', 'cell/cell-a'))[0]).toMatchObject({
      value: expect.closeTo(0.2),
      least: 0.2,
      most: 0.2,
    });
    expect((await series('apiThroughput', 'global'))[0]?.value).toBe(12);
    expect((await series('containerCpu', 'cell/cell-a'))[0]?.value).toBe(60);
    expect((await series('errorRate', 'global'))[0]?.value).toBeCloseTo(0.1);
    const budget = await errorBudgets(database, kpiDefinition('errorRate'), ['global'], to);
    expect(budget.get('global')?.knownShare).toBeGreaterThan(0.02);
  });

  it('go no further back than hours are kept, nor does what is there get other values', async () => {
    const past = createPast();
    await firstSnapshot();
    await database.query(
      `insert into stamps.kpi_rollups (grain, kpi, scope, at, windows, known, met, mean)
       select 'hour', 'latency', 'global', date_trunc('hour', now(), 'UTC') - n * interval '1 hour', 12, 12, 12, 7
       from generate_series(0, 836) n where n <> 20`,
    );
    const filled = await fill(6, replica(past));
    expect(filled.filter((each) => each !== undefined)).toEqual([
      wholeHour(20),
      wholeHour(837),
      wholeHour(838),
      wholeHour(839),
    ]);
    const [{ count } = { count: 0 }] = await database.query<{ count: number }>(
      `select count(*) as count from stamps.kpi_rollups where kpi = 'latency' and grain = 'hour' and mean = 7`,
    );
    expect(count).toBe(836);
  });

  it('are tried again when Azure was throttled, and given up after five tries', async () => {
    const past = createPast();
    await firstSnapshot();
    const filler = replica(past);
    past.state.broken = new OpsError('throttled', 'Azure has too many requests.');
    later(2 * minuteMs);
    const at = await filler.fillNext(never);
    later(30_000);
    expect(await filler.fillNext(never)).toBeUndefined();
    past.state.broken = undefined;
    await database.query(`update stamps.kpi_past_hours set claimed_until = now() - interval '1 second'`);
    later(minuteMs);
    expect(await filler.fillNext(never)).toBe(at);
    const definition = kpiDefinition('latency');
    const known = () =>
      kpiSeries(database, { definition, scopes: ['global'], from: at ?? '', to: wholeHour(0), grain: 'hour' });
    expect(await known()).toHaveLength(1);
    past.state.broken = new OpsError('timeout', 'The logs did not answer in time.');
    for (let n = 0; n < 5; n += 1) {
      later(2 * minuteMs);
      await filler.fillNext(never);
      await database.query(
        `update stamps.kpi_past_hours set claimed_until = now() - interval '1 second' where done_at is null`,
      );
    }
    const rows = await database.query<{ attempts: number }>(
      'select attempts from stamps.kpi_past_hours where done_at is not null order by at',
    );
    expect(rows).toEqual([{ attempts: 5 }, { attempts: 2 }]);
  });

  it('of which nothing is kept any more stay unknown, and cost one look', async () => {
    const past = createPast(Number.POSITIVE_INFINITY);
    await firstSnapshot();
    await fill(3, replica(past));
    const rows = await database.query<{ kpi: string }>(`select distinct kpi from stamps.kpi_rollups order by kpi`);
    expect(rows.map(({ kpi }) => kpi)).toEqual(['apiThroughput', 'containerCpu', 'storageIops']);
    expect(past.state.asked).toHaveLength(18);
  });
});
