import { minuteMs, secondMs } from '../domain/duration.ts';
import type { Queries } from '../engine/database.ts';
import { isOpsError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';

/** The start belongs to what people wait for. */
const startAfterMs = minuteMs;
/** So much longer than a piece took is rested after it: at most a fifth of the time is worked. */
const restShare = 4;
const leastRestMs = secondMs;
const nothingLeftRestMs = 10 * minuteMs;
const mostAttempts = 5;

/** An hour or a day that somebody has to read. */
export interface Piece {
  /** Its beginning, ISO 8601. */
  readonly at: string;
  /** With this one. */
  readonly attempts: number;
}

export interface BackfillParts<P extends Piece> {
  readonly clock: Pick<Clock, 'now'>;
  /** The newest piece that nobody has, claimed for this replica; undefined: there is none. */
  claim(): Promise<P | undefined>;
  /** False: something of it could not be read, and may be later. */
  fill(piece: P, stop: AbortSignal): Promise<boolean>;
  /** Writes down that it is done, or that it may be tried again in a while. */
  settle(piece: P, done: boolean): Promise<void>;
  /** After each piece. */
  told(piece: P, tookMs: number, whole: boolean): void;
}

export interface Backfill {
  /** Does one piece when it is time for it; its beginning, ISO 8601. */
  fillNext(stop: AbortSignal): Promise<string | undefined>;
}

/** The past, piece by piece and slowly. A piece that can't be read whole is tried again, five times at most. */
export function createBackfill<P extends Piece>({ clock, claim, fill, settle, told }: BackfillParts<P>): Backfill {
  let restUntil = clock.now() + startAfterMs;
  return {
    async fillNext(stop) {
      const began = clock.now();
      if (began < restUntil) return undefined;
      const piece = await claim();
      if (!piece) {
        restUntil = began + nothingLeftRestMs;
        return undefined;
      }
      const whole = await fill(piece, stop);
      await settle(piece, whole || piece.attempts >= mostAttempts);
      const tookMs = clock.now() - began;
      // Azure has too much to do, or we have: then there is no hurry at all.
      restUntil = clock.now() + (whole ? Math.max(leastRestMs, restShare * tookMs) : minuteMs);
      told(piece, tookMs, whole);
      return piece.at;
    },
  };
}

/** One part of a piece. False: it could not be read, and may be later; `missed` is told why. */
export async function tryPart(
  work: () => Promise<void>,
  stop: AbortSignal,
  missed: (error: unknown) => void,
): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    stop.throwIfAborted();
    if (isOpsError(error) && !error.transient) return true;
    missed(error);
    return false;
  }
}

/** The piece's row: done, or free again after a while that doubles with each attempt. */
export async function notePiece(
  queries: Queries,
  table: 'kpi_past_hours' | 'capacity_days',
  at: string,
  done: boolean,
): Promise<void> {
  await queries.query(
    `update stamps.${table}
     set done_at = case when $2 then clock_timestamp() end,
         claimed_until = clock_timestamp() + make_interval(mins => power(2, attempts)::int)
     where at = $1`,
    [at, done],
  );
}
