import type { Alert, AlertPlace } from './alert.ts';
import { isSerious } from './evidence.ts';
import { jointPlace } from './incident-place.ts';
import { type Severity, worse } from './severity.ts';

/** A fired alert as correlation sees it. Moments are milliseconds since 1970. */
export interface Signal {
  readonly key: string;
  readonly rule: string;
  readonly place: AlertPlace;
  readonly spot: string;
  readonly azureSeverity: Alert['azureSeverity'];
  /** When it fired, as far as its sender's clock can be believed. */
  readonly at: number;
  /** When it was over; undefined: it lasts. */
  readonly overAt?: number;
}

/** A stretch of time, both ends within it; `Infinity` for what still lasts. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** An incident as correlation sees it. */
export interface Trouble {
  readonly id: string;
  /** Order in which incidents were opened. */
  readonly number: number;
  readonly severity: Severity;
  readonly place: AlertPlace;
  /** Somebody works on it. */
  readonly taken: boolean;
  /** A person declared it, split it off or merged it: it is never merged by evidence. */
  readonly byHand: boolean;
  /** It holds what had no room of its own in a storm: it says nothing of what belongs together. */
  readonly storm: boolean;
  /** It is over by the evidence, since a little while: the same trouble would open it again. */
  readonly over: boolean;
  /** By spot, when any of its alerts lasted. Stretches that the policy's time joins are one; in order. */
  readonly spots: ReadonlyMap<string, readonly Span[]>;
  /** By region, and under `*` for the whole, when its serious alerts fired; likewise. */
  readonly reach: ReadonlyMap<string, readonly Span[]>;
  /** Cells with serious alerts. */
  readonly cells: ReadonlySet<string>;
}

/** Where the serious alerts about the whole estate are kept in `reach`. */
export const whole = '*';

/** Names what an alert is about. What nobody knows is told by its first resource, else by its rule. */
export function spotOf({ place, resources, rule }: Pick<Alert, 'place' | 'resources' | 'rule'>): string {
  switch (place.scope) {
    case 'cell':
      return `cell ${place.cell}`;
    case 'region':
      return `region ${place.region}`;
    case 'global':
      return 'global';
    case 'unknown':
      return `unknown ${(resources[0] ?? rule).toLowerCase().slice(0, 500)}`;
  }
}

export function placeName(place: AlertPlace): string {
  switch (place.scope) {
    case 'cell':
      return place.cell;
    case 'region':
      return place.region;
    case 'global':
      return 'the whole estate';
    case 'unknown':
      return 'this resource';
  }
}

/** A trouble that is being written down: `learn` and `absorb` change it. */
export interface OpenTrouble extends Trouble {
  severity: Severity;
  place: AlertPlace;
  taken: boolean;
  byHand: boolean;
  over: boolean;
  readonly spots: Map<string, Span[]>;
  readonly reach: Map<string, Span[]>;
  readonly cells: Set<string>;
}

/** Adds an alert, of which correlation decided that it belongs here. */
export function learn(trouble: OpenTrouble, signal: Signal, withinMs: number): void {
  const { place, spot, at } = signal;
  addSpan(trouble.spots, spot, lasting(signal), withinMs);
  if (!isSerious(signal) || trouble.storm || place.scope === 'unknown') return;
  addSpan(trouble.reach, place.scope === 'global' ? whole : place.region, { from: at, to: at }, withinMs);
  if (place.scope === 'cell') trouble.cells.add(place.cell);
  trouble.place = jointPlace(trouble.place, place);
}

/** Takes everything of another over. */
export function absorb(trouble: OpenTrouble, gone: Trouble, withinMs: number): void {
  for (const [spot, spans] of gone.spots) for (const span of spans) addSpan(trouble.spots, spot, span, withinMs);
  for (const [where, spans] of gone.reach) for (const span of spans) addSpan(trouble.reach, where, span, withinMs);
  for (const cell of gone.cells) trouble.cells.add(cell);
  trouble.place = jointPlace(trouble.place, gone.place);
  trouble.severity = worse(trouble.severity, gone.severity);
}

/** Stretches that are within the time of each other become one, so that few are kept however many alerts came. */
export function addSpan(all: Map<string, Span[]>, key: string, span: Span, withinMs: number): void {
  const known = all.get(key) ?? [];
  const [last] = known.slice(-1);
  if (last && last.from <= span.from && last.to >= span.to) return;
  let { from, to } = span;
  const apartFrom = known.filter((other) => {
    if (nearest([other], { from, to }, withinMs) === undefined) return true;
    from = Math.min(from, other.from);
    to = Math.max(to, other.to);
    return false;
  });
  all.set(
    key,
    [...apartFrom, { from, to }].sort((a, b) => a.from - b.from),
  );
}

/** While it lasts. */
export function lasting({ at, overAt = Number.POSITIVE_INFINITY }: Signal): Span {
  return { from: at, to: Math.max(at, overAt) };
}

/** The first of these stretches that is within so long of another. */
export function nearest(spans: readonly Span[] | undefined, other: Span, withinMs: number): Span | undefined {
  return spans?.find(({ from, to }) => other.from <= to + withinMs && other.to >= from - withinMs);
}
