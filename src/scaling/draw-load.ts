import {
  type LoadSignal,
  loadSignals,
  type ScalingDirection,
  type ScalingPolicy,
  signalWords,
} from '../domain/scaling.ts';
import type { SqlScalingPolicy, SqlWindow } from '../domain/sql-scaling.ts';
import type { SqlDirection } from '../domain/sql-tier.ts';
import { drawMetric, type Picture } from '../pictures/draw.ts';
import { type CellLoad, windowMs } from './read-load.ts';

/** The load of a cell's last windows, with the thresholds that it is judged by. `timeZone`: IANA name. */
export function drawLoad(
  policy: ScalingPolicy,
  { cell, windows }: CellLoad,
  direction: ScalingDirection,
  timeZone: string,
): Promise<Picture> {
  const limits: Partial<Record<LoadSignal, number>> = direction === 'out' ? policy.out.above : policy.in.below;
  const judged = loadSignals.filter((signal) => limits[signal] !== undefined);
  // Two signals of one threshold have one line across.
  const across = Map.groupBy(judged, (signal) => limits[signal] as number);
  const moments = windows.map(({ at }) => Date.parse(at));
  return drawMetric({
    title: `Load of ${cell.name}`,
    subtitle: 'windows of five minutes, mean',
    unit: '%',
    everyMs: windowMs,
    timeZone,
    from: moments[0] ?? 0,
    to: moments.at(-1) ?? 0,
    legend: true,
    lines: judged.map((signal) => ({
      label: signalWords[signal],
      readings: windows.map(({ at, values }) => ({ at: Date.parse(at), value: values[signal] })),
    })),
    thresholds: [...across].map(([value, signals]) => ({
      label: `scale ${direction}: ${signals.map((signal) => signalWords[signal]).join(', ')}`,
      value,
    })),
  });
}

/** The load of a database's last windows, with the threshold that it is judged by. `timeZone`: IANA name. */
export function drawSqlLoad(
  { up, down }: SqlScalingPolicy,
  database: string,
  windows: readonly SqlWindow[],
  direction: SqlDirection,
  timeZone: string,
): Promise<Picture> {
  const readings = windows.map(({ at, percent }) => ({ at: Date.parse(at), value: percent }));
  return drawMetric({
    title: `SQL load of ${database}`,
    subtitle: 'DTUs, or CPU of vCores, windows of five minutes, mean',
    unit: '%',
    everyMs: windowMs,
    timeZone,
    from: readings[0]?.at ?? 0,
    to: readings.at(-1)?.at ?? 0,
    lines: [{ label: 'load', readings }],
    thresholds: [{ label: `step ${direction}`, value: direction === 'up' ? up.above : down.below }],
  });
}
