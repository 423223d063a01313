import type { KpiReading } from '../../src/domain/kpi.ts';
import { kpiDefinitions } from '../../src/kpis/definitions.ts';
import { drawReport } from '../../src/kpis/draw-report.ts';
import { readReport } from '../../src/kpis/read-report.ts';
import { rollUp, writeSamples } from '../../src/kpis/write-samples.ts';
import { kpiEstate } from '../support/kpi-world.ts';
import { newDatabase } from '../support/test-database.ts';

describe('a report of the indicators', () => {
  let database: Awaited<ReturnType<typeof newDatabase>>;
  beforeAll(async () => {
    database = await newDatabase();
    // Three days: cell-a slow at nine on the last, cell-b known only now and then.
    for (const day of [2, 3, 4]) {
      for (const hour of [8, 9]) {
        const at = `2026-05-0${day}T0${hour}:55:00.000Z`;
        const from = `2026-05-0${day}T0${hour}:50:00.000Z`;
        const reading = (kpi: string, scope: string, rest: object) =>
          ({ kpi, scope, from, to: at, ...rest }) as KpiReading;
        const late = day === 4 && hour === 9;
        await writeSamples(database, kpiDefinitions, [
          reading('tenantLatency', 'cell/cell-a', { value: late ? 300 : 100, of: 'northwind' }),
          reading('tenantLatency', 'cell/cell-b', late ? { value: 120, of: 'fabrikam' } : { reason: 'no data came' }),
          reading('tenantLatency', 'cell/cell-dr', { reason: 'it stands by, without requests' }),
          reading('containerCpu', 'cell/cell-a', late ? { reason: 'Azure was away' } : { value: 50 }),
          reading('containerCpu', 'cell/cell-b', { reason: 'Azure was away' }),
          reading('containerCpu', 'cell/cell-dr', { value: 7 }),
          reading('errorRate', 'global', { value: late ? 1 : 0, good: late ? 990 : 1_000, total: 1_000 }),
        ]);
        await rollUp(database, at);
        await database.query(
          `insert into stamps.kpi_slots (at, claimed_until, claimed_by, done_at) values ($1, now(), 'test', now())`,
          [at],
        );
      }
    }
  });
  afterAll(() => database.close());

  const now = Date.parse('2026-05-04T10:01:00Z');
  const read = (subject: Parameters<typeof readReport>[3]['subject'], windowMs?: number) =>
    readReport(database, kpiEstate, kpiDefinitions, { subject, now, ...(windowMs !== undefined && { windowMs }) });
  const lineOf = (report: Awaited<ReturnType<typeof read>>, id: string) =>
    report.lines.find(({ definition }) => definition.id === id);

  it('has all nine of the estate, the four of a cell or region', async () => {
    const estate = await read({ of: 'estate' });
    expect(estate).toMatchObject({ called: 'the estate', at: '2026-05-04T09:55:00.000Z', ageMs: 360_000 });
    expect(estate.lines).toHaveLength(9);
    expect((await read({ of: 'cell', cell: 'cell-a' })).lines).toHaveLength(4);
    expect((await read({ of: 'region', region: 'westus' })).lines).toHaveLength(4);
  });

  it('shows the worst cell, its tenant, and the hour against yesterday’s', async () => {
    expect(lineOf(await read({ of: 'estate' }), 'tenantLatency')).toMatchObject({
      scope: 'cell/cell-a',
      value: 300,
      tenant: 'northwind',
      state: 'warning',
      cells: 2,
      unknownCells: 0,
      move: { now: 300, before: 100, against: 'the same hour yesterday' },
    });
  });

  it('counts what is not known, but no standby that has nothing to do', async () => {
    const cpu = lineOf(await read({ of: 'estate' }), 'containerCpu');
    expect(cpu).toMatchObject({ scope: 'cell/cell-dr', value: 7, cells: 2, unknownCells: 2 });
    const own = lineOf(await read({ of: 'cell', cell: 'cell-a' }), 'containerCpu');
    expect(own).toMatchObject({ state: 'unknown', reason: 'Azure was away' });
    expect(own).not.toHaveProperty('value');
    expect(lineOf(await read({ of: 'region', region: 'westus' }), 'tenantLatency')).toMatchObject({
      state: 'unknown',
      reason: 'it stands by, without requests',
      cells: 1,
    });
  });

  it('over a window takes a ratio whole, and of a percentile the mean with its range', async () => {
    const day = await read({ of: 'region', region: 'eastus' }, 24 * 3_600_000);
    expect(lineOf(day, 'tenantLatency')).toMatchObject({ value: 200, least: 100, most: 300, scope: 'cell/cell-a' });
    const estate = await read({ of: 'estate' }, 48 * 3_600_000);
    expect(lineOf(estate, 'errorRate')?.value).toBeCloseTo(0.25);
    const long = await read({ of: 'estate' }, 30 * 24 * 3_600_000);
    expect(lineOf(long, 'errorRate')?.value).toBeCloseTo((100 * 10) / 6_000);
    expect(lineOf(long, 'latency')).toMatchObject({ state: 'unknown' });
  });

  it('has the error budget of the worst one', async () => {
    const line = lineOf(await read({ of: 'estate' }), 'errorRate');
    // 10 of 6,000 failed; 6 may.
    expect(line?.budget?.usedShare).toBeCloseTo(10 / 6);
  });

  it('draws what is known and what is not', async () => {
    const { png, altText } = await drawReport(await read({ of: 'estate' }), 'Europe/Berlin');
    expect(Buffer.from(png.subarray(1, 4)).toString()).toBe('PNG');
    expect(altText).toContain('Tenant latency');
    expect(altText).toContain('300 ms');
    expect(altText).toContain('Latency: no data');
    expect(altText).toContain('. 4 May 11:55 CEST; arrows');
    // What the arrows are against has no room in a tile.
    expect(altText).toMatch(/arrows against the same hour yesterday\. .*Tenant latency: [^(]*↘ worse \(/);
  });
});
