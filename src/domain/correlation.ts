import { formatDuration, minuteMs } from './duration.ts';
import { evidentSeverity, isSerious } from './evidence.ts';
import { type Severity, worse } from './severity.ts';
import { lasting, nearest, placeName, type Signal, type Span, type Trouble, whole } from './trouble.ts';
import type { Candidates } from './trouble-book.ts';

/**
 * Which alerts are one trouble. Two alerts belong together when
 * - they are about the same spot (cell, region, the whole, or one unknown resource), and one fired while the other
 *   lasted, or within the policy's time of it; or
 * - both are serious (Sev0–2), fired within that time of each other, and one place holds both: one region, or one of
 *   them is about the whole.
 * An incident is whatever hangs together so, in whatever order its alerts came; what a person put apart stays apart.
 */

export type Decision =
  | { readonly do: 'open'; readonly storm: boolean; readonly severity: Severity; readonly because: string }
  | {
      readonly do: 'join';
      readonly id: string;
      /** Incidents that prove to be the same trouble, and go into this one. */
      readonly absorbs: readonly string[];
      readonly reopens: boolean;
      /** By the evidence: never better than it was. */
      readonly severity: Severity;
      readonly because: string;
    };

export interface CorrelationRules {
  readonly withinMs: number;
  /** How many incidents the evidence opened in the last minute. */
  readonly openedLately: number;
}

/** Room for new cards in a minute, so that a channel stays readable: P2 and P3 up to 8, P1 up to 12, P0 always. */
const roomFor: Readonly<Record<Severity, number>> = { P0: Number.POSITIVE_INFINITY, P1: 12, P2: 8, P3: 8 };

/** Decides about one alert. Pure: the same alert and the same incidents, by id, give the same answer, in whatever order they stand. */
export function correlate(signal: Signal, troubles: Candidates<Trouble>, rules: CorrelationRules): Decision {
  const related: { trouble: Trouble; because: string }[] = [];
  for (const trouble of troubles.candidates(signal)) {
    const because = relation(signal, trouble, rules.withinMs);
    if (because !== undefined) related.push({ trouble, because });
  }
  const live = related.filter(({ trouble }) => !trouble.over);
  const [best, ...others] = (live.length > 0 ? live : related).sort(
    (a, b) => rank(signal, a.trouble) - rank(signal, b.trouble) || firstOf(a.trouble, b.trouble),
  );
  const own = evidentSeverity(signal.place.scope, signal.azureSeverity);
  if (best === undefined) return opening(signal, own, troubles, rules);

  const absorbed = canMerge(best.trouble) ? others.map(({ trouble }) => trouble).filter(canMerge) : [];
  const cells = new Set([best.trouble, ...absorbed].flatMap(({ cells }) => [...cells]));
  if (signal.place.scope === 'cell' && isSerious(signal)) cells.add(signal.place.cell);
  const severities = [own, best.trouble.severity, ...absorbed.map(({ severity }) => severity)];
  // INVENTORY D1: several cells are P1, however small the trouble of each.
  if (cells.size > 1) severities.push('P1');
  return {
    do: 'join',
    id: best.trouble.id,
    absorbs: absorbed.map(({ id }) => id),
    reopens: best.trouble.over,
    severity: severities.reduce(worse),
    because: best.because,
  };
}

function opening(
  signal: Signal,
  severity: Severity,
  troubles: Candidates<Trouble>,
  { openedLately }: CorrelationRules,
): Decision {
  if (openedLately < roomFor[severity]) {
    return { do: 'open', storm: false, severity, because: `${placeName(signal.place)} had no open incident` };
  }
  const because = `more than ${openedLately} new incidents came within a minute`;
  const gathering = troubles.storm();
  if (gathering) {
    const worst = worse(severity, gathering.severity);
    return { do: 'join', id: gathering.id, absorbs: [], reopens: false, severity: worst, because };
  }
  return { do: 'open', storm: true, severity, because };
}

/** Why an alert belongs to an incident, in words; undefined: it does not. */
function relation(signal: Signal, trouble: Trouble, withinMs: number): string | undefined {
  const { place, at } = signal;
  if (nearest(trouble.spots.get(signal.spot), lasting(signal), withinMs)) return `it is about ${placeName(place)} too`;
  if (!isSerious(signal) || place.scope === 'unknown') return undefined;
  const fired = { from: at, to: at };
  const found = (where: string) => nearest(trouble.reach.get(where), fired, withinMs);
  if (place.scope !== 'global') {
    const near = found(place.region);
    if (near) return `it is in ${place.region} too, ${apart(at, near)}`;
  }
  const near = found(whole);
  if (near) {
    const what =
      place.scope === 'global' ? 'is about the whole estate too' : 'follows from trouble of the whole estate';
    return `it ${what}, ${apart(at, near)}`;
  }
  if (place.scope !== 'global') return undefined;
  for (const region of [...trouble.reach.keys()].sort()) {
    const near = found(region);
    if (near) return `trouble of the whole estate explains that of ${region}, ${apart(at, near)}`;
  }
  return undefined;
}

/** How far a moment is from a stretch, in whole minutes. */
function apart(at: number, { from, to }: Span): string {
  const [ms, word] = at < from ? [from - at, 'before it began'] : [at - to, 'after it'];
  return ms < minuteMs ? 'at the same time' : `${formatDuration(Math.floor(ms / minuteMs) * minuteMs)} ${word}`;
}

function canMerge({ byHand, storm, over }: Trouble): boolean {
  return !byHand && !storm && !over;
}

/** Where an alert goes that belongs to several: first to what a person made of its very spot, last into a storm's. */
function rank({ spot }: Signal, { byHand, storm, spots }: Trouble): number {
  if (storm) return 3;
  if (!byHand) return 1;
  return spots.has(spot) ? 0 : 2;
}

/** Then to where people work already; else to the oldest. */
function firstOf(a: Trouble, b: Trouble): number {
  return Number(!a.taken) - Number(!b.taken) || a.number - b.number;
}

/** The order in which alerts that came together are looked at: the most urgent, then the earliest; then by name, so that it is one order. */
export function lookingOrder(a: Signal, b: Signal): number {
  return (
    evidentSeverity(a.place.scope, a.azureSeverity).localeCompare(evidentSeverity(b.place.scope, b.azureSeverity)) ||
    a.at - b.at ||
    (a.key < b.key ? -1 : Number(a.key > b.key))
  );
}
