import { minuteMs, secondMs } from '../domain/duration.ts';
import type { KpiDefinition } from '../domain/kpi.ts';
import type { Database } from '../engine/database.ts';
import type { Clock } from '../ports/clock.ts';
import { type SnapshotSources, takeSnapshot } from './take-snapshot.ts';
import { forgetOld, rollUp, writeSamples } from './write-samples.ts';

/** A slot is a window of five minutes on the clock: 10:05, 10:10, … */
const slotMs = 5 * minuteMs;
/** Logs come up to about three minutes late, metrics about one: so long after its end a window is read. */
const latenessMs = 5 * minuteMs;
/** A missed slot is made up for while it is not older than this many slots. */
const slotsBack = 3;
/** Whoever claimed a slot has so long; then another replica may. */
const claimMs = 2 * minuteMs;
const deadlineMs = 90 * secondMs;

export interface Snapshots {
  /** Takes the newest slot that is due and nobody has taken; its end, or undefined when none is due. */
  takeDue(signal: AbortSignal): Promise<string | undefined>;
}

export interface SnapshotsConfig extends SnapshotSources {
  readonly database: Database;
  readonly definitions: readonly KpiDefinition[];
  readonly replicaId: string;
  readonly clock: Clock;
}

/** One replica takes each slot, by the database's clock; one that dies over it is followed by another. */
export function createSnapshots(config: SnapshotsConfig): Snapshots {
  const { database, definitions, replicaId, logger, clock } = config;

  return {
    async takeDue(signal) {
      const at = await claim(database, replicaId);
      if (at === undefined) return undefined;
      const began = clock.now();
      const readings = await takeSnapshot(config, definitions, Date.parse(at), { deadlineMs, signal });
      await database.transaction(async (tx) => {
        await writeSamples(tx, definitions, readings);
        await rollUp(tx, at);
        await tx.query('update stamps.kpi_slots set done_at = clock_timestamp() where at = $1', [at]);
      });
      await forgetOld(database);
      const unknown = readings.filter(({ value }) => value === undefined).length;
      logger.info({ at, readings: readings.length, unknown, tookMs: clock.now() - began }, 'indicators read');
      return at;
    },
  };
}

async function claim(database: Database, replicaId: string): Promise<string | undefined> {
  const [mine] = await database.query<{ at: string }>(
    `with due as (
       select date_bin(make_interval(secs => $1), clock_timestamp() - make_interval(secs => $2), 'epoch')
              - n * make_interval(secs => $1) as at
       from generate_series(0, $3::int - 1) n
     )
     insert into stamps.kpi_slots as had (at, claimed_until, claimed_by)
     select at, clock_timestamp() + make_interval(secs => $4), $5 from due
     where not exists (
       select 1 from stamps.kpi_slots s
       where s.at = due.at and (s.done_at is not null or s.claimed_until > clock_timestamp())
     )
     order by at desc limit 1
     on conflict (at) do update set claimed_until = excluded.claimed_until, claimed_by = excluded.claimed_by
     where had.done_at is null and had.claimed_until <= clock_timestamp()
     returning at`,
    [slotMs / 1000, latenessMs / 1000, slotsBack, claimMs / 1000, replicaId],
  );
  return mine?.at;
}
