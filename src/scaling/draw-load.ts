import {
  type LoadSignal,
  loadSignals,
  type ScalingDirection,
  type ScalingPolicy,
  signalWords,
} from '../domain/scaling.ts';
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
