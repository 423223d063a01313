import { type KpiDefinition, type KpiReading, kpiState } from '../domain/kpi.ts';
import type { Queries } from '../engine/database.ts';
import { kept } from './read-samples.ts';

const rowsAtOnce = 5_000;

/**
 * Stores the readings of one slot. A value that is there already stays: two replicas that read the same window found
 * the same, and what was not known may become known.
 */
export async function writeSamples(
  tx: Queries,
  definitions: readonly KpiDefinition[],
  readings: readonly KpiReading[],
): Promise<void> {
  const byId = new Map(definitions.map((definition) => [definition.id, definition]));
  for (let first = 0; first < readings.length; first += rowsAtOnce) {
    const some = readings.slice(first, first + rowsAtOnce).map((reading) => {
      const definition = byId.get(reading.kpi) as KpiDefinition;
      return reading.value === undefined
        ? { ...reading, met: null }
        : { ...reading, met: kpiState(definition, reading.value) === 'ok', reason: null };
    });
    const column = (name: string) => some.map((row) => (row as Record<string, unknown>)[name] ?? null);
    await tx.query(
      `insert into stamps.kpi_samples as had (kpi, scope, at, value, good, total, met, of, reason)
       select * from unnest($1::text[], $2::text[], $3::timestamptz[], $4::float8[], $5::float8[], $6::float8[], $7::bool[], $8::text[], $9::text[])
       on conflict (kpi, scope, at) do update
       set value = excluded.value, good = excluded.good, total = excluded.total, met = excluded.met, of = excluded.of, reason = excluded.reason
       where had.value is null`,
      ['kpi', 'scope', 'to', 'value', 'good', 'total', 'met', 'of', 'reason'].map(column),
    );
  }
}

/** The hour and the day (UTC) of a slot, summed up anew from what they hold. A window belongs to where it ends, its end included. */
export async function rollUp(tx: Queries, at: string): Promise<void> {
  await tx.query(
    `with hour as (select date_trunc('hour', $1::timestamptz - interval '1 microsecond', 'UTC') as at)
     insert into stamps.kpi_rollups as had ${columns}
     select 'hour', kpi, scope, hour.at, count(*), count(value), count(*) filter (where met),
            avg(value), min(value), max(value), sum(good), sum(total)
     from stamps.kpi_samples s, hour
     where s.at > hour.at and s.at <= hour.at + interval '1 hour'
     group by kpi, scope, hour.at ${replace}`,
    [at],
  );
  await rollUpDay(tx, new Date(Date.parse(at) - 1).toISOString());
}

const columns = '(grain, kpi, scope, at, windows, known, met, mean, least, most, good, total)';
const replace = `on conflict (grain, kpi, scope, at) do update
  set windows = excluded.windows, known = excluded.known, met = excluded.met, mean = excluded.mean,
      least = excluded.least, most = excluded.most, good = excluded.good, total = excluded.total`;

/** The day (UTC) that `at` lies in, from its hours. A day whose hours are partly forgotten by now stays as it is. */
export async function rollUpDay(tx: Queries, at: string): Promise<void> {
  await tx.query(
    `with day as (select date_trunc('day', $1::timestamptz, 'UTC') as at)
     insert into stamps.kpi_rollups as had ${columns}
     select 'day', kpi, scope, day.at, sum(windows), sum(known), sum(met),
            sum(mean * known) / nullif(sum(known), 0), min(least), max(most), sum(good), sum(total)
     from stamps.kpi_rollups h, day
     where h.grain = 'hour' and h.at >= day.at and h.at < day.at + interval '1 day'
     group by kpi, scope, day.at ${replace}
     where excluded.windows >= had.windows`,
    [at],
  );
}

/** Lets go of what is older than it is kept. */
export async function forgetOld(tx: Queries): Promise<void> {
  const seconds = (ms: number) => ms / 1000;
  await tx.query('delete from stamps.kpi_samples where at < clock_timestamp() - make_interval(secs => $1)', [
    seconds(kept.window),
  ]);
  await tx.query('delete from stamps.kpi_slots where at < clock_timestamp() - make_interval(secs => $1)', [
    seconds(kept.window),
  ]);
  await tx.query('delete from stamps.kpi_past_hours where at < clock_timestamp() - make_interval(secs => $1)', [
    seconds(kept.hour),
  ]);
  for (const grain of ['hour', 'day'] as const) {
    await tx.query(
      'delete from stamps.kpi_rollups where grain = $1 and at < clock_timestamp() - make_interval(secs => $2)',
      [grain, seconds(kept[grain])],
    );
  }
}
