import { hourMs, minuteMs } from '../domain/duration.ts';
import { unitSign } from '../domain/kpi-words.ts';
import type { Queries } from '../engine/database.ts';
import { kpiSeries } from '../kpis/read-samples.ts';
import { drawMetric, type Picture } from '../pictures/draw.ts';
import type { Series } from './expectations.ts';

const hoursShown = 36;

/** The last day and a half of an indicator with the band that was expected of it. `to`: ms since 1970; `timeZone`: IANA name. */
export async function drawBand(
  queries: Queries,
  { definition, scope }: Series,
  to: number,
  timeZone: string,
): Promise<Picture> {
  const from = Math.floor(to / hourMs - hoursShown) * hourMs;
  const [since, until] = [new Date(from).toISOString(), new Date(to).toISOString()];
  const [points, band] = await Promise.all([
    kpiSeries(queries, { definition, scopes: [scope], from: since, to: until, grain: 'hour' }),
    queries.query<{ at: string; low: number; high: number }>(
      `select at, low, high from stamps.kpi_expected where kpi = $1 and scope = $2 and at >= $3 and at < $4 order by at`,
      [definition.id, scope, since, until],
    ),
  ]);
  const where = scope === 'global' ? '' : ` of ${scope.slice('cell/'.length)}`;
  return drawMetric({
    title: `${definition.title}${where}`,
    subtitle: `${definition.statistic} of ${definition.windowMs / minuteMs} minutes, means of an hour`,
    unit: unitSign(definition.unit),
    from,
    to,
    everyMs: hourMs,
    timeZone,
    lines: [{ label: 'measured', readings: points.map(({ at, value }) => ({ at: Date.parse(at), value })) }],
    ...(band.length > 0 && {
      band: {
        label: 'usual: 99 hours of 100',
        readings: band.map(({ at, low, high }) => ({ at: Date.parse(at), low, high })),
      },
    }),
    thresholds: [{ label: definition.better === 'lower' ? 'alert above' : 'alert below', value: definition.alert }],
  });
}
