import { dayMs, minuteMs } from '../domain/duration.ts';
import type { Estate } from '../domain/estate.ts';
import { cellScope } from '../domain/kpi.ts';
import type { Database, Queries } from '../engine/database.ts';
import type { TenantsPort } from '../ports/azure.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { MetricsPort } from '../ports/monitor.ts';
import { type Backfill, createBackfill, notePiece, type Piece, tryPart } from './backfill.ts';
import { capacityFigures } from './capacity-figures.ts';
import { type DayFigure, readCapacityDay } from './read-capacity-day.ts';

/** So long Azure keeps metrics. */
const keptDays = 93;
/** A day is read so long after its end: capacity of storage accounts comes by the hour, and late. */
const latenessMs = 2 * 60 * minuteMs;
const deadlineMs = 3 * minuteMs;
const claimMs = 2 * deadlineMs;

export interface CapacityDaysConfig {
  readonly database: Database;
  readonly estate: Estate;
  readonly metrics: MetricsPort;
  readonly tenants: TenantsPort;
  readonly replicaId: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * What capacity is judged by, a day at a time: the day that is over, and before it as many as Azure still has. One
 * replica at a time for each. The registry has no past: tenants are counted on the day that is today.
 */
export function createCapacityDays(config: CapacityDaysConfig): Backfill {
  const { database, replicaId, clock, logger } = config;

  return createBackfill({
    clock,
    claim: () => claim(database, replicaId),
    async fill({ at, newest }, stop) {
      const day = Date.parse(at);
      const signal = AbortSignal.any([stop, AbortSignal.timeout(deadlineMs)]);
      const tried = (figure: string, work: () => Promise<void>) =>
        tryPart(work, stop, (error) => logger.info({ err: error, figure }, 'a capacity figure could not be read'));
      let whole = true;
      for (const figure of capacityFigures) {
        const done = await tried(figure.id, async () =>
          store(database, figure.id, at, await readCapacityDay(config, figure, day, signal)),
        );
        whole &&= done;
      }
      if (!newest) return whole;
      const today = new Date(day + dayMs).toISOString();
      const counted = await tried('tenants', async () =>
        store(database, 'tenants', today, await tenantsNow(config, signal)),
      );
      return whole && counted;
    },
    settle: ({ at }, done) => notePiece(database, 'capacity_days', at, done),
    told: ({ at }, tookMs, whole) => logger.debug({ at, tookMs, whole }, 'a day’s capacity was read'),
  });
}

interface Day extends Piece {
  /** The last whole day. */
  readonly newest: boolean;
}

async function claim(database: Database, replicaId: string): Promise<Day | undefined> {
  const [mine] = await database.query<Day>(
    `with today as (
       select date_trunc('day', clock_timestamp() - make_interval(secs => $1), 'UTC') as at
     ), wanted as (
       select today.at - n * interval '1 day' as at from today, generate_series(1, $2::int) n
     )
     insert into stamps.capacity_days as had (at, claimed_until, claimed_by)
     select at, clock_timestamp() + make_interval(secs => $3), $4 from wanted w
     where not exists (
       select 1 from stamps.capacity_days d where d.at = w.at and (d.done_at is not null or d.claimed_until > clock_timestamp())
     )
     order by at desc limit 1
     on conflict (at) do update
     set claimed_until = excluded.claimed_until, claimed_by = excluded.claimed_by, attempts = had.attempts + 1
     where had.done_at is null and had.claimed_until <= clock_timestamp()
     returning at, attempts, at = (select at from today) - interval '1 day' as newest`,
    [latenessMs / 1000, keptDays, claimMs / 1000, replicaId],
  );
  return mine;
}

/** A cell without a tenant has 0 of them: the registry is whole, so that is known. */
async function tenantsNow({ estate, tenants }: CapacityDaysConfig, signal: AbortSignal): Promise<DayFigure[]> {
  const byCell = new Map<string, number>();
  for (const { cell, count } of await tenants.counts(signal)) {
    byCell.set(cell, (byCell.get(cell) ?? 0) + count);
  }
  return estate.cells.map(({ name }) => {
    const count = byCell.get(name) ?? 0;
    return { scope: cellScope(name), known: 1, mean: count, least: count, most: count };
  });
}

async function store(queries: Queries, id: string, at: string, figures: readonly DayFigure[]): Promise<void> {
  await queries.query(
    `insert into stamps.kpi_rollups (grain, kpi, scope, at, windows, known, met, mean, least, most)
     select 'day', $1, scope, $2::timestamptz, known, known, known, mean, least, most
     from jsonb_to_recordset($3) as r(scope text, known int, mean float8, least float8, most float8)
     on conflict do nothing`,
    [`capacity.${id}`, at, JSON.stringify(figures)],
  );
}
