import { type CellLimit, limitNames } from '../domain/cell-limits.ts';
import { dayMs } from '../domain/duration.ts';
import { expectedIn, type Growth } from '../domain/growth.ts';
import type { MetricChart } from '../pictures/metric-line.ts';

const shownDays = 90;
const everyDays = 7;

/** What comes first: where it stands, its forecast with the 80 % interval, and its limit. `at`: ms since 1970; `timeZone`: IANA name. */
export function limitChart(
  { cell, kind, limit, now }: CellLimit,
  growth: Growth,
  at: number,
  timeZone: string,
): MetricChart {
  const days = Array.from({ length: Math.floor(shownDays / everyDays) + 1 }, (_, step) => step * everyDays);
  const scale = kind === 'account' ? 1024 ** 4 : 1;
  const ahead = days.map((day) => {
    const { value, low, high } = expectedIn(growth, day);
    return { at: at + day * dayMs, value: value / scale, low: Math.max(0, low) / scale, high: high / scale };
  });
  return {
    title: `${limitNames[kind]} of ${cell}`,
    subtitle: `${shownDays} days ahead, by the growth of ${growth.weeks + 1} weeks`,
    unit: kind === 'account' ? 'TiB' : kind === 'tenants' ? 'tenants' : kind === 'requests' ? 'rps' : '%',
    from: at,
    to: at + shownDays * dayMs,
    everyMs: everyDays * dayMs,
    timeZone,
    lines: [
      { label: 'now', readings: [{ at, value: now === undefined ? undefined : now / scale }] },
      { label: 'forecast', readings: ahead.map(({ at: when, value }) => ({ at: when, value })) },
    ],
    band: { label: '80 % interval', readings: ahead },
    ...(limit !== undefined && { thresholds: [{ label: 'limit', value: limit / scale }] }),
  };
}
