import { z } from 'zod';
import type { KpiFigure } from '../domain/digest.ts';
import { hourMs, minuteMs } from '../domain/duration.ts';
import { cellScope, type KpiDefinition } from '../domain/kpi.ts';
import { boundsInWords, kpiValue, unitSign } from '../domain/kpi-words.ts';
import { OpsError } from '../errors.ts';
import { kpiSeries, latestSnapshot } from '../kpis/read-samples.ts';
import type { MetricLine, Reading } from '../pictures/metric-line.ts';
import type { Panel } from '../pictures/panels.ts';
import type { Standing } from '../pictures/theme.ts';
import { kpiTiles } from './boards.ts';
import { figureOf } from './daily.ts';
import { dashboardBin, dashboardQueries } from './dashboard-queries.ts';
import type { DigestContext } from './digest-context.ts';
import { createGathering, type Gathering } from './gather.ts';
import { kpiTrends } from './trends.ts';

/** A dashboard's parts, and what is missing from them. */
export interface Dashboard {
  readonly title: string;
  readonly panels: readonly Panel[];
  readonly missing: readonly string[];
}

const hoursShown = 1;
/** From a request to its line in the workspace: 20 s to 3 min usually (learn.microsoft.com, “Log data ingestion time”). */
const lateMs = 5 * minuteMs;
const moment = z.string().transform((text) => Date.parse(text));
const count = z.number();
const byCountry = z.array(z.looseObject({ country: z.string(), requests: count, failed: count }));
const byTime = z.array(
  z.looseObject({ at: moment, p50: count.nullable(), p95: count.nullable(), p99: count.nullable() }),
);
const byRegion = z.array(z.looseObject({ at: moment, region: z.string(), requests: count, failed: count }));

/** The whole estate: availability by country, response times, traffic and errors by region. `timeZone`: IANA name. */
export async function globalDashboard(context: DigestContext, at: number, timeZone: string): Promise<Dashboard> {
  const gathering = createGathering(context.logger);
  const [countries, times, regions] = await Promise.all([
    ask(context, gathering, 'Availability by country', dashboardQueries.byCountry, byCountry, at),
    ask(context, gathering, 'Response times', dashboardQueries.responseTimes, byTime, at),
    ask(context, gathering, 'Traffic and errors by region', dashboardQueries.byRegion, byRegion, at),
  ]);
  const latency = context.definitions.find(({ id }) => id === 'latency');
  const errorRate = context.definitions.find(({ id }) => id === 'errorRate');
  const window = 'last hour';
  const places = binsBefore(at);
  const [from = at] = places;
  const shown = { from, to: from + hoursShown * hourMs, everyMs: dashboardBin.ms, timeZone };
  const names = [...new Set((regions ?? []).map(({ region }) => region))].sort();
  const regionLines = (valueIn: (row: z.output<typeof byRegion>[number]) => number | undefined): MetricLine[] =>
    names.map((region) => ({
      label: region,
      readings: onPlaces(
        places,
        regions?.filter((row) => row.region === region).map((row) => [row.at, valueIn(row)]) ?? [],
      ),
    }));
  const line = (label: 'p50' | 'p95' | 'p99'): MetricLine => ({
    label,
    readings: onPlaces(places, times?.map((row) => [row.at, row[label] ?? undefined]) ?? []),
  });
  return {
    title: 'Global dashboard',
    missing: gathering.missing,
    panels: [
      { kind: 'bars', chart: countryBars(countries ?? [], window, context.definitions) },
      {
        kind: 'lines',
        chart: {
          title: 'Response time',
          subtitle: `at Front Door, 5-minute percentiles, ${window}`,
          unit: 'ms',
          ...shown,
          lines: [line('p50'), line('p95'), line('p99')],
          ...(latency && { thresholds: [{ label: 'p95 alert above', value: latency.alert }] }),
        },
      },
      {
        kind: 'lines',
        chart: {
          title: 'Traffic by region',
          subtitle: `calls a minute at API Management, ${window}`,
          unit: 'rpm',
          ...shown,
          legend: true,
          lines: regionLines(({ requests }) => requests / (dashboardBin.ms / minuteMs)),
        },
      },
      {
        kind: 'lines',
        chart: {
          title: 'Errors by region',
          subtitle: `share of calls answered with a 5xx, ${window}`,
          unit: '%',
          ...shown,
          legend: true,
          lines: regionLines(({ requests, failed }) => (requests > 0 ? (100 * failed) / requests : undefined)),
          ...(errorRate && { thresholds: [{ label: 'alert above', value: errorRate.alert }] }),
        },
      },
    ],
  };
}

/** One cell: how each of its indicators stands, and the last day of each. */
export async function cellDashboard(
  context: DigestContext,
  cell: string,
  at: number,
  timeZone: string,
): Promise<Dashboard> {
  const { database } = context;
  const { missing, get } = createGathering(context.logger);
  const scope = cellScope(cell);
  const definitions = context.definitions.filter(({ level }) => level === 'cell');
  const time = { from: at - 24 * hourMs, to: at, timeZone };
  const [from, to] = [new Date(time.from).toISOString(), new Date(time.to).toISOString()];
  const snapshot = await get('Indicators', () => latestSnapshot(database, definitions, [scope]));
  const trends = (await get('Trends', () => kpiTrends(database, definitions, to))) ?? [];
  const figures: KpiFigure[] = (snapshot?.standings ?? []).map(figureOf);
  if (figures.length === 0) missing.push('Indicators: nothing was measured yet.');
  const tiles = await kpiTiles({ database, definitions }, figures, trends, at);
  const lines = await Promise.all(
    definitions.map(async (definition): Promise<Panel> => {
      const series = (grain: 'window' | 'hour') =>
        kpiSeries(database, { definition, scopes: [scope], from, to, grain });
      const read = await get(definition.title, () => Promise.all([series('window'), series('hour')]));
      const [windows, hours] = read ?? [[], []];
      // Before the first day is over, what Azure kept of it is known by the hour alone.
      const grain = windows.length * definition.windowMs < (hours.length * hourMs) / 2 ? 'hour' : 'window';
      const readings = (grain === 'hour' ? hours : windows).map(
        (point): Reading => ({ at: Date.parse(point.at), value: point.value }),
      );
      const last = 'last 24 hours';
      return { kind: 'lines', chart: { ...seriesChart(definition, cell, readings, grain, last), ...time } };
    }),
  );
  const board = {
    title: `${cell}`,
    subtitle: 'Indicators now, and the last 24 hours; arrows against the 24 before',
    tiles,
  };
  return { title: `Dashboard of ${cell}`, panels: [{ kind: 'tiles', board }, ...lines], missing };
}

function seriesChart(
  definition: KpiDefinition,
  cell: string,
  readings: readonly Reading[],
  grain: 'window' | 'hour',
  last: string,
) {
  const means = grain === 'hour' ? ', means of an hour' : '';
  return {
    title: `${definition.title} of ${cell}`,
    subtitle: `${definition.statistic} of ${definition.windowMs / minuteMs} minutes${means}, ${last}`,
    unit: unitSign(definition.unit),
    everyMs: grain === 'hour' ? hourMs : definition.windowMs,
    lines: [{ label: definition.statistic, readings }],
    thresholds: [{ label: definition.better === 'lower' ? 'alert above' : 'alert below', value: definition.alert }],
  };
}

async function ask<T>(
  { azure, estate }: DigestContext,
  { get, missing }: Gathering,
  what: string,
  kql: string,
  rows: z.ZodType<T>,
  at: number,
): Promise<T | undefined> {
  if (!azure) {
    missing.push(`${what}: Azure is not configured.`);
    return undefined;
  }
  const bind = { frontDoorId: estate.frontDoorId, apimId: estate.apim.id };
  const [from = at] = binsBefore(at);
  const to = from + hoursShown * hourMs;
  return get(what, async (signal) => {
    const { rows: found, partial } = await azure.logs.query({ kql, bind, from, to }, signal);
    // What a part of the data says is not what all of it says.
    if (partial !== undefined) throw new OpsError('bad-response', `Azure gave a part of the answer only: ${partial}`);
    return rows.parse(found);
  });
}

function countryBars(rows: z.output<typeof byCountry>, window: string, definitions: readonly KpiDefinition[]) {
  const availability = definitions.find(({ id }) => id === 'availability');
  const known = rows.filter(({ requests }) => requests > 0);
  const failedShare = ({ requests, failed }: (typeof known)[number]) => failed / requests;
  const most = Math.max(...known.map(failedShare), 0);
  const standing = (percent: number): Standing =>
    !availability || percent >= availability.target ? 'good' : percent >= availability.alert ? 'close' : 'over';
  const bounds = availability ? `, ${boundsInWords(availability)[0]}` : '';
  return {
    title: 'Availability by country',
    subtitle: `requests without a 5xx, ${window}${bounds}; bar: what failed`,
    bars: known
      .toSorted((a, b) => failedShare(b) - failedShare(a) || b.requests - a.requests)
      .map((row) => {
        const percent = 100 * (1 - failedShare(row));
        return {
          label: row.country || 'not known',
          text: kpiValue('percent', percent),
          length: most > 0 ? failedShare(row) / most : 0,
          standing: standing(percent),
        };
      }),
  };
}

/** The beginnings of the whole bins that have all their logs. One that is only half there looks like a fall. */
function binsBefore(at: number): number[] {
  const last = Math.floor((at - lateMs) / dashboardBin.ms);
  const bins = (hoursShown * hourMs) / dashboardBin.ms;
  return Array.from({ length: bins }, (_, index) => (last - bins + index) * dashboardBin.ms);
}

function onPlaces(places: readonly number[], rows: readonly (readonly [number, number | undefined])[]): Reading[] {
  const byPlace = new Map(rows);
  return places.map((at) => ({ at, value: byPlace.get(at) }));
}
