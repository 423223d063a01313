const minuteMs = 60_000;
/** The estate is looked at so often, or once a minute when time jumps; what was in between is taken as it was at the end. */
const stepMs = 1_000;
/** How far back the history reaches, before the start too. */
const keptMs = 2 * 3_600_000;
const backfilledMs = 15 * minuteMs;

/** How a cell's app is at one moment. */
interface Sample {
  /** Requests a second. */
  readonly served: number;
  readonly replicas: number;
}

/** What one cell's app did in one minute, as far as it was looked at. */
interface Minute {
  requests: number;
  replicaSeconds: number;
  seconds: number;
}

/** Requests that each cell's app served, and the replicas that it had, minute by minute. */
export class MetricHistory {
  readonly #sampleAt: (at: number) => ReadonlyMap<string, Sample>;
  /** By cell, then by the minute's beginning. */
  readonly #minutes = new Map<string, Map<number, Minute>>();
  #at = 0;
  #from = 0;

  constructor(sampleAt: (at: number) => ReadonlyMap<string, Sample>, now: number) {
    this.#sampleAt = sampleAt;
    this.startAnew(now);
  }

  /** As though everything had been as it is now. */
  startAnew(now: number): void {
    this.#minutes.clear();
    this.#at = floorToMinute(now) - backfilledMs;
    this.#from = this.#at;
  }

  advance(now: number): void {
    if (now - this.#at < stepMs) return;
    this.#at = Math.max(this.#at, floorToMinute(now) - keptMs);
    while (now - this.#at >= stepMs) {
      const minute = floorToMinute(this.#at);
      const until = Math.min(now, minute + minuteMs);
      this.#add(minute, (until - this.#at) / 1000, this.#sampleAt(until));
      this.#at = until;
    }
    this.#forget(floorToMinute(now) - keptMs);
  }

  /** Whether this minute was looked at, and is still kept. */
  reaches(minute: number): boolean {
    return minute >= this.#from;
  }

  /** A minute's sum. Undefined: nobody called it in that minute, or it is too long ago. */
  requests(cell: string, minute: number): number | undefined {
    return this.#minutes.get(cell)?.get(minute)?.requests || undefined;
  }

  /** A minute's average. Undefined: it had none in that minute, or it is too long ago. */
  replicas(cell: string, minute: number): number | undefined {
    const found = this.#minutes.get(cell)?.get(minute);
    return found && found.replicaSeconds > 0 ? found.replicaSeconds / found.seconds : undefined;
  }

  #add(minute: number, seconds: number, samples: ReadonlyMap<string, Sample>): void {
    for (const [cell, { served, replicas }] of samples) {
      const minutes = this.#minutes.get(cell) ?? new Map<number, Minute>();
      const sums = minutes.get(minute) ?? { requests: 0, replicaSeconds: 0, seconds: 0 };
      sums.requests += served * seconds;
      sums.replicaSeconds += replicas * seconds;
      sums.seconds += seconds;
      minutes.set(minute, sums);
      this.#minutes.set(cell, minutes);
    }
  }

  #forget(before: number): void {
    this.#from = Math.max(this.#from, before);
    for (const minutes of this.#minutes.values()) {
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
