import type { JsonObject } from '../domain/json.ts';
import { isOpsError, OpsError } from '../errors.ts';
import type { Logger } from '../ports/logger.ts';
import type { Database, Queries } from './database.ts';

/** Something to be done outside, once, in the order in which it was wanted within its stream. */
export interface WantedEffect {
  /** Names it for ever: the same key again is the same effect. */
  readonly key: string;
  /** What keeps an order: `pagerduty/i-17`. */
  readonly stream: string;
  /** Which handler does it. */
  readonly kind: string;
  readonly args: JsonObject;
}

/**
 * Does one effect. It may be called again with the same key after a crash or a lost answer: the receiver, or a read
 * before, must make the repeat harmless. Answers with what was done, in words. A transient error is tried again
 * for as long as it takes; any other ends the effect, and its words are its outcome.
 */
export type EffectHandler = (args: JsonObject, key: string, signal: AbortSignal) => Promise<string>;

export interface Effects {
  /** Does what is due, one of each stream; answers with how many were tried. */
  pump(): Promise<number>;
  /** How many are not done yet. */
  depth(): Promise<number>;
}

/** Longer than any handler's deadline. */
const claimSeconds = 60;
const timeoutMs = 30_000;
const firstBackoffMs = 1_000;
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
): Effects {
  return {
    async pump() {
      const due = await claimDue(database);
      await Promise.all(due.map((effect) => carryOut(effect)));
      return due.length;
    },
    async depth() {
      const [row] = await database.query<{ n: number }>(
        'select count(*) as n from stamps.effects where done_at is null',
      );
      return row?.n ?? 0;
    },
  };

  async function carryOut({ key, kind, args, failures }: DueEffect): Promise<void> {
    try {
      const handler = handlers[kind];
      if (!handler) throw new OpsError('misconfigured', `Nothing here can do “${kind}”.`);
      const outcome = await handler(args, key, AbortSignal.any([stopping, AbortSignal.timeout(timeoutMs)]));
      await done(key, outcome);
    } catch (error) {
      if (stopping.aborted || (isOpsError(error) && error.service === 'PostgreSQL')) return;
      const passing = !(error instanceof OpsError) || error.transient;
      logger[passing ? 'warn' : 'error']({ err: error, effect: key }, 'an effect on the outside failed');
      if (!passing) return done(key, `Not done: ${(error as Error).message}`);
      const backoff = Math.min(firstBackoffMs * 2 ** failures, longestBackoffMs);
      const waitMs = Math.max(backoff, (error instanceof OpsError && error.retryAfterMs) || 0);
      await database.query(
        `update stamps.effects set failures = failures + 1, last_error = $2, claimed_until = null,
                next_at = clock_timestamp() + make_interval(secs => $3) where key = $1`,
        [key, String(error).slice(0, 500), waitMs / 1000],
      );
    }
  }

  async function done(key: string, outcome: string): Promise<void> {
    await database.query(
      'update stamps.effects set done_at = clock_timestamp(), outcome = $2, claimed_until = null where key = $1',
      [key, outcome.slice(0, 1_000)],
    );
  }
}

/** The oldest effect of every stream that is not busy; each claimed by one replica. */
async function claimDue(database: Database): Promise<DueEffect[]> {
  return database.query<DueEffect>(
    `update stamps.effects set claimed_until = clock_timestamp() + make_interval(secs => $1)
     where seq in (
       select e.seq from stamps.effects e
       where e.done_at is null and e.next_at <= clock_timestamp()
         and (e.claimed_until is null or e.claimed_until < clock_timestamp())
         and not exists (select 1 from stamps.effects ahead
                         where ahead.stream = e.stream and ahead.done_at is null and ahead.seq < e.seq)
       order by e.seq limit 20 for update skip locked)
     returning key, kind, args, failures`,
    [claimSeconds],
  );
}
