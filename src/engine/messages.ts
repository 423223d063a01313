import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { MessageContent } from '../ports/chat.ts';
import type { Queries } from './database.ts';

/** What a message should show. The outbox makes Slack show it. */
export interface WantedMessage {
  /** Names the message for ever; the same key again means the same message. */
  readonly key: string;
  readonly channel: string;
  /** Key of the message in whose thread it stands. */
  readonly threadOf?: string;
  /** 0 goes first, for what is urgent; 3 last, for details of what goes with 2. */
  readonly priority?: 0 | 1 | 2 | 3;
  readonly content: MessageContent;
}

/** The card of a thread is drawn anew in a moment, and goes first when it is there by then. */
const threadAfterSeconds = 0.3;

/** Records what a message should show, in the caller's transaction; newest content wins, equal content costs nothing. */
export async function wantMessage(tx: Queries, wanted: WantedMessage): Promise<void> {
  await tx.query(
    `insert into stamps.messages (key, channel, thread_of, priority, content, next_at)
     values ($1, $2, $3, $4, $5, clock_timestamp() + make_interval(secs => $6))
     on conflict (key) do update
     set content = excluded.content,
         priority = excluded.priority,
         version = messages.version + case when messages.content = excluded.content then 0 else 1 end,
         rendered_at = clock_timestamp()`,
    [
      wanted.key,
      wanted.channel,
      wanted.threadOf ?? null,
      wanted.priority ?? 1,
      JSON.stringify(wanted.content),
      wanted.threadOf === undefined ? 0 : threadAfterSeconds,
    ],
  );
}

export const runCardKey = (runId: string): string => `run:${runId}`;
export const incidentCardKey = (incidentId: string): string => `incident:${incidentId}`;

/** The run whose card or thread a message belongs to. */
export async function runOfThread(db: Queries, channel: string, threadTs: string): Promise<string | undefined> {
  return /^run:(r-\d+)/.exec(await keyOfThread(db, channel, threadTs))?.[1];
}

/** The incident whose card or thread a message belongs to. */
export async function incidentOfThread(db: Queries, channel: string, threadTs: string): Promise<string | undefined> {
  return /^incident:(i-\d+)/.exec(await keyOfThread(db, channel, threadTs))?.[1];
}

async function keyOfThread(db: Queries, channel: string, threadTs: string): Promise<string> {
  const [row] = await db.query<{ key: string }>(
    `select coalesce(thread_of, key) as key from stamps.messages where channel = $1 and ts = $2`,
    [channel, threadTs],
  );
  return row?.key ?? '';
}

/** A short name for a longer text, the same every time. */
export function digest(value: unknown): string {
  return createHash('sha256')
    .update(canonicalize(value) ?? '')
    .digest('hex')
    .slice(0, 12);
}
