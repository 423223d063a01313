import { fraction } from '../demand.ts';
import { floorToMinute } from '../metric-history.ts';

export const minuteMs = 60_000;
/** The estate is looked at so often; what was in between is taken as it was at the end. */
const stepMs = 5_000;
/** How far back minutes are kept as they were seen. Before that, and before the start, they are as if nothing had failed. */
const keptMs = 3 * 3_600_000;
/** A long window is told in parts of so many minutes: half a day by the minute, a week by the quarter of an hour. */
const partMinutes = [1, 5, 15, 60];
const mostParts = 960;
const mostPast = 5_000;

/** How one tenant's requests fare; a second's worth, or a minute's. */
export interface TenantFlow {
  readonly tenant: string;
  /** Where it lives. */
  readonly cell: string;
  /** The cell that serves it; undefined: none does. */
  readonly servedBy: string | undefined;
  /** Region of the gateway that took them. */
  readonly region: string;
  /** That passed the rate limit. */
  readonly requests: number;
  /** Of those, answered with a 5xx. */
  readonly failed: number;
  /** Refused with a 429, on top. */
  readonly throttled: number;
  /** Of the cell that serves it: 1 is full. */
  readonly load: number;
}

export interface CellFlow {
  readonly cell: string;
  readonly served: number;
  readonly load: number;
  /** Its copy is up: it has CPU and a database to measure. */
  readonly works: boolean;
}

export interface Flows {
  readonly tenants: readonly TenantFlow[];
  readonly cells: readonly CellFlow[];
}

/** The requests of a minute, or of some minutes that are taken as alike: sums, and loads as means. */
export interface RequestMinute extends Flows {
  /** Its beginning. */
  readonly at: number;
}

interface Sums {
  seconds: number;
  readonly flows: { readonly flows: Flows; readonly seconds: number }[];
}

/** Every tenant's requests, minute by minute, as they were routed, served, refused or failed. */
export class RequestHistory {
  readonly #flowsAt: (at: number, asIfWell: boolean) => Flows;
  readonly #minutes = new Map<number, Sums>();
  readonly #past = new Map<number, RequestMinute>();
  #start = 0;
  #at = 0;

  constructor(flowsAt: (at: number, asIfWell: boolean) => Flows, now: number) {
    this.#flowsAt = flowsAt;
    this.startAnew(now);
  }

  /** As though nothing had failed before. */
  startAnew(now: number): void {
    this.#minutes.clear();
    this.#past.clear();
    this.#start = floorToMinute(now);
    this.#at = this.#start;
  }

  advance(now: number): void {
    if (now - this.#at < stepMs) return;
    this.#at = Math.max(this.#at, floorToMinute(now) - keptMs);
    while (now - this.#at >= stepMs) {
      const minute = floorToMinute(this.#at);
      const until = Math.min(now, minute + minuteMs, this.#at + minuteMs);
      const sums = this.#minutes.get(minute) ?? { seconds: 0, flows: [] };
      const seconds = (until - this.#at) / 1000;
      sums.flows.push({ flows: this.#flowsAt(until, false), seconds });
      sums.seconds += seconds;
      this.#minutes.set(minute, sums);
      this.#at = until;
    }
    for (const minute of this.#minutes.keys()) if (minute < now - keptMs) this.#minutes.delete(minute);
  }

  /** A minute that is over; before the start it is as if nothing had failed. */
  minute(at: number): RequestMinute {
    const seen = this.#minutes.get(at);
    if (seen) return summed(at, seen);
    const known = this.#past.get(at);
    if (known) return known;
    const { tenants, cells } = this.#flowsAt(at + minuteMs / 2, at < this.#start || at < this.#at - keptMs);
    const minute = repeated({ at, tenants, cells }, 60);
    const [oldest] = this.#past.keys();
    if (oldest !== undefined && this.#past.size >= mostPast) this.#past.delete(oldest);
    this.#past.set(at, minute);
    return minute;
  }

  /**
   * The minutes of a window that are over at `now`. Of a long window those that are kept as they were seen, and before
   * them one for the five, fifteen or sixty around it: a week has ten thousand, which are as smooth as the demand is.
   */
  minutes(from: number, to: number, now: number): RequestMinute[] {
    const found: RequestMinute[] = [];
    const end = Math.min(ceilToMinute(to), floorToMinute(now));
    const seen = Math.min(end, floorToMinute(now - keptMs));
    const stepMs =
      minuteMs * (partMinutes.find((each) => end - from <= each * mostParts * minuteMs) ?? Math.max(...partMinutes));
    for (let at = ceilToMinute(from); at < end; ) {
      const wide = at < seen ? stepMs : minuteMs;
      const begins = at - (at % wide);
      const ends = Math.min(begins + wide, at < seen ? seen : end);
      const middle = Math.max(at, Math.min(begins + floorToMinute(wide / 2), ends - minuteMs));
      found.push({ ...repeated(this.minute(middle), (ends - at) / minuteMs), at });
      at = ends;
    }
    return found;
  }
}

function ceilToMinute(at: number): number {
  return floorToMinute(at + minuteMs - 1);
}

function repeated({ at, tenants, cells }: RequestMinute, often: number): RequestMinute {
  return {
    at,
    tenants: tenants.map((flow) => times(flow, often)),
    cells: cells.map((flow) => ({ ...flow, served: flow.served * often })),
  };
}

function summed(at: number, { flows, seconds }: Sums): RequestMinute {
  const tenants = new Map<string, TenantFlow>();
  const cells = new Map<string, CellFlow>();
  // A minute that was looked at only in part counts as a whole one.
  const whole = 60 / seconds;
  for (const part of flows) {
    const share = part.seconds / seconds;
    for (const flow of part.flows.tenants) {
      const key = `${flow.tenant}/${flow.servedBy}`;
      const had = tenants.get(key);
      const more = times(flow, part.seconds * whole);
      tenants.set(key, {
        ...more,
        requests: (had?.requests ?? 0) + more.requests,
        failed: (had?.failed ?? 0) + more.failed,
        throttled: (had?.throttled ?? 0) + more.throttled,
        load: (had?.load ?? 0) + flow.load * share,
      });
    }
    for (const flow of part.flows.cells) {
      const had = cells.get(flow.cell);
      cells.set(flow.cell, {
        ...flow,
        served: (had?.served ?? 0) + flow.served * part.seconds * whole,
        load: (had?.load ?? 0) + flow.load * share,
      });
    }
  }
  return { at, tenants: [...tenants.values()], cells: [...cells.values()] };
}

function times(flow: TenantFlow, seconds: number): TenantFlow {
  return {
    ...flow,
    requests: flow.requests * seconds,
    failed: flow.failed * seconds,
    throttled: flow.throttled * seconds,
  };
}

/** Of its mean demand, so much a tenant is refused at a time: two in ten come in bursts that break their rate limit. */
export function throttledShare(tenant: string, at: number): number {
  if (fraction(`bursts:${tenant}`) > 0.2) return 0;
  return Math.max(0, 0.12 * Math.sin((2 * Math.PI * at) / (17 * minuteMs) + 6 * fraction(tenant)));
}
