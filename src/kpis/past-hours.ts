import { hourMs, secondMs } from '../domain/duration.ts';
import { type KpiDefinition, type KpiReading, kpiState } from '../domain/kpi.ts';
import type { Database, Queries } from '../engine/database.ts';
import { type Backfill, createBackfill, notePiece, type Piece, tryPart } from './backfill.ts';
import { readPastHour } from './read-past-hour.ts';
import { kept } from './read-samples.ts';
import type { SnapshotsConfig } from './snapshots.ts';
import { rollUpDay } from './write-samples.ts';

const deadlineMs = 90 * secondMs;
const claimMs = 2 * deadlineMs;
/** The snapshots' own: of an hour that is just over, some windows are still to come. */
const ownHours = 2;
/** A day is summed up anew after its hours of so many, as doing it for each hour is work for nothing. */
const dayEveryHours = 6;

/**
 * What was before the first snapshot, and what was missed while no replica ran, from what Azure keeps: metrics for 93
 * days, logs as long as the workspace does. Hour by hour for the 35 days that hours are kept, the newest first, one
 * replica at a time for each; an hour that is stored stays as it is. Needs no memory beyond one indicator's hour.
 */
export function createPastHours(config: SnapshotsConfig): Backfill {
  const { database, definitions, replicaId, clock, logger } = config;

  return createBackfill({
    clock,
    claim: () => claim(database, replicaId),
    async fill({ at }, stop) {
      const hour = Date.parse(at);
      const signal = AbortSignal.any([stop, AbortSignal.timeout(deadlineMs)]);
      let whole = true;
      for (const definition of definitions) {
        const done = await tryPart(
          async () => storeHour(database, definition, hour, await readPastHour(config, definition, hour, signal)),
          stop,
          (error) => logger.info({ err: error, kpi: definition.id }, 'an hour of the past could not be read'),
        );
        whole &&= done;
      }
      return whole;
    },
    settle: ({ at, attempts }, done) =>
      database.transaction(async (tx) => {
        if (attempts > 1 || new Date(at).getUTCHours() % dayEveryHours === 0) await rollUpDay(tx, at);
        await notePiece(tx, 'kpi_past_hours', at, done);
      }),
    told: ({ at }, tookMs, whole) => logger.debug({ at, tookMs, whole }, 'an hour of the past was read'),
  });
}

async function claim(database: Database, replicaId: string): Promise<Piece | undefined> {
  const [mine] = await database.query<Piece>(
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
