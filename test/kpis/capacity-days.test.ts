import { metricOf } from '../../sandbox/azure/monitor/metric-catalog.ts';
import { dayMs, minuteMs } from '../../src/domain/duration.ts';
import { OpsError } from '../../src/errors.ts';
import { createCapacityDays } from '../../src/kpis/capacity-days.ts';
import { capacityFigures } from '../../src/kpis/capacity-figures.ts';
import type { TenantsPort } from '../../src/ports/azure.ts';
import type { MetricQuery, MetricsPort } from '../../src/ports/monitor.ts';
import { createFakeLogger } from '../support/fakes/fake-logger.ts';
import { kpiEstate } from '../support/kpi-world.ts';
import { portsOf, startRunningAzure } from '../support/running-azure.ts';
import { newDatabase } from '../support/test-database.ts';

jest.setTimeout(60_000);
const never = new AbortController().signal;
let database: Awaited<ReturnType<typeof newDatabase>>;
let now: number;
beforeEach(async () => {
  database = await newDatabase();
  now = Date.now();
});
afterEach(() => database.close());

interface Row {
  readonly kpi: string;
  readonly scope: string;
  readonly at: string;
  readonly mean: number;
  readonly most: number;
}
const rows = () =>
  database.query<Row>(
    `select kpi, scope, at, mean, most from stamps.kpi_rollups where kpi like 'capacity.%' order by at desc, kpi, scope`,
  );

function filler(metrics: MetricsPort, tenants: TenantsPort, estate = kpiEstate, replicaId = 'one') {
  const days = createCapacityDays({
    ...{ database, estate, metrics, tenants, replicaId },
    clock: { now: () => now, sleep: async () => undefined },
    logger: createFakeLogger().logger,
  });
  return async () => {
    now += 10 * minuteMs;
    return days.fillNext(never);
  };
}

const registry = (counts: Record<string, number>): TenantsPort => ({
  counts: async () =>
    Object.entries(counts).map(([cell, count]) => ({ cell, tier: 'smb', sla: '99.9', status: 'active', count })),
  onCell: async () => [],
  find: async () => undefined,
});
/** Each metric has one value on all resources; absent: no data. */
const constant = (values: Record<string, number>, asked: MetricQuery[] = []): MetricsPort => ({
  async query(query) {
    asked.push(query);
    const found = query.metrics.flatMap(({ name }) =>
      values[name] === undefined ? [] : [[name, [{ at: query.from, value: values[name] }]] as const],
    );
    return { series: new Map(query.resourceIds.map((id) => [id, new Map(found)])), failed: new Map() };
  },
});

describe('the days of capacity', () => {
  it('are read the newest first, as far back as Azure keeps metrics, and each once over all replicas', async () => {
    const asked: MetricQuery[] = [];
    const fill = filler(constant({ storage_percent: 40 }, asked), registry({ 'cell-a': 3 }));
    const other = filler(constant({}), registry({}), kpiEstate, 'two');
    const first = await fill();
    expect(await other()).not.toBe(first);
    const read = [first];
    for (let day = await fill(); day !== undefined; day = await fill()) read.push(day);
    expect(read).toHaveLength(92);
    expect(await fill()).toBeUndefined();
    expect([...read].sort().reverse()).toEqual(read);
    expect(asked.every(({ from, to }) => to - from <= dayMs)).toBe(true);
  });

  it('have tenants only from the day on that they were first counted, 0 where the registry has none', async () => {
    const fill = filler(constant({}), registry({ 'cell-a': 3 }));
    await fill();
    await fill();
    const found = await rows();
    expect(found.map(({ kpi, scope, mean }) => [kpi, scope, mean])).toEqual([
      ['capacity.tenants', 'cell/cell-a', 3],
      ['capacity.tenants', 'cell/cell-b', 0],
      ['capacity.tenants', 'cell/cell-dr', 0],
    ]);
  });

  it('keep CPU where a database has no DTUs, and nothing where nothing was measured', async () => {
    await filler(constant({ cpu_percent: 30 }), registry({}))();
    const found = (await rows()).filter(({ kpi }) => kpi !== 'capacity.tenants');
    expect(found.map(({ kpi, scope, mean }) => [kpi, scope, mean])).toEqual(
      ['cell-a', 'cell-b', 'cell-dr'].map((cell) => ['capacity.sqlLoad', `cell/${cell}`, 30]),
    );
  });

  it('are tried again where Azure was away, and keep what was known', async () => {
    const trouble = new OpsError('unavailable', 'Azure is away.', { service: 'Azure' });
    const good = constant({ storage_percent: 40, UsedCapacity: 1 });
    let away = true;
    const metrics: MetricsPort = {
      query: async (query, signal) =>
        away && query.namespace.endsWith('storageAccounts')
          ? { series: new Map(), failed: new Map(query.resourceIds.map((id) => [id, trouble])) }
          : good.query(query, signal),
    };
    const fill = filler(metrics, registry({}));
    const first = await fill();
    expect((await rows()).map(({ kpi }) => kpi)).not.toContain('capacity.accountBytes');
    away = false;
    await database.query('update stamps.capacity_days set claimed_until = now() where done_at is null');
    expect(await fill()).toBe(first);
    const found = await rows();
    expect(found.filter(({ kpi }) => kpi === 'capacity.accountBytes')).toHaveLength(3);
    expect(found.filter(({ kpi }) => kpi === 'capacity.sqlStorage')).toHaveLength(3);
  });

  it('ask for metrics that Azure has, with an aggregation that it offers', () => {
    for (const { namespace, metrics, aggregation } of capacityFigures) {
      for (const name of metrics) {
        const known = metricOf(namespace, name);
        expect([name, known?.aggregations.some((one) => one.toLowerCase() === aggregation)]).toEqual([name, true]);
      }
    }
  });
});

describe('the days of the emulated estate, over HTTPS', () => {
  it('have what its stores hold, its tenants and its busiest hour', async () => {
    const azure = await startRunningAzure();
    try {
      const { estate, ports } = portsOf(azure, Date.now);
      await filler(ports.metrics, ports.tenants, estate)();
      const found = await rows();
      const of = (kpi: string, cell: string) =>
        found.find((row) => row.kpi === `capacity.${kpi}` && row.scope === `cell/${cell}`);
      const active = estate.cells.filter(({ role }) => role === 'active').map(({ name }) => name);
      for (const cell of active) {
        expect([cell, of('sqlStorage', cell)?.mean]).toEqual([cell, expect.any(Number)]);
        expect(of('sqlLoad', cell)?.most).toBeGreaterThanOrEqual(of('sqlLoad', cell)?.mean ?? Number.NaN);
        expect(of('accountBytes', cell)?.mean).toBeGreaterThan(1024 ** 3);
        expect(of('requests', cell)?.most).toBeGreaterThan(1);
        expect(of('tenants', cell)?.mean).toBeGreaterThan(0);
      }
      // A day before the account was made it held nothing, so nothing is said of it.
      expect(estate.cells.filter(({ data }) => data === undefined).map(({ name }) => of('cosmosBytes', name))).toEqual(
        estate.cells.filter(({ data }) => data === undefined).map(() => undefined),
      );
    } finally {
      await azure.close();
    }
  });
});
