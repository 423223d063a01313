import { type CellCapacity, capacityPlan, type StageOutlook, type Throughput } from '../domain/capacity-plan.ts';
import { comingLimits } from '../domain/cell-limits.ts';
import type { OutlookLine } from '../domain/digest.ts';
import { dayMs } from '../domain/duration.ts';
import { kpiSeries, latestSnapshot } from '../kpis/read-samples.ts';
import type { MetricChart } from '../pictures/metric-line.ts';
import { lookAhead } from './ahead.ts';
import { cellsNow } from './cells-now.ts';
import { figureOf } from './daily.ts';
import type { DigestContext } from './digest-context.ts';
import { type Expected, forecastDays } from './forecast.ts';
import { createGathering } from './gather.ts';
import { limitChart } from './limit-chart.ts';
import { type Limits, readLimits } from './limits.ts';

/** Where the estate stands against its plan, and what comes first. */
export interface CapacityReport {
  /** ISO 8601. */
  readonly at: string;
  /** Absent: not known. */
  readonly throughput?: Throughput;
  /** Days that the growth is read from; 0: too few are known for a forecast. */
  readonly daysKnown: number;
  readonly stages: readonly StageOutlook[];
  readonly cells: readonly CellCapacity[];
  /** Which limits of cells come within two weeks, the first first. */
  readonly outlook?: readonly OutlookLine[];
  /** What the cells may run out of within a year, and the estate's data. */
  readonly limits?: Limits;
  /** What comes first as a picture; absent: nothing is foreseen. */
  readonly limitChart?: MetricChart;
  /** The growth as a picture; absent: too little is known. */
  readonly chart?: MetricChart;
  readonly missing: readonly string[];
}

const historyDays = 180;
const horizonDays = 365;
const shownDays = 90;
const level = 0.8;

/** `at`: milliseconds since 1970; `timeZone`: IANA name, of its pictures. */
export async function readCapacity(context: DigestContext, at: number, timeZone: string): Promise<CapacityReport> {
  const { azure, database, definitions } = context;
  const gathering = createGathering(context.logger);
  const { get, missing } = gathering;
  const days = (await get('Throughput', () => throughputDays(context, at))) ?? [];
  const known = days.filter((value) => value !== undefined).length;
  const expected = forecastDays(days, horizonDays, level);
  if (!expected)
    missing.push(
      `Growth: throughput is known of ${known} ${known === 1 ? 'day' : 'days'}, and a forecast needs four weeks.`,
    );
  if (!azure) missing.push('Cells: Azure is not configured.');
  const [cells, outlook] = await Promise.all([
    azure ? cellsNow(context, azure, gathering) : Promise.resolve([]),
    get('Limits of cells', async () => {
      const snapshot = await latestSnapshot(database, definitions);
      const figures = (snapshot?.standings ?? []).filter(({ scope }) => scope !== 'global').map(figureOf);
      if (figures.length === 0) missing.push('Limits of cells: nothing was measured yet.');
      return (await lookAhead(context, figures, at)).outlook;
    }),
  ]);
  const room = new Map(
    cells.flatMap(({ cell, capacity }) => (capacity === undefined ? [] : [[cell, capacity] as const])),
  );
  const limits = await get('Limits', () => readLimits(context, at, room));
  const [comesFirst] = comingLimits(limits?.limits ?? [], horizonDays) ?? [];
  const throughput = await get('Requests a second', () => throughputNow(context, at, days));
  return {
    at: new Date(at).toISOString(),
    ...(throughput && { throughput }),
    daysKnown: expected ? known : 0,
    stages: capacityPlan.map((stage) => ({ stage, ...(expected && whenReached(stage.requestsPerSecond, expected)) })),
    cells,
    ...(outlook && { outlook }),
    ...(limits && { limits }),
    ...(comesFirst?.growth && { limitChart: limitChart(comesFirst, comesFirst.growth, at, timeZone) }),
    ...(expected && { chart: growthChart(days, expected, at, timeZone) }),
    missing,
  };
}

/** Requests a second, a mean a day, of the whole days before today; oldest first. */
async function throughputDays({ database, definitions }: DigestContext, at: number): Promise<(number | undefined)[]> {
  const definition = definitions.find(({ id }) => id === 'apiThroughput');
  if (!definition) return [];
  const today = Math.floor(at / dayMs);
  const points = await kpiSeries(database, {
    definition,
    scopes: ['global'],
    from: new Date((today - historyDays) * dayMs).toISOString(),
    to: new Date(today * dayMs).toISOString(),
    grain: 'day',
  });
  const byDay = new Map(points.map((point) => [Math.floor(Date.parse(point.at) / dayMs), point.value]));
  return Array.from({ length: historyDays }, (_, index) => {
    const perMinute = byDay.get(today - historyDays + index);
    return perMinute === undefined ? undefined : perMinute / 60;
  });
}

/** From the hours of the last day, the one that runs among them; `days`: as `throughputDays` has them. */
async function throughputNow(
  { database, definitions }: DigestContext,
  at: number,
  days: readonly (number | undefined)[],
): Promise<Throughput | undefined> {
  const definition = definitions.find(({ id }) => id === 'apiThroughput');
  if (!definition) return undefined;
  const [hours] = await database.query<{ mean: number | null; windows: number }>(
    `select sum(mean * known) / nullif(sum(known), 0) as mean, coalesce(sum(known), 0)::int as windows
     from stamps.kpi_rollups where grain = 'hour' and kpi = $1 and scope = 'global' and at > $2 and at < $3`,
    [definition.id, new Date(at - dayMs).toISOString(), new Date(at).toISOString()],
  );
  if (typeof hours?.mean === 'number')
    return { requestsPerSecond: hours.mean / 60, of: { knownMs: hours.windows * definition.windowMs } };
  const last = days.findLastIndex((value) => value !== undefined);
  const requestsPerSecond = days[last];
  if (requestsPerSecond === undefined) return undefined;
  return {
    requestsPerSecond,
    of: { day: new Date((Math.floor(at / dayMs) - days.length + last) * dayMs).toISOString() },
  };
}

function whenReached(requestsPerSecond: number, expected: readonly Expected[]): Omit<StageOutlook, 'stage'> {
  const first = (reaches: (one: Expected) => boolean) => {
    const step = expected.findIndex(reaches);
    return step < 0 ? undefined : step;
  };
  const inDays = first(({ value }) => value >= requestsPerSecond);
  const earliestDays = first(({ high }) => high >= requestsPerSecond);
  return { ...(inDays !== undefined && { inDays }), ...(earliestDays !== undefined && { earliestDays }) };
}

function growthChart(
  days: readonly (number | undefined)[],
  expected: readonly Expected[],
  at: number,
  timeZone: string,
): MetricChart {
  const today = Math.floor(at / dayMs);
  const first = Math.max(
    0,
    days.findIndex((value) => value !== undefined),
    days.length - shownDays,
  );
  const ahead = expected.slice(0, shownDays);
  const highest = Math.max(...ahead.map(({ high }) => high));
  // A stage that is far above all this would press the line flat.
  const near = capacityPlan.filter(({ requestsPerSecond }) => requestsPerSecond < highest * 1.5).slice(-1);
  return {
    title: 'Requests a second',
    subtitle: `means of days (UTC), forecast of ${shownDays} more`,
    unit: 'rps',
    from: (today - days.length + first) * dayMs,
    to: (today + ahead.length - 1) * dayMs,
    everyMs: dayMs,
    timeZone,
    lines: [
      {
        label: 'measured',
        readings: days
          .slice(first)
          .map((value, index) => ({ at: (today - days.length + first + index) * dayMs, value })),
      },
      { label: 'forecast', readings: ahead.map(({ value }, step) => ({ at: (today + step) * dayMs, value })) },
    ],
    band: {
      label: '80 % interval',
      readings: ahead.map(({ low, high }, step) => ({ at: (today + step) * dayMs, low: Math.max(0, low), high })),
    },
    thresholds: near.map(({ months, requestsPerSecond }) => ({
      label: months === 0 ? 'plan’s baseline' : `plan of ${months} months`,
      value: requestsPerSecond,
    })),
  };
}
