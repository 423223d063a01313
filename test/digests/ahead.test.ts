import { lookAhead } from '../../src/digests/ahead.ts';
import { foresee } from '../../src/digests/foresee.ts';
import type { KpiFigure } from '../../src/domain/digest.ts';
import { dayMs, hourMs } from '../../src/domain/duration.ts';
import { kpiDefinition } from '../../src/kpis/definitions.ts';
import { createFakeClock } from '../support/fakes/fake-clock.ts';
import { storeHours } from '../support/kpi-history.ts';
import { newDatabase } from '../support/test-database.ts';

jest.setTimeout(30_000);
const at = Date.UTC(2026, 10, 25, 7, 30);
const cpu = kpiDefinition('containerCpu');
const figure: KpiFigure = { definition: cpu, scope: 'cell/cell-banking', state: 'ok', value: 60 };
const season = (hour: number) => 4 * Math.sin((2 * Math.PI * hour) / (24 * hourMs));
let database: Awaited<ReturnType<typeof newDatabase>>;
beforeEach(async () => {
  database = await newDatabase();
});
afterEach(() => database.close());
const look = () =>
  lookAhead(
    { database, clock: createFakeClock().clock, forecast: async (hours, withLastDay) => foresee(hours, withLastDay) },
    [figure],
    at,
  );
const store = (valueAt: (hour: number) => number | undefined) =>
  storeHours(database, figure, at - 35 * dayMs, at, valueAt);

describe('looking ahead', () => {
  it('foresees when a growing load passes its target, and when at the earliest', async () => {
    // 50 % five weeks ago, half a point more each day: about 67.5 + 4 at its peak now, 70 within a few days.
    await store((hour) => 46 + (0.5 * (hour - (at - 35 * dayMs))) / dayMs + season(hour));
    const { outlook, anomalies } = await look();
    expect(anomalies).toEqual([]);
    expect(outlook).toHaveLength(1);
    const [line] = outlook;
    expect(line).toMatchObject({ bound: 'target', scope: 'cell/cell-banking' });
    const days = (Date.parse(line?.at ?? '') - at) / dayMs;
    expect(days).toBeGreaterThan(2);
    expect(days).toBeLessThan(10);
    expect(Date.parse(line?.earliest ?? '')).toBeLessThanOrEqual(Date.parse(line?.at ?? ''));
  });

  it('foresees nothing of a load that stays', async () => {
    await store((hour) => 50 + season(hour));
    expect((await look()).outlook).toEqual([]);
  });

  it('tells what left its band yesterday, with the hour and the band', async () => {
    await store((hour) => 50 + season(hour) + Math.sin(hour / 7e6) + (hour > at - 8 * hourMs ? 12 : 0));
    const [anomaly] = (await look()).anomalies;
    expect(anomaly?.value).toBeGreaterThan(anomaly?.high ?? Number.POSITIVE_INFINITY);
    expect(Date.parse(anomaly?.at ?? '')).toBeGreaterThan(at - 9 * hourMs);
  });

  it('says nothing of a cell without history', async () => {
    expect(await look()).toEqual({ anomalies: [], outlook: [], left: 0 });
  });
});
