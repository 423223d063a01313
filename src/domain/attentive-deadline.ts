/** A deadline is watched in so many slices: of 8 s, a quarter of a second each. */
const slices = 32;
const shortestSliceMs = 50;
/** Of an end in time, which is the rule: to make an error each time would cost more than all else of a deadline. */
const inTime = new Error('ended in time');
/** However little the process gets to run, nobody waits longer than so many times the deadline. */
const mostTimes = 3;

/** What it needs of a clock: milliseconds since 1970, and a sleep that rejects once its signal is aborted. */
interface Time {
  now(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** A deadline that is under way. */
export interface AttentiveDeadline {
  /** Aborted once the time is over. */
  readonly signal: AbortSignal;
  /** Did the process itself hardly get to run? Then nothing is known of whoever was asked. */
  starved(): boolean;
  /** How long it has lasted by the clock, in milliseconds. */
  tookMs(): number;
  /** How much of that the process did not get to run, in milliseconds. */
  lostMs(): number;
  /** Lets its timer go. Whoever begins a deadline ends it. */
  end(): void;
}

/**
 * So many milliseconds in which the process got to run. Where it did not, because the machine was busy or a long piece
 * of work stood before everything else, answers may lie unread in its sockets, and Node lets timers go first: such a
 * slice is given again, up to three times the deadline in all.
 */
export function attentiveDeadline(ms: number, clock: Time): AttentiveDeadline {
  const over = new AbortController();
  const ended = new AbortController();
  const began = clock.now();
  const tookMs = () => clock.now() - began;
  let lostMs = 0;
  let starved = false;

  async function watch(): Promise<void> {
    const sliceMs = Math.min(ms, Math.max(shortestSliceMs, Math.ceil(ms / slices)));
    for (let leftMs = ms; leftMs > 0; ) {
      const from = clock.now();
      await clock.sleep(Math.min(sliceMs, leftMs), ended.signal);
      const passedMs = clock.now() - from;
      if (passedMs < 2 * Math.max(sliceMs, shortestSliceMs)) leftMs -= sliceMs;
      else lostMs += passedMs - sliceMs;
      starved = leftMs > 0 && tookMs() >= mostTimes * ms;
      if (starved) break;
    }
    over.abort();
  }

  watch().catch(() => undefined);
  return { signal: over.signal, starved: () => starved, tookMs, lostMs: () => lostMs, end: () => ended.abort(inTime) };
}
