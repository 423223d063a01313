import { drawMetric } from '../../src/pictures/draw.ts';
import { type MetricChart, metricSvg, shortNumber } from '../../src/pictures/metric-line.ts';
import { lineColours, theme, thresholdColour } from '../../src/pictures/theme.ts';
import { readPng } from '../support/png.ts';

const everyMs = 300_000;
const start = Date.UTC(2026, 10, 25, 6);
/** Twelve hours of one value, with holes where `missing` says so. */
const readings = (missing: (index: number) => boolean = () => false) =>
  Array.from({ length: 144 }, (_, index) => ({
    at: start + index * everyMs,
    value: missing(index) ? undefined : 100,
  }));
const chart: MetricChart = {
  title: 'Tenant latency of cell-banking',
  subtitle: 'p95 over 5 minutes',
  unit: 'ms',
  from: start,
  to: start + 144 * everyMs,
  everyMs,
  timeZone: 'UTC',
  lines: [{ label: 'p95', readings: readings() }],
};
const blue = lineColours[0];
/** Columns in the middle of the drawing, left and right of it. */
const middle = [420, 520] as const;
const left = [150, 300] as const;

describe('a metric over time', () => {
  it('draws the same picture every time', async () => {
    expect((await drawMetric(chart)).png).toEqual((await drawMetric(chart)).png);
  });

  it.each([
    ['readings that are not known', readings((index) => index > 50 && index < 94)],
    ['readings that never came', readings().filter((_, index) => index <= 50 || index >= 94)],
  ])('shows %s as a gap', async (_, holed) => {
    const whole = readPng((await drawMetric(chart)).png);
    const pixels = readPng((await drawMetric({ ...chart, lines: [{ label: 'p95', readings: holed }] })).png);
    expect(whole.count(blue, ...middle)).toBeGreaterThan(300);
    expect(pixels.count(blue, ...middle)).toBe(0);
    expect(pixels.count(blue, ...left)).toBeGreaterThan(300);
  });

  it('shows a reading that stands alone', async () => {
    const alone = readings((index) => index !== 0 && index !== 72 && index !== 143);
    const pixels = readPng((await drawMetric({ ...chart, lines: [{ label: 'p95', readings: alone }] })).png);
    expect(pixels.count(blue, ...middle)).toBeGreaterThan(20);
  });

  it('spans the time that is asked for, of which a single reading is a single place', async () => {
    const only = readings((index) => index !== 138);
    const pixels = readPng((await drawMetric({ ...chart, lines: [{ label: 'p95', readings: only }] })).png);
    expect(pixels.count(blue, ...middle)).toBe(0);
    expect(pixels.count(blue, 780, theme.width)).toBeGreaterThan(20);
  });

  it('draws its threshold across, also far above the values', async () => {
    const limit = { label: 'alert above', value: 900 };
    const { png, altText } = await drawMetric({ ...chart, thresholds: [limit] });
    expect(readPng(png).count(thresholdColour, ...middle)).toBeGreaterThan(100);
    expect(altText).toContain('alert above: 900 ms.');
  });

  it('says in words what it shows, in the zone that is asked for', async () => {
    const lines = [{ label: 'p95', readings: readings().map((one, index) => ({ ...one, value: index })) }];
    const { altText } = await drawMetric({
      ...chart,
      lines,
      marks: [{ label: 'alert', at: start }],
      timeZone: 'Europe/Berlin',
    });
    expect(altText).toBe(
      'Tenant latency of cell-banking, p95 over 5 minutes, Europe/Berlin. p95: last 143 ms at 25 Nov 18:55 CET, most 143 ms at 25 Nov 18:55 CET, least 0 ms at 25 Nov 07:00 CET. alert at 25 Nov 07:00 CET.',
    );
  });

  it.each([
    ['with lines', readings()],
    ['without any', []],
  ])('names its zone in whole, however long its subtitle is, %s', (_, shown) => {
    const subtitle = 'p95 of 5 minutes of what an endless list of dimensions has split into a line of its own each';
    const lines = [{ label: 'p95', readings: shown }];
    const svg = metricSvg({ ...chart, subtitle, lines, timeZone: 'America/Argentina/ComodRivadavia' });
    expect(svg).toMatch(/>p95 of 5 minutes[^<]*…, America\/Argentina\/ComodRivadavia</);
  });

  it.each([
    ['no readings', []],
    ['nothing known', readings(() => true)],
  ])('draws “no data” as words with %s', async (_, none) => {
    const { png, altText } = await drawMetric({ ...chart, lines: [{ label: 'p95', readings: none }] });
    expect(altText).toContain('p95: no data.');
    const pixels = readPng(png);
    expect(pixels.count(blue)).toBe(0);
    expect(pixels.count(theme.quiet, 350, 550)).toBeGreaterThan(200);
  });

  it('draws a band behind the line', async () => {
    const band = { label: 'expected', readings: readings().map(({ at }) => ({ at, low: 60, high: 140 })) };
    const bare = readPng((await drawMetric(chart)).png);
    const banded = readPng((await drawMetric({ ...chart, band })).png);
    expect(banded.count(theme.background, ...middle)).toBeLessThan(bare.count(theme.background, ...middle) - 5_000);
  });

  it('takes one value, equal values, negative ones and a title without end', async () => {
    for (const values of [[5], [0, 0, 0], [-3, -9], [1e12, 2e12]]) {
      const one = values.map((value, index) => ({ at: start + index * everyMs, value }));
      const picture = await drawMetric({
        ...chart,
        title: 'y'.repeat(5_000),
        lines: [{ label: '<b>', readings: one }],
      });
      expect(readPng(picture.png).width).toBe(theme.width);
    }
  });
});

it.each([
  [99.953, '99.95'],
  [0.0041, '0.0041'],
  [12.345, '12.3'],
  [50_000, '50,000'],
  [0, '0'],
])('shortens %d to %s', (value, text) => expect(shortNumber(value)).toBe(text));
