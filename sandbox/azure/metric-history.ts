import type { Traffic } from './traffic.ts';

const minuteMs = 60_000;
/** Traffic is looked at so often, or once a minute when time jumps; what was in between is taken as it was at the end. */
const stepMs = 1_000;
/** How far back the history reaches, before the start too. */
const keptMs = 2 * 3_600_000;
const backfilledMs = 15 * minuteMs;

/** Requests that each cell's app served, minute by minute. */
export class MetricHistory {
  readonly #trafficAt: (at: number) => Traffic;
  /** By cell, then by the minute's beginning. */
  readonly #requests = new Map<string, Map<number, number>>();
  #at: number;

  constructor(trafficAt: (at: number) => Traffic, now: number) {
    this.#trafficAt = trafficAt;
    this.#at = floorToMinute(now) - backfilledMs;
  }

  advance(now: number): void {
    if (now - this.#at < stepMs) return;
    this.#at = Math.max(this.#at, floorToMinute(now) - keptMs);
    while (now - this.#at >= stepMs) {
      const minute = floorToMinute(this.#at);
      const until = Math.min(now, minute + minuteMs);
      this.#add(minute, (until - this.#at) / 1000, this.#trafficAt(until));
      this.#at = until;
    }
    this.#forget(floorToMinute(now) - keptMs);
  }

  /** Undefined: nobody called it in that minute, or it is too long ago. */
  requests(cell: string, minute: number): number | undefined {
    return this.#requests.get(cell)?.get(minute);
  }

  #add(minute: number, seconds: number, traffic: Traffic): void {
    for (const [cell, { served }] of traffic) {
      if (served === 0) continue;
      const minutes = this.#requests.get(cell) ?? new Map<number, number>();
      minutes.set(minute, (minutes.get(minute) ?? 0) + served * seconds);
      this.#requests.set(cell, minutes);
    }
  }

  #forget(before: number): void {
    for (const minutes of this.#requests.values()) {
      for (const minute of minutes.keys()) {
        if (minute >= before) break;
        minutes.delete(minute);
      }
    }
  }
}

export function floorToMinute(at: number): number {
  return at - (at % minuteMs);
}
