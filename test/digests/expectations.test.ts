import { lookAhead } from '../../src/digests/ahead.ts';
import { createExpectations, type Series } from '../../src/digests/expectations.ts';
import { createForecaster } from '../../src/digests/forecaster.ts';
import { foresee } from '../../src/digests/foresee.ts';
import { dayMs, hourMs, minuteMs } from '../../src/domain/duration.ts';
import type { Queries } from '../../src/engine/database.ts';
import { kpiDefinition } from '../../src/kpis/definitions.ts';
import { storeHours } from '../support/kpi-history.ts';
import { newDatabase } from '../support/test-database.ts';

const cpu = kpiDefinition('containerCpu');
const of = (cell: string): Series => ({ definition: cpu, scope: `cell/${cell}` });
/** The same curve up to the present hour whatever the time is: by the wall clock it would leave its band at some hours. */
const present = Math.floor(Date.now() / hourMs) * hourMs;
const season = (hour: number) => {
  const ago = (present - hour) / hourMs;
  return 50 + 4 * Math.sin((2 * Math.PI * ago) / 24) + Math.sin(ago / 2);
};

describe('forecasts made ahead', () => {
  let database: Awaited<ReturnType<typeof newDatabase>>;
  let now: number;
  let asked: number;
  beforeEach(async () => {
    database = await newDatabase();
    now = Date.now();
    asked = 0;
  });
  afterEach(() => database.close());
  const forecast = async (hours: readonly (number | undefined)[], withLastDay: boolean) => {
    asked += 1;
    return foresee(hours, withLastDay);
  };
  const clock = { now: () => now, sleep: async () => undefined };
  const store = (series: Series, days: number, valueAt: (hour: number) => number | undefined) =>
    storeHours(database, series, now - days * dayMs, now, valueAt);
  const background = (all: readonly Series[]) => createExpectations({ database, clock }, forecast, all);
  const renew = (background_: ReturnType<typeof background>) => {
    now += minuteMs;
    return background_.renewNext();
  };

  it('are made one after the other in the background, once a day, and cost a report nothing then', async () => {
    const all = [of('a'), of('b')];
    for (const series of all) await store(series, 20, season);
    const it = background(all);
    expect([await renew(it), await renew(it), await renew(it)].map((one) => one?.scope)).toEqual([
      'cell/a',
      'cell/b',
      undefined,
    ]);
    expect(asked).toBe(2);
    const figures = all.map((series) => ({ ...series, state: 'ok' as const, value: 50 }));
    expect(await lookAhead({ database, clock, forecast }, figures, now)).toMatchObject({ left: 0, anomalies: [] });
    expect(asked).toBe(2);
    await database.query(`update stamps.kpi_outlooks set made_to = made_to - interval '25 hours'`);
    expect((await renew(it))?.scope).toBe('cell/a');
  });

  it('of one series are made by one replica at a time', async () => {
    await store(of('a'), 20, season);
    const [one, two] = [background([of('a')]), background([of('a')])];
    await Promise.all([renew(one), renew(two)]);
    expect(asked).toBe(1);
  });

  it('are not made again by a replica that saw them due before another one made them', async () => {
    await store(of('a'), 20, season);
    const made = Promise.withResolvers<void>();
    let questions = 0;
    const slow: Queries = {
      async query<Row extends object>(sql: string, params?: readonly unknown[]) {
        const rows = await database.query<Row>(sql, params);
        questions += 1;
        if (questions === 1) await made.promise;
        return rows;
      },
    };
    const late = renew(createExpectations({ database: slow, clock }, forecast, [of('a')]));
    await renew(background([of('a')]));
    made.resolve();
    await late;
    expect(asked).toBe(1);
  });

  it('rest four times as long as they took', async () => {
    await store(of('a'), 20, season);
    await store(of('b'), 20, season);
    const slow = createExpectations(
      { database, clock },
      async (hours, withLastDay) => {
        now += 500;
        return forecast(hours, withLastDay);
      },
      [of('a'), of('b')],
    );
    expect(await slow.renewNext()).toBeDefined();
    now += 1_900;
    expect(await slow.renewNext()).toBeUndefined();
    now += 200;
    expect(await slow.renewNext()).toBeDefined();
  });

  it('of a new cell are tried again after an hour, and say nothing until then', async () => {
    await store(of('new'), 1, season);
    const it = background([of('new')]);
    expect(await renew(it)).toBeDefined();
    expect(await renew(it)).toBeUndefined();
    const [row] = await database.query('select known, bound from stamps.kpi_outlooks');
    expect(row).toEqual({ known: false, bound: null });
    await database.query(`update stamps.kpi_outlooks set made_to = made_to - interval '1 hour'`);
    expect(await renew(it)).toBeDefined();
  });

  it('are not made anew while the indicator is out of its band, or trouble would be what is expected', async () => {
    await store(of('a'), 20, (hour) => season(hour) + (hour > now - 4 * hourMs ? 25 : 0));
    await database.query(
      `insert into stamps.kpi_expected (kpi, scope, at, value, low, high)
       select kpi, scope, at, 50, 40, 60 from stamps.kpi_rollups where grain = 'hour' and at > now() - interval '1 day'`,
    );
    await database.query(
      `insert into stamps.kpi_outlooks (kpi, scope, claimed_until, made_to, known)
       values ('containerCpu', 'cell/a', now(), now() - interval '25 hours', true)`,
    );
    expect(await renew(background([of('a')]))).toBeUndefined();
    await database.query(`update stamps.kpi_outlooks set made_to = now() - interval '45 hours'`);
    expect(await renew(background([of('a')]))).toBeDefined();
  });

  it('leave what was expected of an hour that is over as it was', async () => {
    await store(of('a'), 20, season);
    const it = background([of('a')]);
    await renew(it);
    const past = () =>
      database.query(`select at, value from stamps.kpi_expected where at < date_trunc('hour', now()) order by at`);
    const before = await past();
    expect(before.length).toBeGreaterThanOrEqual(24);
    await database.query(`update stamps.kpi_outlooks set made_to = made_to - interval '25 hours'`);
    await renew(it);
    expect(await past()).toEqual(before);
  });

  it('are the same from a thread of their own', async () => {
    const hours = Array.from({ length: 15 * 24 }, (_, hour) => season(hour * hourMs));
    const inThread = createForecaster();
    expect(await inThread(hours, true)).toEqual(foresee(hours, true));
    expect(await inThread([1, 2, 3], false)).toBeUndefined();
    await expect(inThread([Symbol('no') as never], false)).rejects.toThrow();
  });
});
