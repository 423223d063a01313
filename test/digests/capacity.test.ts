import { capacityReport } from '../../src/blocks/capacity-report.ts';
import { readCapacity } from '../../src/digests/capacity.ts';
import { foresee } from '../../src/digests/foresee.ts';
import { dayMs } from '../../src/domain/duration.ts';
import { parseEstate } from '../../src/domain/estate-file.ts';
import { defaultIncidentPolicy } from '../../src/domain/incident-policy.ts';
import { OpsError } from '../../src/errors.ts';
import { kpiDefinition, kpiDefinitions } from '../../src/kpis/definitions.ts';
import { faultsOfMessage } from '../support/block-limits.ts';
import { createFakeAzure, type FakeAzure } from '../support/fake-azure.ts';
import { createFakeClock } from '../support/fakes/fake-clock.ts';
import { createFakeLogger } from '../support/fakes/fake-logger.ts';
import { storeHours } from '../support/kpi-history.ts';
import { estateText } from '../support/playbook-world.ts';
import { shownText } from '../support/shown-text.ts';
import { newDatabase } from '../support/test-database.ts';

jest.setTimeout(30_000);
const at = Date.UTC(2026, 10, 25, 7, 30);
const estate = parseEstate(estateText);
let database: Awaited<ReturnType<typeof newDatabase>>;
let azure: FakeAzure;
beforeEach(async () => {
  database = await newDatabase();
  azure = createFakeAzure(estate);
});
afterEach(() => database.close());

async function report(of = estate, zone = 'UTC') {
  const { clock } = createFakeClock();
  const logger = createFakeLogger().logger;
  const chat = undefined as never;
  const read = await readCapacity(
    {
      database,
      estate: of,
      definitions: kpiDefinitions,
      azure: azure.ports,
      chat,
      forecast: async (hours, withLastDay) => foresee(hours, withLastDay),
      incidentPolicy: defaultIncidentPolicy,
      clock,
      logger,
    },
    at,
    zone,
  );
  const { first, thread } = capacityReport(read, undefined);
  expect([first, ...thread].flatMap(faultsOfMessage)).toEqual([]);
  const buttons = JSON.stringify(thread).match(/cell-\w+:(?:\d+|up)(?=")/g) ?? [];
  return { read, words: [first, ...thread].map((one) => shownText(one)).join('\n'), buttons };
}
/** A figure of a cell by the day, beside the indicators; `daysAgo` counts back from the last whole day, 0. */
async function dayFigures(kpi: string, cell: string, days: number, value: (daysAgo: number) => number) {
  const lastDay = Math.floor(at / dayMs) - 1;
  const rows = Array.from({ length: days }, (_, daysAgo) => ({
    at: new Date((lastDay - daysAgo) * dayMs).toISOString(),
    value: value(daysAgo),
  }));
  await database.query(
    `insert into stamps.kpi_rollups (grain, kpi, scope, at, windows, known, met, mean, least, most)
     select 'day', $1, $2, at, 24, 24, 24, value, value, value from jsonb_to_recordset($3) as r(at timestamptz, value float8)`,
    [kpi, `cell/${cell}`, JSON.stringify(rows)],
  );
}
/** So many days of a throughput (rps, by days before now). */
const grown = (days: number, rps: (daysAgo: number) => number) =>
  storeHours(
    database,
    { definition: kpiDefinition('apiThroughput'), scope: 'global' },
    at - days * dayMs,
    at,
    (hour) => rps((at - hour) / dayMs) * 60,
  );

describe('the capacity report', () => {
  it('says when the growth reaches the plan, with the earliest day, and what the plan foresees then', async () => {
    // 1,500 a second 60 days ago, 10 more each day: 2,100 now, 2,500 in about 40 days.
    await grown(60, (daysAgo) => 2_100 - 10 * daysAgo + 20 * Math.sin(daysAgo));
    const { read, words } = await report(estate, 'Asia/Kathmandu');
    const stage = read.stages.find(({ stage: { months } }) => months === 6);
    expect(stage?.inDays).toBeGreaterThan(25);
    expect(stage?.inDays).toBeLessThan(60);
    expect(stage?.earliestDays).toBeLessThanOrEqual(stage?.inDays ?? 0);
    expect(words).toMatch(
      /2,500 requests a second \(plan of 6 months\): about .* by the growth of \d+ days, at the earliest/,
    );
    expect(words).toContain('SQL databases to the Premium tier');
    expect(read.chart?.lines.map(({ label }) => label)).toEqual(['measured', 'forecast']);
    expect(read.chart?.timeZone).toBe('Asia/Kathmandu');
  });

  it('does not foresee a day for what does not grow', async () => {
    await grown(60, () => 900);
    const { read, words } = await report();
    expect(read.stages.find(({ stage: { months } }) => months === 12)?.inDays).toBeUndefined();
    expect(words).toContain('not within a year by the growth');
  });

  it.each([
    [
      'of its first half hour',
      [[0.5, 900]],
      6,
      '900 now (mean of the 30m that are known of the last 24 hours); plan 1,000, 2,500 in 6 months, 5,000 in 12',
    ],
    [
      'of the hours so far, not of the day before them',
      [
        [0.5, 700],
        [3.5, 800],
        [30.5, 90],
      ],
      12,
      '750 now (mean of the 2h that are known of the last 24 hours); plan 1,000, 2,500 in 6 months, 5,000 in 12',
    ],
    [
      'of a whole day',
      Array.from({ length: 30 }, (_, n) => [n + 0.5, n < 24 ? 600 : 90]),
      12,
      '600 now (mean of the last 24 hours); plan 1,000, 2,500 in 6 months, 5,000 in 12',
    ],
  ] as const)('says what is asked %s, and that it is that', async (_, hours, windows, says) => {
    for (const [ago, rps] of hours)
      await database.query(
        `insert into stamps.kpi_rollups (grain, kpi, scope, at, windows, known, met, mean, least, most)
         values ('hour', 'apiThroughput', 'global', date_trunc('hour', $1::timestamptz, 'UTC'), 12, $2, $2, $3, $3, $3)`,
        [new Date(at - ago * 3_600_000).toISOString(), windows, rps * 60],
      );
    expect((await report()).words).toContain(says);
  });

  it('says of which day it is what is asked, where nothing is known since', async () => {
    await storeHours(
      database,
      { definition: kpiDefinition('apiThroughput'), scope: 'global' },
      at - 4 * dayMs,
      at - 2 * dayMs,
      () => 54_000,
    );
    expect((await report()).words).toMatch(/900 now \(mean of <!date\^.*2026-11-23>, nothing is known since\); plan/);
  });

  it('says that too few days are known', async () => {
    await grown(10, () => 900);
    const { read, words } = await report();
    expect(read.chart).toBeUndefined();
    expect(words).toContain('a forecast needs four weeks');
    expect(words).toContain('when is not known');
  });

  it('shows the fullest cell first, by all the replicas that it may have', async () => {
    const cells = estate.cells;
    azure.loads.set(cells[1]?.containerAppId ?? '', { requestsPerSecond: 400, replicas: 9 });
    const { words } = await report();
    const lines = words.split('\n').filter((line) => line.includes('% full'));
    expect(lines[0]).toContain(cells[1]?.name);
    expect(lines[0]).toContain('of 10 replicas');
  });

  it('says which limit of which cell comes first, when with its interval, and what the plan foresees against it', async () => {
    await dayFigures('capacity.sqlStorage', 'cell-retail', 70, (daysAgo) => 80 - 0.2 * daysAgo + (daysAgo % 3) / 10);
    await dayFigures('capacity.sqlLoad', 'cell-banking', 70, (daysAgo) => 92 - 0.4 * daysAgo + (daysAgo % 5) / 10);
    const { read, words, buttons } = await report(estate, 'Asia/Kathmandu');
    // The storage of the other one is no matter of its service objective.
    expect(buttons).toEqual(['cell-banking:up']);
    expect(read.limits?.limits.filter(({ reached }) => reached?.inDays !== undefined)).toHaveLength(2);
    expect(words).toMatch(
      /\*First limit:\* \*SQL load [^*]*\* of cell-banking: 92 % now, 100 % about .* \(80 % interval: .* to .*\)\. The plan foresees SQL databases to the Premium tier/,
    );
    // Nobody knows it to the minute.
    expect(words).toMatch(/100 % about <!date\^\d+\^\{date_short_pretty\}\|/);
    const order = words.split('\n').filter((line) => /^• \*SQL.*% now, 100 % about/.test(line));
    expect(order.map((line) => /of (cell-\w+)/.exec(line)?.[1])).toEqual(['cell-banking', 'cell-retail']);
    expect(words).toMatch(/\*eastus\*: first .*SQL load/);
    expect(read.limitChart?.timeZone).toBe('Asia/Kathmandu');
    expect(read.limitChart?.title).toContain('of cell-banking');
    expect(read.limitChart?.thresholds).toEqual([{ label: 'limit', value: 100 }]);
  });

  it('foresees nothing of a cell that is new, and says since when it is known and when it will', async () => {
    await dayFigures('capacity.sqlStorage', 'cell-retail', 20, (daysAgo) => 99 - daysAgo);
    const { read, words } = await report();
    expect(read.limitChart).toBeUndefined();
    expect(words).toContain('*First limit:* not known');
    expect(words).toMatch(
      /\*SQL storage\*: no forecast for 5 of 5 cells: 4 without a value, 1 known from .*; forecast after 28 days/,
    );
  });

  it('says what a cell has now from its first day on', async () => {
    await dayFigures('capacity.sqlStorage', 'cell-retail', 1, () => 99);
    const { read, words } = await report();
    const one = read.limits?.limits.find(({ cell, kind }) => cell === 'cell-retail' && kind === 'sqlStorage');
    expect(one).toMatchObject({ now: 99, limit: 100 });
    expect(words).toMatch(/\*SQL storage\*: no forecast for 5 of 5 cells: .* 1 known from/);
  });

  it('foresees when a cell is full of tenants, where the estate file says how many it takes', async () => {
    const tenants = (cell: string) =>
      dayFigures('capacity.tenants', cell, 60, (daysAgo) => 95 - Math.floor(daysAgo / 7));
    await tenants('cell-banking');
    await tenants('cell-retail');
    const taking = (count: number) =>
      report(parseEstate(estateText.replace('{ name: cell-banking,', `{ name: cell-banking, mostTenants: ${count},`)));
    const { words } = await taking(100);
    expect((await taking(90)).words).toContain(
      '*Tenants* of cell-banking: 95 now, its limit of 90 is reached. The plan foresees more cells',
    );
    expect(words).toMatch(/\*Tenants\* of cell-banking: 95 now, 100 about/);
    expect(words).toMatch(
      /\*Tenants\*: no forecast for 4 of 5 cells: 4 without a known limit \(`mostTenants` of the estate file\)/,
    );
  });

  it('adds up the data that is known, against the plan, and says how many cells that is', async () => {
    const gigabyte = 1024 ** 3;
    await dayFigures('capacity.sqlBytes', 'cell-banking', 70, (daysAgo) => (600 - daysAgo) * gigabyte);
    await dayFigures('capacity.accountBytes', 'cell-banking', 70, (daysAgo) => (600 - daysAgo) * gigabyte);
    const { words } = await report();
    expect(words).toContain(
      '*Data in GB:* 1,200 now; plan 500, 1,250 in 6 months, 2,500 in 12 (of 1 of 5 cells; the others are not known)',
    );
    expect(words).toMatch(/1,250 GB of data \(plan of 6 months\): about/);
    expect(words).toContain('2,500 GB of data (plan of 12 months): not within a year');
  });

  it('says of a stage that is passed already that it is reached, also where no growth is known', async () => {
    await grown(10, () => 2_600);
    await dayFigures('capacity.sqlBytes', 'cell-banking', 2, () => 1_300 * 1024 ** 3);
    const { words } = await report();
    expect(words).toContain('2,500 requests a second (plan of 6 months): is reached');
    expect(words).toContain('5,000 requests a second (plan of 12 months): when is not known');
    expect(words).toContain('1,250 GB of data (plan of 6 months): is reached');
    expect(words).toContain('2,500 GB of data (plan of 12 months): when is not known');
  });

  it('says what it does not know, and shows no zero for it', async () => {
    azure.failures.set('load', new OpsError('unavailable', 'Azure is away.', { service: 'Azure' }));
    const { words } = await report();
    expect(words).toContain('*Requests a second:* not known now');
    expect(words).toContain(`*${estate.cells[0]?.name}*: not known`);
    expect(words).toContain('*Data in GB:* not known now');
    expect(words).toContain('*First limit:* not known');
    expect(words).not.toMatch(/(?<!\d)0 (of |now|%)/);
  });
});
