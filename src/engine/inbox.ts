import type { FieldErrors, Incoming } from '../ports/incoming.ts';
import type { Logger } from '../ports/logger.ts';
import type { Database } from './database.ts';

/** How long one try may take before another replica may take the item up. */
const claimSeconds = 30;
const mostAttempts = 5;
/** What lay here longer than this is not done any more: the person has moved on (and Slack's answer URLs soon die). */
const staleAfterMs = 5 * 60_000;

export interface InboxParts {
  /** Faults of a modal's fields, found before it is taken. */
  fieldErrors(incoming: Incoming): FieldErrors | undefined;
  /** Does what was asked. Explains its own errors to the person; throws only when it should be tried again. */
  handle(incoming: Incoming): Promise<void>;
  /** Tells the person that it came too late and nothing was done. */
  tooLate(incoming: Incoming): Promise<void>;
}

export interface Inbox {
  /** Stores it; it is worked on from there, even over a crash. A repeated key is taken once. Throws when it is not stored. */
  accept(incoming: Incoming): Promise<{ errors?: FieldErrors }>;
  /** Takes up what a crash left behind. */
  sweep(): Promise<void>;
  /** Resolves when what this process has begun is done. */
  idle(): Promise<void>;
}

/** What Slack told us, durable before Slack gets its 200. */
export function createInbox(database: Database, parts: InboxParts, logger: Logger): Inbox {
  const busy = new Set<Promise<void>>();

  function begin(incoming: Incoming, receivedAt: number, attempts: number): void {
    const work = run(incoming, receivedAt, attempts)
      .catch((error) =>
        logger.error({ err: error, key: incoming.key, type: incoming.type }, 'a request is left for another try'),
      )
      .finally(() => busy.delete(work));
    busy.add(work);
  }

  async function run(incoming: Incoming, receivedAt: number, attempts: number): Promise<void> {
    if (Date.now() - receivedAt > staleAfterMs) await parts.tooLate(incoming);
    else if (attempts > mostAttempts) logger.error({ key: incoming.key }, 'a request was given up');
    else await parts.handle(incoming);
    await database.query('update stamps.inbox set done_at = clock_timestamp() where key = $1', [incoming.key]);
  }

  return {
    async accept(incoming) {
      const errors = parts.fieldErrors(incoming);
      if (errors && Object.keys(errors).length > 0) return { errors };
      const stored = await database.query(
        `insert into stamps.inbox (key, incoming, claimed_until) values ($1, $2, clock_timestamp() + make_interval(secs => $3))
         on conflict (key) do nothing returning 1`,
        [incoming.key, JSON.stringify(incoming, storable), claimSeconds],
      );
      if (stored.length > 0) begin(incoming, Date.now(), 1);
      return {};
    },
    async sweep() {
      const rows = await database.query<{ incoming: Incoming; age_ms: number; attempts: number }>(
        `update stamps.inbox set claimed_until = clock_timestamp() + make_interval(secs => $1), attempts = attempts + 1
         where key in (select key from stamps.inbox where done_at is null and claimed_until < clock_timestamp()
                       order by received_at limit 50 for update skip locked)
         returning incoming, attempts, extract(epoch from clock_timestamp() - received_at)::float8 * 1000 as age_ms`,
        [claimSeconds],
      );
      for (const { incoming, age_ms, attempts } of rows) begin(incoming, Date.now() - age_ms, attempts);
    },
    async idle() {
      while (busy.size > 0) await Promise.all(busy);
    },
  };
}

/** PostgreSQL's jsonb takes neither NUL nor half a surrogate pair. */
function storable(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '') : value;
}
