import type { KpiReading } from '../../src/domain/kpi.ts';
import { kpiDefinition, kpiDefinitions } from '../../src/kpis/definitions.ts';
import { errorBudgets, kpiSeries, latestSnapshot } from '../../src/kpis/read-samples.ts';
import { createSnapshots } from '../../src/kpis/snapshots.ts';
import { forgetOld, rollUp, writeSamples } from '../../src/kpis/write-samples.ts';
import { systemClock } from '../../src/ports/clock.ts';
import { createFakeLogger } from '../support/fakes/fake-logger.ts';
import { createFakeMonitor, kpiEstate } from '../support/kpi-world.ts';
import { newDatabase } from '../support/test-database.ts';

type Database = Awaited<ReturnType<typeof newDatabase>>;
const never = new AbortController().signal;

describe('the samples', () => {
  let database: Database;
  beforeEach(async () => {
    database = await newDatabase();
  });
  afterEach(() => database.close());

  const replica = (replicaId: string, monitor = createFakeMonitor()) =>
    createSnapshots({
      database,
      definitions: kpiDefinitions,
      replicaId,
      clock: systemClock,
      estate: kpiEstate,
      ...monitor,
      logger: createFakeLogger().logger,
    });

  /** Stores a slot as a snapshot would. */
  async function store(at: string, readings: readonly Partial<KpiReading>[]) {
    const from = new Date(Date.parse(at) - 300_000).toISOString();
    const whole = readings.map((reading) => ({ from, to: at, ...reading }) as KpiReading);
    await writeSamples(database, kpiDefinitions, whole);
    await rollUp(database, at);
    await database.query(
      `insert into stamps.kpi_slots (at, claimed_until, claimed_by, done_at) values ($1, now(), 'test', now()) on conflict do nothing`,
      [at],
    );
  }
  const cpu = (value: number | undefined, scope = 'cell/cell-a') =>
    ({
      kpi: 'containerCpu',
      scope,
      ...(value === undefined ? { reason: 'no data came' } : { value }),
    }) as Partial<KpiReading>;

  it('are taken once a slot, whoever looks, the newest first, and made up for three slots back', async () => {
    const [one, two] = [replica('one'), replica('two')];
    const taken = await Promise.all([one.takeDue(never), two.takeDue(never), one.takeDue(never), two.takeDue(never)]);
    const more = [await one.takeDue(never), await two.takeDue(never), await one.takeDue(never)];
    const slots = [...taken, ...more].filter((slot) => slot !== undefined);
    expect(slots).toHaveLength(3);
    expect(new Set(slots).size).toBe(3);
    const rows = await database.query<{ count: number }>('select count(*) as count from stamps.kpi_samples');
    expect(rows[0]?.count).toBe(3 * 17);
    const late = Date.now() - Math.max(...slots.map((slot) => Date.parse(slot)));
    expect(late).toBeGreaterThanOrEqual(5 * 60_000);
    expect(late).toBeLessThan(10 * 60_000 + 30_000);
  });

  it('of a replica that died over them are taken by another when its claim has run out', async () => {
    const first = await replica('one').takeDue(never);
    await database.query('update stamps.kpi_slots set done_at = null, claimed_by = $1 where at = $2', ['dead', first]);
    const [second, third] = [await replica('two').takeDue(never), await replica('two').takeDue(never)];
    expect([second, third]).not.toContain(first);
    await database.query(`update stamps.kpi_slots set claimed_until = now() - interval '1 second' where at = $1`, [
      first,
    ]);
    expect(await replica('two').takeDue(never)).toBe(first);
    expect(await replica('one').takeDue(never)).toBeUndefined();
  });

  it('are read as of the newest slot that is done, with state and reason', async () => {
    expect(await latestSnapshot(database, kpiDefinitions)).toBeUndefined();
    await store('2026-05-04T10:00:00.000Z', [cpu(60)]);
    await store('2026-05-04T10:05:00.000Z', [cpu(82), cpu(undefined, 'cell/cell-dr')]);
    const snapshot = await latestSnapshot(database, kpiDefinitions);
    expect(snapshot?.at).toBe('2026-05-04T10:05:00.000Z');
    expect(snapshot?.standings.map(({ scope, state, reading }) => [scope, state, reading.value])).toEqual([
      ['cell/cell-a', 'warning', 82],
      ['cell/cell-dr', 'unknown', undefined],
    ]);
    const one = await latestSnapshot(database, kpiDefinitions, ['cell/cell-dr']);
    expect(one?.standings.map(({ reading }) => reading)).toEqual([
      expect.objectContaining({ reason: 'no data came', from: '2026-05-04T10:00:00.000Z' }),
    ]);
  });

  it('of a ratio are judged by the sum of their parts over its own time', async () => {
    const availability = (good: number, total: number) =>
      ({ kpi: 'availability', scope: 'global', value: (100 * good) / total, good, total }) as Partial<KpiReading>;
    await store('2026-05-03T09:00:00.000Z', [availability(0, 5)]);
    await store('2026-05-04T09:00:00.000Z', [availability(3, 5)]);
    await store('2026-05-04T09:05:00.000Z', [availability(5, 5)]);
    await store('2026-05-04T09:10:00.000Z', [
      { kpi: 'availability', scope: 'global', reason: 'Azure was away' } as Partial<KpiReading>,
    ]);
    const snapshot = await latestSnapshot(database, kpiDefinitions);
    expect(snapshot?.standings[0]?.reading).toMatchObject({
      value: 80,
      good: 8,
      total: 10,
      from: '2026-05-03T09:10:00.000Z',
    });
  });

  it('that were not known may become known, and what is known stays', async () => {
    await store('2026-05-04T10:00:00.000Z', [cpu(undefined)]);
    await store('2026-05-04T10:00:00.000Z', [cpu(50)]);
    await store('2026-05-04T10:00:00.000Z', [cpu(undefined)]);
    await store('2026-05-04T10:00:00.000Z', [cpu(99)]);
    const [standing] = (await latestSnapshot(database, kpiDefinitions))?.standings ?? [];
    expect(standing?.reading.value).toBe(50);
  });

  it('make series by the window, hour and day, of several cells the worst, with gaps where nothing is known', async () => {
    await store('2026-05-04T09:00:00.000Z', [cpu(10)]);
    await store('2026-05-04T09:05:00.000Z', [cpu(50), cpu(60, 'cell/cell-b')]);
    await store('2026-05-04T10:00:00.000Z', [cpu(70), cpu(undefined, 'cell/cell-b')]);
    await store('2026-05-04T10:05:00.000Z', [cpu(undefined), cpu(undefined, 'cell/cell-b')]);
    await store('2026-05-05T00:00:00.000Z', [cpu(90)]);
    const wanted = {
      definition: kpiDefinition('containerCpu'),
      scopes: ['cell/cell-a', 'cell/cell-b'] as const,
      from: '2026-05-04T08:00:00.000Z',
      to: '2026-05-05T00:00:00.000Z',
    };
    expect(
      (await kpiSeries(database, { ...wanted, grain: 'window' })).map(({ at, value }) => [at.slice(11, 16), value]),
    ).toEqual([
      ['09:00', 10],
      ['09:05', 60],
      ['10:00', 70],
      ['10:05', undefined],
      ['00:00', 90],
    ]);
    expect(await kpiSeries(database, { ...wanted, scopes: ['cell/cell-a'], grain: 'hour' })).toEqual([
      { at: '2026-05-04T08:00:00.000Z', value: 10, least: 10, most: 10 },
      // The window that ends at ten is of the hour from nine.
      { at: '2026-05-04T09:00:00.000Z', value: 60, least: 50, most: 70 },
      { at: '2026-05-04T10:00:00.000Z' },
      { at: '2026-05-04T23:00:00.000Z', value: 90, least: 90, most: 90 },
    ]);
    expect(
      await kpiSeries(database, { ...wanted, from: '2026-05-04T00:00:00Z', scopes: ['cell/cell-a'], grain: 'day' }),
    ).toEqual([{ at: '2026-05-04T00:00:00.000Z', value: 55, least: 10, most: 90 }]);
  });

  it('use up an error budget, each cell its own', async () => {
    for (let minute = 0; minute < 50; minute += 5)
      await store(`2026-05-04T09:${String(minute).padStart(2, '0')}:00.000Z`, [
        cpu(minute === 0 ? 99 : 50),
        cpu(50, 'cell/cell-b'),
      ]);
    const budgets = await errorBudgets(
      database,
      kpiDefinition('containerCpu'),
      ['cell/cell-a', 'cell/cell-b', 'cell/cell-dr'],
      '2026-05-04T10:00:00.000Z',
    );
    expect(budgets.get('cell/cell-a')?.usedShare).toBeCloseTo(10);
    expect(budgets.get('cell/cell-a')?.leftShare).toBe(0);
    expect(budgets.get('cell/cell-b')?.leftShare).toBe(1);
    expect(budgets.get('cell/cell-b')?.knownShare).toBeCloseTo(10 / 8_640);
    expect(budgets.has('cell/cell-dr')).toBe(false);
  });

  it('go when they are older than they are kept, and what they summed up to stays longer', async () => {
    const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
    for (const days of [1, 4, 36, 401]) await store(daysAgo(days), [cpu(50)]);
    await forgetOld(database);
    const count = async (sql: string) =>
      (await database.query<{ n: number }>(`select count(*)::int as n from ${sql}`))[0]?.n;
    expect(await count('stamps.kpi_samples')).toBe(1);
    expect(await count(`stamps.kpi_rollups where grain = 'hour'`)).toBe(2);
    expect(await count(`stamps.kpi_rollups where grain = 'day'`)).toBe(3);
    expect(await count('stamps.kpi_slots')).toBe(1);
  });
});
