import { isSerious } from './evidence.ts';
import { absorb, learn, type OpenTrouble, type Signal, whole } from './trouble.ts';

/** What correlation asks: few of the open incidents can have to do with an alert. */
export interface Candidates<T> {
  /** All to which the alert may belong, whatever the time. */
  candidates(signal: Signal): Iterable<T>;
  /** The open incident of a storm, if there is one. */
  storm(): T | undefined;
}

/** The open incidents by what they are about, so that an alert costs the same however many there are. */
export interface TroubleBook<T extends OpenTrouble> extends Candidates<T> {
  get(id: string): T | undefined;
  add(trouble: T): void;
  /** The alert belongs to this one. */
  learn(trouble: T, signal: Signal): void;
  /** The other one is gone into this one. */
  absorb(trouble: T, gone: T): void;
}

export function createTroubleBook<T extends OpenTrouble>(withinMs: number, troubles: Iterable<T> = []): TroubleBook<T> {
  const byId = new Map<string, T>();
  const bySpot = new Map<string, Set<T>>();
  const byReach = new Map<string, Set<T>>();

  function file(all: Map<string, Set<T>>, key: string, trouble: T): void {
    const known = all.get(key);
    if (known) known.add(trouble);
    else all.set(key, new Set([trouble]));
  }

  function fileAll(trouble: T, from: OpenTrouble): void {
    for (const spot of from.spots.keys()) file(bySpot, spot, trouble);
    for (const where of from.reach.keys()) file(byReach, where, trouble);
  }

  const book: TroubleBook<T> = {
    get: (id) => byId.get(id),
    add(trouble) {
      byId.set(trouble.id, trouble);
      fileAll(trouble, trouble);
    },
    learn(trouble, signal) {
      learn(trouble, signal, withinMs);
      file(bySpot, signal.spot, trouble);
      for (const where of trouble.reach.keys()) file(byReach, where, trouble);
    },
    absorb(trouble, gone) {
      absorb(trouble, gone, withinMs);
      fileAll(trouble, gone);
      byId.delete(gone.id);
      for (const spot of gone.spots.keys()) bySpot.get(spot)?.delete(gone);
      for (const where of gone.reach.keys()) byReach.get(where)?.delete(gone);
    },
    candidates(signal) {
      const { place, spot } = signal;
      const found = new Set(bySpot.get(spot));
      if (!isSerious(signal) || place.scope === 'unknown') return found;
      const places = place.scope === 'global' ? byReach.keys() : [place.region, whole];
      for (const where of places) for (const trouble of byReach.get(where) ?? []) found.add(trouble);
      return found;
    },
    storm() {
      for (const trouble of byId.values()) if (trouble.storm && !trouble.over) return trouble;
      return undefined;
    },
  };
  for (const trouble of troubles) book.add(trouble);
  return book;
}
