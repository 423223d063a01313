import { isBoughtByDtus, loadAt, type SqlDirection, type SqlTierState, tierWords } from './sql-tier.ts';
import type { Sustained } from './sustained.ts';

/** How full a database was in one window of five minutes. */
export interface SqlWindow {
  /** End of the window, ISO 8601. */
  readonly at: string;
  /** Of its DTUs, or of its CPU where it is bought by vCores; absent: not known. */
  readonly percent?: number;
}

/** When a larger or a smaller database is proposed. Nothing here acts by itself. */
export interface SqlScalingPolicy {
  readonly up: Sustained & { readonly above: number };
  readonly down: Sustained & { readonly below: number };
  /** How long a database is left alone after it was scaled, or after a proposal that somebody turned down. */
  readonly coolDownMs: number;
  /** What no scaling goes beyond; absent: what its location sells. */
  readonly most: { readonly dtus?: number; readonly vCores?: number };
}

/**
 * 80 % is the guide's alert on DTUs. An hour of cool-down, since each hour is billed by the most that it had in it
 * (learn.microsoft.com, “Scale single database resources in Azure SQL Database”). All else is ours.
 */
export const defaultSqlScaling: SqlScalingPolicy = {
  up: { above: 80, hits: 2, of: 3 },
  down: { below: 25, hits: 11, of: 12 },
  coolDownMs: 60 * 60_000,
  most: {},
};

/** What a rule needs beside the windows: percent points of hysteresis, and what a step down may leave it at (0–1 of the threshold). */
export interface Margins {
  readonly band: number;
  readonly aimShare: number;
}

/** What the last windows call for; undefined: nothing. `windows` oldest first, one for each slot, known or not. */
export function sqlLoadCallsFor(
  { up, down }: SqlScalingPolicy,
  windows: readonly SqlWindow[],
): SqlDirection | undefined {
  if (hits(windows, up, (percent) => percent > up.above)) return 'up';
  return hits(windows, down, (percent) => percent < down.below) ? 'down' : undefined;
}

/** Is what a proposal was made for over? Around the threshold, and while nothing is known, it stays. */
export function sqlLoadIsOver(
  { up, down }: SqlScalingPolicy,
  { band }: Pick<Margins, 'band'>,
  direction: SqlDirection,
  windows: readonly SqlWindow[],
): boolean {
  return direction === 'up'
    ? hits(windows, up, (percent) => percent < up.above - band)
    : hits(windows, up, (percent) => percent > down.below + band);
}

/** Why fewer resources would not do, by the fullest window that led to the proposal; undefined: they would. */
export function whyNotSmaller(
  { up, down }: SqlScalingPolicy,
  { aimShare }: Pick<Margins, 'aimShare'>,
  windows: readonly SqlWindow[],
  from: Pick<SqlTierState, 'capacity'>,
  to: SqlTierState,
): string | undefined {
  const known = windows.slice(-down.of).flatMap(({ percent }) => (percent === undefined ? [] : [percent]));
  if (known.length === 0) return 'Azure has no figures of its load, so nobody knows what less would have to take.';
  const expected = loadAt(Math.max(...known), from, to);
  const most = up.above * aimShare;
  return expected <= most
    ? undefined
    : `${tierWords(to)} would be at ${Math.round(expected)} % in its fullest window; ${Math.round(most)} % is the most for a step down.`;
}

/** Why the policy does not let it become this, as a sentence; undefined: it does. */
export function beyondPolicy({ most }: SqlScalingPolicy, to: SqlTierState): string | undefined {
  const limit = isBoughtByDtus(to) ? most.dtus : most.vCores;
  return limit === undefined || to.capacity <= limit
    ? undefined
    : `The policy allows a database ${limit} ${isBoughtByDtus(to) ? 'DTUs' : 'vCores'}; ${to.objective} has ${to.capacity}.`;
}

/** The rule in words: `SQL load above 80 % in 2 of 3 windows of five minutes`. */
export function sqlThresholdWords({ up, down }: SqlScalingPolicy, direction: SqlDirection): string {
  const { hits: needed, of } = direction === 'up' ? up : down;
  const limit = direction === 'up' ? `above ${up.above} %` : `below ${down.below} %`;
  return `SQL load ${limit} in ${needed} of ${of} windows of five minutes`;
}

/** A window that is not known is no hit. */
function hits(
  windows: readonly SqlWindow[],
  { hits: needed, of }: Sustained,
  is: (percent: number) => boolean,
): boolean {
  return windows.slice(-of).filter(({ percent }) => percent !== undefined && is(percent)).length >= needed;
}
