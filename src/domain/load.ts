/** Of one app over the last five minutes; what Azure has no value for is absent, never 0. */
export interface Load {
  /** Mean of the minutes that are known: a minute in which it had replicas and nobody called it is one without requests. */
  readonly requestsPerSecond: number;
  readonly replicas: number;
  /** Requests a second by the minute, as ms since 1970 of its beginning. */
  readonly byMinute: ReadonlyMap<number, number>;
}

/**
 * The newest minute in which most of these apps are measured, ms since 1970 of its beginning, and what they had together
 * in it; undefined: nothing is measured. Figures of the very last minute come app by app.
 */
export function newestTogether(loads: readonly Load[]): { at: number; requestsPerSecond: number } | undefined {
  const minutes = Map.groupBy(
    loads.flatMap(({ byMinute }) => [...byMinute]),
    ([at]) => at,
  );
  const most = Math.max(...[...minutes.values()].map(({ length }) => length));
  const [at, values] = [...minutes].filter(([, { length }]) => length === most).sort(([a], [b]) => b - a)[0] ?? [];
  if (at === undefined || values === undefined) return undefined;
  return { at, requestsPerSecond: values.reduce((sum, [, value]) => sum + value, 0) };
}

/**
 * Requests a second that apps had together in the busiest of these minutes. Who moved from one to another meanwhile is
 * counted once: means of five minutes would count them on both sides, as nothing is measured on an app that nobody calls.
 */
export function busiestTogether(loads: readonly (Load | undefined)[]): number {
  const together = new Map<number, number>();
  for (const [at, value] of loads.flatMap((load) => [...(load?.byMinute ?? [])]))
    together.set(at, (together.get(at) ?? 0) + value);
  return Math.max(0, ...together.values());
}
