import type { EChartsOption, SeriesOption } from 'echarts';
import { axisLabel, axisTicks, momentIn } from './axis-time.ts';
import { chartSvg } from './chart.ts';
import { element, svgDocument, textLine, withEnding } from './svg.ts';
import { lineColours, lineDashes, theme, thresholdColour } from './theme.ts';

/** A value at a moment, in milliseconds since 1970; undefined: it was looked for and is not known. */
export interface Reading {
  readonly at: number;
  readonly value: number | undefined;
}

export interface MetricLine {
  /** What differs from the other lines: `p95`, `eastus`. */
  readonly label: string;
  /** Oldest first. */
  readonly readings: readonly Reading[];
}

export interface MetricChart {
  readonly title: string;
  /** Window and percentile; the zone is named behind it. */
  readonly subtitle: string;
  /** `ms`, `%`. */
  readonly unit: string;
  /** Whether to name a line that is the only one; several are always named. */
  readonly legend?: boolean;
  /** At most 4. */
  readonly lines: readonly MetricLine[];
  /** The time that is shown, in milliseconds since 1970, whatever of it was measured. */
  readonly from: number;
  readonly to: number;
  /** Where a reading is due: two neighbours further apart than 1.5 of it have a gap between them. */
  readonly everyMs: number;
  readonly thresholds?: readonly { readonly label: string; readonly value: number }[];
  /** Moments to mark: `alert`, `isolated`. */
  readonly marks?: readonly { readonly label: string; readonly at: number }[];
  /** What was to be expected; drawn behind the lines. */
  readonly band?: {
    readonly label: string;
    readonly readings: readonly { readonly at: number; readonly low: number; readonly high: number }[];
  };
  /** IANA name of the zone in which times are shown, and which is named. */
  readonly timeZone: string;
}

export const metricHeight = 560;
const mostLines = 4;

/** One metric over time, with its thresholds, as SVG of `theme.width` × `metricHeight`; where nothing is known there is no line. */
export function metricSvg(chart: MetricChart): string {
  const lines = chart.lines.slice(0, mostLines);
  const known = lines.some(({ readings }) => readings.some(({ value }) => value !== undefined));
  return known ? chartSvg(optionOf({ ...chart, lines }), metricHeight) : emptySvg(chart);
}

function optionOf({
  title,
  subtitle,
  unit,
  lines,
  from,
  to,
  everyMs,
  thresholds = [],
  marks = [],
  band,
  timeZone,
  legend = false,
}: MetricChart): EChartsOption {
  const { small, title: titleSize } = theme.sizes;
  const values = [
    ...lines.flatMap(({ readings }) => readings.map(({ value }) => value)),
    ...thresholds.map(({ value }) => value),
    ...(band?.readings.flatMap(({ low, high }) => [low, high]) ?? []),
  ].filter((value) => value !== undefined);
  const { low, high } = range(values, unit);
  const named = legend || lines.length > 1 || band !== undefined;
  const [first] = lines;
  const moment = axisLabel(to - from, timeZone);
  const ticks = { customValues: axisTicks(from, to, timeZone) };
  return {
    title: {
      text: title,
      subtext: underTitle(subtitle, timeZone),
      left: 24,
      top: 16,
      itemGap: 10,
      textStyle: {
        color: theme.text,
        fontSize: titleSize,
        fontWeight: 600,
        width: theme.width - 48,
        overflow: 'truncate',
      },
      subtextStyle: { color: theme.quiet, fontSize: small, width: theme.width - 48, overflow: 'truncate' },
    },
    legend: {
      show: named,
      bottom: 10,
      left: 24,
      itemWidth: 60,
      itemGap: 28,
      textStyle: { color: theme.text, fontSize: small },
      itemStyle: { opacity: 0 },
      data: [
        ...lines.map(({ label }) => ({ name: label })),
        ...(band ? [{ name: band.label, icon: 'rect', itemStyle: { opacity: 0.4 } }] : []),
      ],
    },
    grid: { left: 28, right: 40, top: 128, bottom: named ? 64 : 24, containLabel: true },
    xAxis: {
      type: 'time',
      // By itself the axis spans what was measured, and a day around what was measured once.
      min: from,
      max: to,
      axisLine: { lineStyle: { color: theme.grid } },
      axisTick: ticks,
      axisLabel: {
        ...ticks,
        hideOverlap: true,
        // Clear of the lowest label of the other axis.
        margin: 14,
        // A time axis gives its labels styles of its own, except to those that name one.
        formatter: (at: number) => `{own|${moment(at)}}`,
        rich: { own: { color: theme.quiet, fontSize: small } },
      },
    },
    yAxis: {
      type: 'value',
      min: low,
      max: high,
      splitNumber: 4,
      axisLabel: {
        color: theme.quiet,
        fontSize: small,
        // An end that is no round number stands on top of the label beside it.
        showMinLabel: low === 0,
        showMaxLabel: false,
        formatter: (value: number) => `${shortNumber(value)} ${unit}`,
      },
      splitLine: { lineStyle: { color: theme.grid } },
    },
    series: [
      ...(band ? bandSeries(band) : []),
      ...lines.map((line, index): SeriesOption => lineSeries(line, index, everyMs)),
      ...(first ? [guides(first, thresholds, marks, unit)] : []),
    ],
  };
}

function lineSeries({ label, readings }: MetricLine, index: number, everyMs: number): SeriesOption {
  const points = withGaps(readings, everyMs);
  const alone = (place: number) => points[place - 1]?.[1] == null && points[place + 1]?.[1] == null;
  return {
    type: 'line',
    name: label,
    connectNulls: false,
    showSymbol: true,
    color: lineColours[index % lineColours.length] as string,
    lineStyle: { width: 5, type: (lineDashes[index % lineDashes.length] ?? 'solid') as 'solid' },
    // A value alone between two gaps has no line to be seen by.
    data: points.map((value, place) => ({ value, symbol: alone(place) ? 'circle' : 'none', symbolSize: 12 })),
  };
}

/** The thresholds across, the moments down; a series of its own, so that they lie over every line. */
function guides(
  { readings }: MetricLine,
  thresholds: NonNullable<MetricChart['thresholds']>,
  marks: NonNullable<MetricChart['marks']>,
  unit: string,
): SeriesOption {
  const label = { show: true, fontSize: theme.sizes.small, fontWeight: 600 as const };
  const shade = { textBorderColor: theme.background, textBorderWidth: 5 };
  return {
    type: 'line',
    data: readings.map(({ at }) => [at, null]),
    markLine: {
      silent: true,
      symbol: 'none',
      data: [
        ...thresholds.map(({ label: name, value }) => ({
          yAxis: value,
          lineStyle: { color: thresholdColour, width: 4, type: [12, 8] },
          label: {
            ...label,
            // Lines that run beneath it would make it unreadable.
            backgroundColor: theme.background,
            padding: [2, 6],
            color: thresholdColour,
            position: 'insideStartTop' as const,
            formatter: () => `${name} ${shortNumber(value)} ${unit}`,
          },
        })),
        ...marks.map(({ label: name, at }) => ({
          xAxis: at,
          lineStyle: { color: theme.text, width: 3, type: [4, 4] },
          label: { ...label, ...shade, color: theme.text, position: 'end' as const, formatter: () => name },
        })),
      ],
    },
  };
}

function bandSeries({ label, readings }: NonNullable<MetricChart['band']>): SeriesOption[] {
  const quiet = { type: 'line' as const, stack: 'band', symbol: 'none', lineStyle: { opacity: 0 }, color: theme.quiet };
  return [
    { ...quiet, data: readings.map(({ at, low }) => [at, low]), areaStyle: { opacity: 0 } },
    {
      ...quiet,
      name: label,
      data: readings.map(({ at, low, high }) => [at, high - low]),
      areaStyle: { color: theme.quiet, opacity: 0.28 },
    },
  ];
}

/** Points for a line, with a hole wherever a reading is missing. */
function withGaps(readings: readonly Reading[], everyMs: number): [number, number | null][] {
  const points: [number, number | null][] = [];
  let before: number | undefined;
  for (const { at, value } of readings) {
    if (before !== undefined && at - before > everyMs * 1.5) points.push([before + everyMs, null]);
    points.push([at, value ?? null]);
    before = at;
  }
  return points;
}

/**
 * The values with room around them; from 0 when they are near it anyway. A load that is as good as steady looks so: only
 * of shares, where 99.9 and 100 are far apart, the smallest move fills the picture.
 */
function range(values: readonly number[], unit: string): { low: number; high: number } {
  const least = Math.min(...values);
  const most = Math.max(...values);
  const ofSpan = (most - least || Math.abs(most) || 1) * 0.12;
  const room = unit === '%' ? ofSpan : Math.max(ofSpan, Math.abs(most) * 0.04);
  const low = least >= 0 && least - room < most * 0.35 ? 0 : least - room;
  return { low, high: most + room };
}

/** Three figures that count: 99.95, 12.3, 0.004, 1,200. */
export function shortNumber(value: number): string {
  const digits = Math.abs(value) >= 99 && Math.abs(value) < 100 ? 4 : 3;
  return value.toLocaleString('en-GB', { maximumSignificantDigits: Math.abs(value) >= 1_000 ? 4 : digits });
}

/** Without their zone times say nothing: it is never what is cut. */
function underTitle(subtitle: string, timeZone: string): string {
  return withEnding(subtitle, `, ${timeZone}`, { size: theme.sizes.small, width: theme.width - 48 });
}

function emptySvg({ title, subtitle, timeZone }: MetricChart): string {
  const middle = theme.width / 2;
  return svgDocument(
    theme.width,
    metricHeight,
    textLine(title, { x: 24, y: 52, size: theme.sizes.title, bold: true, width: theme.width - 48 }),
    textLine(underTitle(subtitle, timeZone), { x: 24, y: 90, size: theme.sizes.small, colour: theme.quiet }),
    element('rect', { x: 24, y: 120, width: theme.width - 48, height: metricHeight - 144, rx: 14, fill: theme.panel }),
    textLine('No data', { x: middle, y: 320, size: theme.sizes.value, colour: theme.quiet, anchor: 'middle' }),
    textLine('Nothing is known of this time.', {
      x: middle,
      y: 366,
      size: theme.sizes.text,
      colour: theme.quiet,
      anchor: 'middle',
    }),
  );
}

/** What the lines say; of those that are drawn. */
export function metricInWords({
  title,
  subtitle,
  unit,
  lines,
  thresholds = [],
  marks = [],
  timeZone,
}: MetricChart): string {
  const said = lines.slice(0, mostLines).map(({ label, readings }) => {
    const known = readings.flatMap(({ at, value }) => (value === undefined ? [] : [{ at, value }]));
    const last = known.at(-1);
    if (!last) return `${label}: no data.`;
    const most = known.reduce((best, one) => (one.value > best.value ? one : best));
    const least = known.reduce((best, one) => (one.value < best.value ? one : best));
    const figure = ({ at, value }: { at: number; value: number }) =>
      `${shortNumber(value)} ${unit} at ${momentIn(at, timeZone)}`;
    return `${label}: last ${figure(last)}, most ${figure(most)}, least ${figure(least)}.`;
  });
  const limits = thresholds.map(({ label, value }) => `${label}: ${shortNumber(value)} ${unit}.`);
  const moments = marks.map(({ label, at }) => `${label} at ${momentIn(at, timeZone)}.`);
  const nothing = said.length === 0 ? ['No data.'] : [];
  return [`${title}, ${subtitle}, ${timeZone}.`, ...nothing, ...said, ...limits, ...moments].join(' ');
}
