import type { JsonObject } from '../domain/json.ts';
import { isOpsError, OpsError } from '../errors.ts';
import type { Logger } from '../ports/logger.ts';
import type { Database, Queries } from './database.ts';

/** Something to be done outside, once, in the order in which it was wanted within its stream. */
export interface WantedEffect {
  /** Names it for ever: the same key again is the same effect. */
  readonly key: string;
  /** What keeps an order: `pagerduty/stamps/i-17`. */
  readonly stream: string;
  /** Which handler does it. */
  readonly kind: string;
  readonly args: JsonObject;
}

/** What became of an effect, in words of ours or of the service: escape them. */
export interface EffectOutcome {
  /** False: it was given up, and will not be tried again. */
  readonly done: boolean;
  readonly says: string;
  /** What the service gave, for `tell`: an id, a link. */
  readonly found?: JsonObject;
}

export interface EffectHandler {
  /**
   * Does one effect. It may be called again with the same key after a crash or a lost answer: the receiver, or a read
   * before, must make the repeat harmless. Answers with what was done, in words, and what came of it. A transient error is tried again
   * for as long as it takes; any other ends the effect, and its words are its outcome.
   */
  perform(
    args: JsonObject,
    key: string,
    signal: AbortSignal,
  ): Promise<string | { readonly says: string; readonly found: JsonObject }>;
  /** What people are told at its end, in the transaction that ends it. */
  tell?(tx: Queries, args: JsonObject, key: string, outcome: EffectOutcome): Promise<void>;
  /** What people are told when it could not be done at the first try, in the transaction that puts it off. */
  tellDelay?(tx: Queries, args: JsonObject, key: string, error: Error): Promise<void>;
}

export interface Effects {
  /** Begins what is due, one of each stream; answers with how many. */
  pump(): Promise<number>;
  /** Once nothing that was begun here is under way. */
  idle(): Promise<void>;
  /** How many are not done yet. */
  depth(): Promise<number>;
}

const timeoutMs = 20_000;
/** Longer than any effect's time. */
const claimSeconds = 30;
/** So many at once in one process. */
const most = 20;
const firstBackoffMs = 1_000;
/** A page that a service would not take goes out at most so long after it would. */
const longestBackoffMs = 60_000;

interface DueEffect {
  key: string;
  kind: string;
  args: JsonObject;
  failures: number;
}

/** Records an effect in the caller's transaction: it is wanted exactly when the transaction's other changes are. */
export async function wantEffect(tx: Queries, { key, stream, kind, args }: WantedEffect): Promise<void> {
  await tx.query(
    'insert into stamps.effects (key, stream, kind, args) values ($1, $2, $3, $4) on conflict do nothing',
    [key, stream, kind, JSON.stringify(args)],
  );
}

/** Brings about what was wanted, over all replicas once, over crashes, throttling and outages. */
export function createEffects(
  database: Database,
  handlers: Readonly<Record<string, EffectHandler>>,
  logger: Logger,
  stopping: AbortSignal,
  replicaId: string | null = null,
): Effects {
  const running = new Set<Promise<void>>();
  return {
    async pump() {
      if (running.size >= most) return 0;
      const due = await claimDue(database, most - running.size, replicaId);
      for (const effect of due) {
        // What fails here is the database: the claim runs out, and the effect is done again.
        const work = carryOut(effect).catch((error: unknown) => {
          if (!stopping.aborted) logger.warn({ err: error, effect: effect.key }, 'an effect could not be noted down');
        });
        running.add(work);
        void work.then(() => running.delete(work));
      }
      return due.length;
    },
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
    async depth() {
      const [row] = await database.query<{ n: number }>(
        'select count(*) as n from stamps.effects where done_at is null',
      );
      return row?.n ?? 0;
    },
  };

  async function carryOut({ key, kind, args, failures }: DueEffect): Promise<void> {
    const handler = handlers[kind];
    let outcome: EffectOutcome;
    try {
      if (!handler) throw new OpsError('misconfigured', `Nothing here can do “${kind}”.`);
      const signal = AbortSignal.any([stopping, AbortSignal.timeout(timeoutMs)]);
      const did = await handler.perform(args, key, signal);
      outcome = { done: true, ...(typeof did === 'string' ? { says: did } : did) };
    } catch (error) {
      if (stopping.aborted || (isOpsError(error) && error.service === 'PostgreSQL')) return;
      const passing = !isOpsError(error) || error.transient;
      logger[passing ? 'warn' : 'error']({ err: error, effect: key }, 'an effect on the outside failed');
      if (passing) return putOff(key, args, error as Error, failures, handler);
      const { message, hint } = error;
      outcome = { done: false, says: hint === undefined ? message : `${message} ${hint}` };
    }
    await end(key, args, outcome, handler);
  }

  async function end(key: string, args: JsonObject, outcome: EffectOutcome, handler?: EffectHandler): Promise<void> {
    await database.transaction(async (tx) => {
      const ended = await tx.query(
        `update stamps.effects set done_at = clock_timestamp(), outcome = $2, claimed_until = null
         where key = $1 and done_at is null returning 1`,
        [key, `${outcome.done ? '' : 'Not done: '}${outcome.says}`.slice(0, 1_000)],
      );
      if (ended.length > 0) await handler?.tell?.(tx, args, key, outcome);
    });
  }

  async function putOff(
    key: string,
    args: JsonObject,
    error: Error,
    failures: number,
    handler?: EffectHandler,
  ): Promise<void> {
    const backoff = Math.min(firstBackoffMs * 2 ** failures, longestBackoffMs);
    const asked = (isOpsError(error) && error.retryAfterMs) || 0;
    await database.transaction(async (tx) => {
      const waits = await tx.query(
        `update stamps.effects set failures = failures + 1, last_error = $2, claimed_until = null,
                next_at = clock_timestamp() + make_interval(secs => $3)
         where key = $1 and done_at is null returning 1`,
        [key, String(error).slice(0, 500), Math.max(backoff, asked) / 1000],
      );
      if (waits.length > 0 && failures === 0) await handler?.tellDelay?.(tx, args, key, error);
    });
  }
}

/** The oldest effect of every stream that is not busy; each claimed by one replica. */
async function claimDue(database: Database, atMost: number, replicaId: string | null): Promise<DueEffect[]> {
  return database.query<DueEffect>(
    `update stamps.effects set claimed_until = clock_timestamp() + make_interval(secs => $1), claimed_by = $3
     where seq in (
       select e.seq from stamps.effects e
       where e.done_at is null and e.next_at <= clock_timestamp()
         and (e.claimed_until is null or e.claimed_until < clock_timestamp())
         and not exists (select 1 from stamps.effects ahead
                         where ahead.stream = e.stream and ahead.done_at is null and ahead.seq < e.seq)
       order by e.seq limit $2 for update skip locked)
     returning key, kind, args, failures`,
    [claimSeconds, atMost, replicaId],
  );
}
