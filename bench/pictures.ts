import { drawBoard, drawMetric, drawPanels, type Picture } from '../src/pictures/draw.ts';
import type { MetricChart } from '../src/pictures/metric-line.ts';
import type { Tile } from '../src/pictures/tile-board.ts';
import { percentile } from './percentile.ts';
import { makeSeries } from './series.ts';

const everyMs = 300_000;
const tile: Tile = {
  label: 'Latency',
  value: '142 ms',
  standing: 'close',
  notes: ['target ≤ 100 ms', 'alert > 150 ms', 'p95, 5m'],
  change: '↑ 12 ms',
  trend: makeSeries('daily', 24, 1).measured,
};
const board = { title: 'Indicators', subtitle: 'The estate', tiles: Array<Tile>(9).fill(tile) };
const chart: MetricChart = {
  title: 'Tenant latency of cell-banking',
  subtitle: 'p95 of 5 minutes, last 24 hours',
  unit: 'ms',
  from: 0,
  to: 288 * everyMs,
  everyMs,
  timeZone: 'Europe/Berlin',
  lines: [
    {
      label: 'p95',
      readings: makeSeries('daily', 288, 2).measured.map((value, index) => ({ at: index * everyMs, value })),
    },
  ],
  thresholds: [{ label: 'alert above', value: 150 }],
};

const kinds: Readonly<Record<string, () => Promise<Picture>>> = {
  'board of 9': () => drawBoard(board),
  'metric of a day': () => drawMetric(chart),
  'cell dashboard': () =>
    drawPanels([
      { kind: 'tiles', board: { ...board, tiles: board.tiles.slice(0, 4) } },
      ...Array.from({ length: 4 }, () => ({ kind: 'lines' as const, chart })),
    ]),
};

/** Milliseconds and bytes of each kind of picture; the first one, which loads echarts, by itself. */
export async function benchPictures(rounds: number): Promise<string> {
  let began = performance.now();
  await drawMetric(chart);
  const first = performance.now() - began;
  const lines: string[] = [];
  for (const [name, draw] of Object.entries(kinds)) {
    const took: number[] = [];
    let bytes = 0;
    for (let round = 0; round < rounds; round += 1) {
      began = performance.now();
      bytes = (await draw()).png.length;
      took.push(performance.now() - began);
    }
    lines.push(
      `${name} p50 ${percentile(took, 0.5).toFixed(0)} ms, p99 ${percentile(took, 0.99).toFixed(0)} ms, ${(bytes / 1024).toFixed(0)} KB`,
    );
  }
  return `${lines.join('; ')}; the very first ${first.toFixed(0)} ms`;
}
