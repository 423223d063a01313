import { hourMs, minuteMs, secondMs } from '../domain/duration.ts';
import { type KpiDefinition, type KpiReading, kpiState } from '../domain/kpi.ts';
import type { Database, Queries } from '../engine/database.ts';
import { isOpsError } from '../errors.ts';
import { readPastHour } from './read-past-hour.ts';
import { kept } from './read-samples.ts';
import type { SnapshotsConfig } from './snapshots.ts';
import { rollUpDay } from './write-samples.ts';

/** The start belongs to what people wait for. */
const startAfterMs = minuteMs;
/** So much longer than an hour took to read is rested after it: at most a fifth of the time is worked. */
const restShare = 4;
const leastRestMs = secondMs;
const nothingLeftRestMs = 10 * minuteMs;
const deadlineMs = 90 * secondMs;
const claimMs = 2 * deadlineMs;
const mostAttempts = 5;
/** The snapshots' own: of an hour that is just over, some windows are still to come. */
const ownHours = 2;
/** A day is summed up anew after its hours of so many, as doing it for each hour is work for nothing. */
const dayEveryHours = 6;

export interface PastHours {
  /** Reads one hour that nobody has, the newest first, when it is time for it; its beginning, ISO 8601. */
  fillNext(signal: AbortSignal): Promise<string | undefined>;
}

/**
 * What was before the first snapshot, and what was missed while no replica ran, from what Azure keeps: metrics for 93
 * days, logs as long as the workspace does. Hour by hour for the 35 days that hours are kept, the newest first, one
 * replica at a time for each; an hour that is stored stays as it is. Needs no memory beyond one indicator's hour.
 */
export function createPastHours(config: SnapshotsConfig): PastHours {
  const { database, definitions, replicaId, clock, logger } = config;
  let restUntil = clock.now() + startAfterMs;

  /** False: an indicator could not be read, and may be later. */
  async function fill(hour: number, stop: AbortSignal): Promise<boolean> {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(deadlineMs)]);
    let whole = true;
    for (const definition of definitions) {
      try {
        await storeHour(database, definition, hour, await readPastHour(config, definition, hour, signal));
      } catch (error) {
        stop.throwIfAborted();
        if (isOpsError(error) && !error.transient) continue;
        whole = false;
        logger.info({ err: error, kpi: definition.id }, 'an hour of the past could not be read');
      }
    }
    return whole;
  }

  return {
    async fillNext(stop) {
      if (clock.now() < restUntil) return undefined;
      const began = clock.now();
      const claimed = await claim(database, replicaId);
      if (!claimed) {
        restUntil = began + nothingLeftRestMs;
        return undefined;
      }
      const { at, attempts } = claimed;
      const hour = Date.parse(at);
      const whole = await fill(hour, stop);
      const done = whole || attempts >= mostAttempts;
      await database.transaction(async (tx) => {
        if (attempts > 1 || new Date(hour).getUTCHours() % dayEveryHours === 0) await rollUpDay(tx, at);
        await tx.query(
          `update stamps.kpi_past_hours
           set done_at = case when $2 then clock_timestamp() end,
               claimed_until = clock_timestamp() + make_interval(mins => power(2, attempts)::int)
           where at = $1`,
          [at, done],
        );
      });
      const tookMs = clock.now() - began;
      // Azure has too much to do, or we have: then there is no hurry at all.
      restUntil = clock.now() + (whole ? Math.max(leastRestMs, restShare * tookMs) : minuteMs);
      logger.debug({ at, tookMs, whole }, 'an hour of the past was read');
      return at;
    },
  };
}

async function claim(database: Database, replicaId: string): Promise<{ at: string; attempts: number } | undefined> {
  const [mine] = await database.query<{ at: string; attempts: number }>(
    `with wanted as (
       select date_trunc('hour', clock_timestamp(), 'UTC') - n * interval '1 hour' as at from generate_series($1::int, $2::int) n
     )
     insert into stamps.kpi_past_hours as had (at, claimed_until, claimed_by)
     select at, clock_timestamp() + make_interval(secs => $3), $4 from wanted w
     where exists (select 1 from stamps.kpi_slots where done_at is not null)
       and case
         when exists (select 1 from stamps.kpi_past_hours p where p.at = w.at)
         then exists (select 1 from stamps.kpi_past_hours p where p.at = w.at and p.done_at is null and p.claimed_until <= clock_timestamp())
         else not exists (select 1 from stamps.kpi_rollups r where r.grain = 'hour' and r.at = w.at)
       end
     order by at desc limit 1
     on conflict (at) do update
     set claimed_until = excluded.claimed_until, claimed_by = excluded.claimed_by, attempts = had.attempts + 1
     where had.done_at is null and had.claimed_until <= clock_timestamp()
     returning at, attempts`,
    [ownHours, kept.hour / hourMs - 1, claimMs / 1000, replicaId],
  );
  return mine;
}

/** The hour's windows put together, as the snapshots' are; an hour that is there already stays. */
async function storeHour(
  queries: Queries,
  definition: KpiDefinition,
  hour: number,
  readings: readonly KpiReading[],
): Promise<void> {
  const rows = [...Map.groupBy(readings, ({ scope }) => scope)].map(([scope, windows]) => {
    const values = windows.flatMap(({ value }) => (value === undefined ? [] : [value]));
    const sum = (of: 'good' | 'total') =>
      windows.reduce((all, window) => all + ((window.value === undefined ? undefined : window[of]) ?? 0), 0);
    return {
      scope,
      known: values.length,
      met: values.filter((value) => kpiState(definition, value) === 'ok').length,
      mean: values.reduce((all, value) => all + value, 0) / values.length,
      least: Math.min(...values),
      most: Math.max(...values),
      ...(definition.budget.by === 'ratio' && { good: sum('good'), total: sum('total') }),
    };
  });
  await queries.query(
    `insert into stamps.kpi_rollups (grain, kpi, scope, at, windows, known, met, mean, least, most, good, total)
     select 'hour', $1, scope, $2::timestamptz, $3, known, met, mean, least, most, good, total
     from jsonb_to_recordset($4) as r(scope text, known int, met int, mean float8, least float8, most float8, good float8, total float8)
     on conflict do nothing`,
    [definition.id, new Date(hour).toISOString(), hourMs / definition.windowMs, JSON.stringify(rows)],
  );
}
