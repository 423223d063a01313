import { isOpsError, OpsError } from '../errors.ts';
import type { ChatPort, MessageContent } from '../ports/chat.ts';
import type { Logger } from '../ports/logger.ts';
import type { Database } from './database.ts';

/** Slack's posting limit: about one write a second and channel (docs.slack.dev, “Rate limits”). */
const slotMs = 1_000;
/** How long a sender may take before another replica may try: longer than any deadline of the chat port. */
const claimSeconds = 45;
const longestBackoffMs = 30_000;
/** So long at most what is said in a thread lets its card, which people look at, be edited first. */
const cardFirstSeconds = 3;

interface DueMessage {
  key: string;
  channel: string;
  thread_ts: string | null;
  content: MessageContent;
  version: number;
  ts: string | null;
  attempted: boolean;
  failures: number;
}

export interface Outbox {
  /** Sends what is due, one message a channel; answers with how many were tried. */
  pump(): Promise<number>;
  /** How many messages do not show yet what they should. */
  depth(): Promise<number>;
}

/**
 * Makes Slack show what the messages' rows say. One write a second and channel over all replicas; a post whose
 * answer was lost is looked for by its key before it is sent again, so it does not appear twice. `replicaId`: whose
 * claims these are; null: they last until they run out.
 */
export function createOutbox(
  database: Database,
  chat: ChatPort,
  logger: Logger,
  replicaId: string | null = null,
): Outbox {
  return {
    async pump() {
      const due = await claimDue(database, replicaId);
      await Promise.all(due.map((message) => send(message)));
      return due.length;
    },
    async depth() {
      const [row] = await database.query<{ n: number }>(
        'select count(*) as n from stamps.messages where shown_version < version',
      );
      return row?.n ?? 0;
    },
  };

  async function send(message: DueMessage): Promise<void> {
    try {
      const ts = await show(message);
      await database.query(
        `update stamps.messages set ts = $2, shown_version = greatest(shown_version, $3), claimed_until = null, failures = 0, last_error = null
         where key = $1`,
        [message.key, ts, message.version],
      );
    } catch (error) {
      if (isOpsError(error) && error.service === 'PostgreSQL') return;
      await postpone(message, error).catch(() => undefined);
    }
  }

  async function show({ key, channel, thread_ts, content, ts, attempted }: DueMessage): Promise<string> {
    const place = { channel, ...(thread_ts === null ? {} : { threadTs: thread_ts }) };
    const known = ts ?? (attempted ? await chat.findByKey(place, key) : undefined);
    if (known === undefined) {
      await database.query('update stamps.messages set attempted = true where key = $1', [key]);
      return chat.post(place, key, content);
    }
    await chat.update(channel, known, key, content);
    return known;
  }

  async function postpone(message: DueMessage, error: unknown): Promise<void> {
    const backoff = Math.min(slotMs * 2 ** message.failures, longestBackoffMs);
    const waitMs = Math.max(backoff, (error instanceof OpsError && error.retryAfterMs) || 0);
    const gone = isOpsError(error, 'not-found') && message.ts !== null;
    const says = error instanceof Error ? error.message : String(error);
    logger.warn(
      { err: error, message: message.key, channel: message.channel, waitMs },
      'a message could not be shown yet',
    );
    await database.query(
      `update stamps.messages
       set failures = failures + 1, last_error = $2, claimed_until = null,
           next_at = clock_timestamp() + make_interval(secs => $3),
           ts = case when $4 then null else ts end, attempted = case when $4 then false else attempted end
       where key = $1`,
      [message.key, says.slice(0, 500), waitMs / 1000, gone],
    );
    if (!isOpsError(error, 'throttled')) return;
    // Slack speaks of the whole channel: nothing else of it goes out earlier.
    await database.query(
      `update stamps.channel_slots set next_at = clock_timestamp() + make_interval(secs => $2) where channel = $1`,
      [message.channel, waitMs / 1000],
    );
  }
}

/**
 * The most urgent message of every channel whose slot is free: new ones, then edits, then what stands in the thread of a
 * card that is yet to be edited; of them the oldest. Each claimed by one replica.
 */
async function claimDue(database: Database, replicaId: string | null): Promise<DueMessage[]> {
  const candidates = await database.query<{ channel: string }>(
    `select distinct m.channel from stamps.messages m
     where m.shown_version < m.version and m.next_at <= clock_timestamp()
       and (m.claimed_until is null or m.claimed_until < clock_timestamp())`,
  );
  const claimed: DueMessage[] = [];
  for (const { channel } of candidates) {
    const message = await database.transaction(async (tx) => {
      const [free] = await tx.query(
        `insert into stamps.channel_slots (channel, next_at) values ($1, clock_timestamp())
         on conflict (channel) do update set channel = excluded.channel where channel_slots.next_at <= clock_timestamp()
         returning 1`,
        [channel],
      );
      if (!free) return undefined;
      const [row] = await tx.query<DueMessage>(
        `select m.key, m.channel, parent.ts as thread_ts, m.content, m.version, m.ts, m.attempted, m.failures
         from stamps.messages m left join stamps.messages parent on parent.key = m.thread_of
         where m.channel = $1 and m.shown_version < m.version and m.next_at <= clock_timestamp()
           and (m.claimed_until is null or m.claimed_until < clock_timestamp())
           and (m.thread_of is null or parent.ts is not null)
         order by m.priority, m.failures > 0,
           case when m.ts is not null then 1
                when parent.shown_version < parent.version
                     and m.next_at > clock_timestamp() - make_interval(secs => $2) then 2
                else 0 end,
           m.seq
         limit 1 for update of m skip locked`,
        [channel, cardFirstSeconds],
      );
      if (!row) return undefined;
      await tx.query(
        `update stamps.messages set claimed_until = clock_timestamp() + make_interval(secs => $2), claimed_by = $3
         where key = $1`,
        [row.key, claimSeconds, replicaId],
      );
      await tx.query(
        `update stamps.channel_slots set next_at = clock_timestamp() + make_interval(secs => $2) where channel = $1`,
        [channel, slotMs / 1000],
      );
      return row;
    });
    if (message) claimed.push(message);
  }
  return claimed;
}
