import { Cron } from 'croner';
import type { Logger } from '../ports/logger.ts';
import type { Database } from './database.ts';
import { type WantedMessage, wantMessage } from './messages.ts';

/** Something that is due by the calendar of a time zone. */
export interface Schedule {
  /** `daily/C0OPERATIONS`; with pattern and zone it names the schedule for ever. */
  readonly name: string;
  /** Cron, five fields, in local time. A time that a change of clocks skips is done at its end; one that comes twice, the first time. */
  readonly pattern: string;
  /** IANA name. */
  readonly timeZone: string;
  /**
   * Reads what it needs, and answers with the messages to show. It may be called again for an occurrence whose replica
   * died or failed: its messages count once, by their keys.
   */
  work(occurrence: Occurrence): Promise<readonly WantedMessage[]>;
}

export interface Occurrence {
  /** When it was due, ISO 8601. */
  readonly dueAt: string;
  /** When the one before it was due by the calendar, done or not; on a day when clocks change not 24 hours earlier. ISO 8601. */
  readonly previousAt: string;
  /** By how much it is late; 0 within ten minutes. */
  readonly lateMs: number;
  /** How many earlier ones were missed, and are not made up for. */
  readonly missed: number;
}

export interface Schedules {
  /** Does what is due, the newest occurrence of each schedule, once over all replicas. */
  look(): Promise<void>;
}

/** Longer than any work takes; of a replica that was struck out others need not wait for it. */
const claimMs = 10 * 60_000;
const inTimeMs = 10 * 60_000;
const longestBackoffMs = 30 * 60_000;
/** Enough to say “many”. */
const mostMissed = 100;

/** `now`: milliseconds since 1970, default the database's clock. */
export function createSchedules(
  database: Database,
  schedules: readonly Schedule[],
  logger: Logger,
  replicaId: string,
  now: () => Promise<number> = () => databaseNow(database),
): Schedules {
  const entries = schedules.map((schedule) => ({
    ...schedule,
    key: [schedule.name, schedule.pattern, schedule.timeZone].join(' '),
    /** What is settled up to this moment needs no look at the database. */
    settledUntil: Number.NEGATIVE_INFINITY,
    cron: new Cron(schedule.pattern, { timezone: schedule.timeZone, paused: true }),
  }));
  type Entry = (typeof entries)[number];

  async function doDue(entry: Entry): Promise<void> {
    const at = await now();
    const due = await claim(entry, at);
    if (!due) return;
    const lateMs = at - Date.parse(due.dueAt);
    try {
      const messages = await entry.work({ ...due, lateMs: lateMs < inTimeMs ? 0 : lateMs });
      await database.transaction(async (tx) => {
        for (const message of messages) await wantMessage(tx, message);
        await tx.query(
          'update stamps.occurrences set done_at = clock_timestamp(), last_error = null where schedule = $1 and due_at = $2',
          [entry.key, due.dueAt],
        );
      });
    } catch (error) {
      logger.error(
        { err: error, schedule: entry.name, due: due.dueAt },
        'something scheduled failed, and is tried again',
      );
      await postpone(entry, due.dueAt, at, error);
    }
  }

  /** The newest occurrence, if it is still to be done and nobody is at it. */
  async function claim(entry: Entry, at: number): Promise<Omit<Occurrence, 'lateMs'> | undefined> {
    const [newest, previous] = entry.cron.previousRuns(2, new Date(at + 1));
    if (!newest || !previous || newest.getTime() <= entry.settledUntil) return undefined;
    const [known] = await database.query<{ since: string }>(
      `insert into stamps.schedules (key, since) values ($1, $2)
       on conflict (key) do update set key = excluded.key returning since`,
      [entry.key, new Date(at).toISOString()],
    );
    const since = Date.parse(known?.since ?? '');
    entry.settledUntil = Math.max(entry.settledUntil, since);
    if (newest.getTime() <= since) return undefined;
    const dueAt = newest.toISOString();
    const claimed = await database.query(
      `insert into stamps.occurrences (schedule, due_at, claimed_until, claimed_by) values ($1, $2, $3, $5)
       on conflict (schedule, due_at) do update
       set claimed_until = excluded.claimed_until, claimed_by = excluded.claimed_by
       where occurrences.done_at is null and occurrences.claimed_until < $4 returning 1`,
      [entry.key, dueAt, new Date(at + claimMs).toISOString(), new Date(at).toISOString(), replicaId],
    );
    if (claimed.length === 0) {
      const done = await database.query(
        'select 1 from stamps.occurrences where schedule = $1 and due_at = $2 and done_at is not null',
        [entry.key, dueAt],
      );
      if (done.length > 0) entry.settledUntil = newest.getTime();
      return undefined;
    }
    const [before] = await database.query<{ at: string | null }>(
      'select max(due_at) as at from stamps.occurrences where schedule = $1 and due_at < $2 and done_at is not null',
      [entry.key, dueAt],
    );
    return {
      dueAt,
      previousAt: previous.toISOString(),
      missed: missedBetween(entry.cron, before?.at ? Date.parse(before.at) : since, newest.getTime()),
    };
  }

  async function postpone({ key }: Entry, dueAt: string, at: number, error: unknown): Promise<void> {
    const says = error instanceof Error ? error.message : String(error);
    await database.query(
      `update stamps.occurrences
       set failures = failures + 1, last_error = $3, claimed_by = null,
           claimed_until = $4::timestamptz + make_interval(secs => least($5, 60 * power(2, least(failures, 10))))
       where schedule = $1 and due_at = $2`,
      [key, dueAt, says.slice(0, 500), new Date(at).toISOString(), longestBackoffMs / 1000],
    );
  }

  return {
    async look() {
      for (const entry of entries) await doDue(entry);
    },
  };
}

function missedBetween(cron: Cron, from: number, to: number): number {
  let missed = 0;
  for (let at = cron.nextRun(new Date(from)); at && at.getTime() < to && missed < mostMissed; missed += 1) {
    at = cron.nextRun(at);
  }
  return missed;
}

async function databaseNow(database: Database): Promise<number> {
  const [row] = await database.query<{ at: string }>('select clock_timestamp() as at');
  return Date.parse(row?.at ?? '');
}
