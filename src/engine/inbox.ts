import type { FieldErrors, Incoming } from '../ports/incoming.ts';
import type { Logger } from '../ports/logger.ts';
import type { Database } from './database.ts';

/** How long one try may take before another replica may take the item up. */
const claimSeconds = 30;
const mostAttempts = 5;
/** How many are worked on side by side; more only makes each slower, and those that come in too. */
const mostAtOnce = 8;
/** What lay here longer than this is not done any more: the person has moved on (and Slack's answer URLs soon die). */
const staleAfterMs = 5 * 60_000;

interface Taken {
  readonly incoming: Incoming;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  readonly claimedAt: number;
  readonly attempts: number;
}

export interface InboxParts {
  /** Faults of a modal's fields, found before it is taken. */
  fieldErrors(incoming: Incoming): FieldErrors | undefined;
  /** Does what was asked. Explains its own errors to the person; throws only when it should be tried again. */
  handle(incoming: Incoming): Promise<void>;
  /** Tells the person that it is not worked on any more: it lay too long, or no try came to its end. */
  leave(incoming: Incoming, why: 'too late' | 'too many tries'): Promise<void>;
}

export interface Inbox {
  /** Stores it; it is worked on from there, even over a crash. A repeated key is taken once. Throws when it is not stored. */
  accept(incoming: Incoming): Promise<{ errors?: FieldErrors }>;
  /** Takes up what a crash left behind. */
  sweep(): Promise<void>;
  /** Resolves when what this process has begun is done. */
  idle(): Promise<void>;
}

/**
 * What Slack told us, durable before Slack gets its 200. `intake`: connections that nothing else waits for, so that
 * a person's request is taken at once, whatever else is going on. `replicaId`: whose claims these are, so that others
 * take them up as soon as it is gone; null: when they have run out.
 */
export function createInbox(
  database: Database,
  parts: InboxParts,
  logger: Logger,
  { intake = database, replicaId = null }: { intake?: Pick<Database, 'prepared'>; replicaId?: string | null } = {},
): Inbox {
  const line: Taken[] = [];
  const busy = new Set<Promise<void>>();

  /** Puts it in line. It begins after the answer that Slack waits for, and never so many at once that they keep others from being taken. */
  function begin(taken: Taken): void {
    line.push(taken);
    setImmediate(next);
  }

  function next(): void {
    while (busy.size < mostAtOnce) {
      const taken = line.shift();
      if (!taken) return;
      const { key, type } = taken.incoming;
      const work = run(taken)
        .catch((error) => logger.error({ err: error, key, type }, 'a request is left for another try'))
        .finally(() => {
          busy.delete(work);
          next();
        });
      busy.add(work);
    }
  }

  async function run({ incoming, receivedAt, claimedAt, attempts }: Taken): Promise<void> {
    // It stood in line so long that somebody else may have it, or take it up meanwhile.
    if (Date.now() - claimedAt > (claimSeconds * 1000) / 3 && !(await stillOurs(incoming.key, attempts))) return;
    if (Date.now() - receivedAt > staleAfterMs) await parts.leave(incoming, 'too late');
    else if (attempts > mostAttempts) {
      logger.error({ key: incoming.key }, 'a request was given up');
      await parts.leave(incoming, 'too many tries');
    } else await parts.handle(incoming);
    await database.query('update stamps.inbox set done_at = clock_timestamp() where key = $1', [incoming.key]);
  }

  async function stillOurs(key: string, attempts: number): Promise<boolean> {
    const rows = await database.query(
      `update stamps.inbox set claimed_until = clock_timestamp() + make_interval(secs => $3)
       where key = $1 and attempts = $2 and done_at is null returning 1`,
      [key, attempts, claimSeconds],
    );
    return rows.length > 0;
  }

  return {
    async accept(incoming) {
      const errors = parts.fieldErrors(incoming);
      if (errors && Object.keys(errors).length > 0) return { errors };
      const stored = await intake.prepared(
        'inbox-accept',
        `insert into stamps.inbox (key, incoming, claimed_until, claimed_by)
         values ($1, $2, clock_timestamp() + make_interval(secs => $3), $4)
         on conflict (key) do nothing returning 1`,
        [incoming.key, JSON.stringify(incoming, storable), claimSeconds, replicaId],
      );
      const at = Date.now();
      if (stored.length > 0) begin({ incoming, receivedAt: at, claimedAt: at, attempts: 1 });
      return {};
    },
    async sweep() {
      const rows = await database.query<{ incoming: Incoming; age_ms: number; attempts: number }>(
        `update stamps.inbox
         set claimed_until = clock_timestamp() + make_interval(secs => $1), claimed_by = $2, attempts = attempts + 1
         where key in (select key from stamps.inbox where done_at is null and claimed_until < clock_timestamp()
                       order by received_at limit 50 for update skip locked)
         returning incoming, attempts, extract(epoch from clock_timestamp() - received_at)::float8 * 1000 as age_ms`,
        [claimSeconds, replicaId],
      );
      const claimedAt = Date.now();
      for (const { incoming, age_ms, attempts } of rows)
        begin({ incoming, receivedAt: claimedAt - age_ms, claimedAt, attempts });
    },
    async idle() {
      while (line.length > 0 || busy.size > 0) {
        await new Promise((turn) => setImmediate(turn));
        await Promise.all(busy);
      }
    },
  };
}

/** PostgreSQL's jsonb takes neither NUL nor half a surrogate pair. */
function storable(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '') : value;
}
