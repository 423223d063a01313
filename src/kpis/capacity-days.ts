import { dayMs, minuteMs, secondMs } from '../domain/duration.ts';
import type { Estate } from '../domain/estate.ts';
import { cellScope } from '../domain/kpi.ts';
import type { Database, Queries } from '../engine/database.ts';
import { isOpsError } from '../errors.ts';
import type { TenantsPort } from '../ports/azure.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { MetricsPort } from '../ports/monitor.ts';
import { capacityFigures } from './capacity-figures.ts';
import { type DayFigure, readCapacityDay } from './read-capacity-day.ts';

/** So long Azure keeps metrics. */
const keptDays = 93;
/** A day is read so long after its end: capacity of storage accounts comes by the hour, and late. */
const latenessMs = 2 * 60 * minuteMs;
const startAfterMs = minuteMs;
const restShare = 4;
const leastRestMs = secondMs;
const nothingLeftRestMs = 10 * minuteMs;
const deadlineMs = 3 * minuteMs;
const claimMs = 2 * deadlineMs;
const mostAttempts = 5;

export interface CapacityDaysConfig {
  readonly database: Database;
  readonly estate: Estate;
  readonly metrics: MetricsPort;
  readonly tenants: TenantsPort;
  readonly replicaId: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface CapacityDays {
  /** Reads one day that nobody has, the newest first, when it is time for it; its beginning, ISO 8601. */
  fillNext(signal: AbortSignal): Promise<string | undefined>;
}

/**
 * What capacity is judged by, a day at a time: the day that is over, and before it as many as Azure still has. One
 * replica at a time for each. The registry has no past: tenants are counted on the day that is today.
 */
export function createCapacityDays(config: CapacityDaysConfig): CapacityDays {
  const { database, replicaId, clock, logger } = config;
  let restUntil = clock.now() + startAfterMs;

  /** False: something could not be read, and may be later. */
  async function tried(what: string, stop: AbortSignal, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      stop.throwIfAborted();
      if (isOpsError(error) && !error.transient) return true;
      logger.info({ err: error, figure: what }, 'a capacity figure could not be read');
      return false;
    }
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
      const { at, attempts, newest } = claimed;
      const signal = AbortSignal.any([stop, AbortSignal.timeout(deadlineMs)]);
      let whole = true;
      for (const figure of capacityFigures) {
        const done = await tried(figure.id, stop, async () =>
          store(database, figure.id, at, await readCapacityDay(config, figure, Date.parse(at), signal)),
        );
        whole &&= done;
      }
      if (newest) {
        const done = await tried('tenants', stop, async () => {
          const today = new Date(Date.parse(at) + dayMs).toISOString();
          await store(database, 'tenants', today, await tenantsNow(config, signal));
        });
        whole &&= done;
      }
      await database.query(
        `update stamps.capacity_days
         set done_at = case when $2 then clock_timestamp() end,
             claimed_until = clock_timestamp() + make_interval(mins => power(2, attempts)::int)
         where at = $1`,
        [at, whole || attempts >= mostAttempts],
      );
      const tookMs = clock.now() - began;
      restUntil = clock.now() + (whole ? Math.max(leastRestMs, restShare * tookMs) : minuteMs);
      logger.debug({ at, tookMs, whole }, 'a day’s capacity was read');
      return at;
    },
  };
}

interface Claimed {
  readonly at: string;
  readonly attempts: number;
  /** The last whole day. */
  readonly newest: boolean;
}

async function claim(database: Database, replicaId: string): Promise<Claimed | undefined> {
  const [mine] = await database.query<Claimed>(
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
