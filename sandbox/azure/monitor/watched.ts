import type { FiredAlert } from './fired-alert.ts';

interface Watched {
  alert: FiredAlert | undefined;
  /** Evaluations in a row in which the condition did not hold. */
  clear: number;
}

/** What one rule watches, by target and dimensions. */
export type WatchedBy = Map<string, Watched>;

/** “Metric alerts”: the alert is resolved when the condition isn’t met for three consecutive checks. */
const clearToResolve = 3;

/**
 * Takes in whether a condition holds; answers with the alert that is to be posted for that: a new one, or one that is
 * over. A rule that does not resolve itself fires at each look.
 */
export function judge(
  watched: WatchedBy,
  key: string,
  { met, resolvesItself, now }: { met: boolean; resolvesItself: boolean; now: number },
  make: () => FiredAlert,
): FiredAlert | undefined {
  const one = watched.get(key) ?? { alert: undefined, clear: 0 };
  watched.set(key, one);
  one.clear = met ? 0 : one.clear + 1;
  if (met && (!one.alert || !resolvesItself)) {
    one.alert = make();
    return one.alert;
  }
  if (!one.alert || !resolvesItself || one.clear < clearToResolve) return undefined;
  const over = one.alert;
  over.resolvedAt = now;
  one.alert = undefined;
  return over;
}
