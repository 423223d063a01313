import { defaultSqlScaling, type SqlScalingPolicy } from './sql-scaling.ts';
import type { SqlDirection } from './sql-tier.ts';
import type { Sustained } from './sustained.ts';

/** What shows how full a cell is. Each in percent: of its CPU, of its memory, of the requests that its replicas serve. */
export const loadSignals = ['cpu', 'memory', 'requests'] as const;
export type LoadSignal = (typeof loadSignals)[number];

export type ScalingDirection = 'out' | 'in';
/** What a scaling gives its cell: more or fewer replicas, or a larger or smaller SQL database. */
export type AnyDirection = ScalingDirection | SqlDirection;

export function isOfSql(direction: AnyDirection): direction is SqlDirection {
  return direction === 'up' || direction === 'down';
}

/** What takes it back. */
export const oppositeDirection: Readonly<Record<AnyDirection, AnyDirection>> = {
  out: 'in',
  in: 'out',
  up: 'down',
  down: 'up',
};

/** One window of the indicators (five minutes): percent by signal. What is absent was not known. */
export interface LoadWindow {
  /** End of the window, ISO 8601. */
  readonly at: string;
  readonly values: Readonly<Partial<Record<LoadSignal, number>>>;
}

/** When more or fewer replicas are proposed. Nothing here acts by itself: people propose, approve, dismiss. */
export interface ScalingPolicy {
  /** Where proposals stand; absent: nothing is proposed. */
  readonly channel?: string;
  /** Sustained above any of these. */
  readonly out: Sustained & { readonly above: Readonly<Partial<Record<LoadSignal, number>>> };
  /** Sustained below all of these. */
  readonly in: Sustained & { readonly below: Readonly<Partial<Record<LoadSignal, number>>> };
  /** Percent points by which a load must come back before a proposal is withdrawn. */
  readonly band: number;
  /** What a proposal aims at, as a share of the thresholds of `out`, 0–1. */
  readonly aimShare: number;
  /** How long a cell is left alone after a scaling or a proposal that somebody turned down. */
  readonly coolDownMs: number;
  readonly mostPerCell: number;
  /** Of the replicas that all cells of a region keep at least. */
  readonly mostPerRegion: number;
  readonly sql: SqlScalingPolicy;
}

/**
 * The operations guide scales out at 80 % CPU and 85 % memory. Its 5,000 requests have no unit and no size of a cell
 * to go with: here requests count in percent of what the replicas serve, by the estate file. All else is ours.
 */
export const defaultScaling: ScalingPolicy = {
  out: { above: { cpu: 80, memory: 85, requests: 80 }, hits: 2, of: 3 },
  in: { below: { cpu: 35, requests: 35 }, hits: 11, of: 12 },
  band: 5,
  aimShare: 0.75,
  coolDownMs: 30 * 60_000,
  mostPerCell: 20,
  mostPerRegion: 60,
  sql: defaultSqlScaling,
};

/** What the last windows call for; undefined: nothing. `windows` oldest first, one for each slot, known or not. */
export function loadCallsFor(policy: ScalingPolicy, windows: readonly LoadWindow[]): ScalingDirection | undefined {
  if (signalsAbove(policy, windows).length > 0) return 'out';
  const { below, hits, of } = policy.in;
  const signals = Object.entries(below) as [LoadSignal, number][];
  // Not known is not low: a window counts when everything that is asked for is known in it.
  const isLow = ({ values }: LoadWindow) =>
    signals.every(([signal, limit]) => (values[signal] ?? Number.POSITIVE_INFINITY) < limit);
  return signals.length > 0 && windows.slice(-of).filter(isLow).length >= hits ? 'in' : undefined;
}

/** The signals that are sustained above their threshold. */
export function signalsAbove({ out }: ScalingPolicy, windows: readonly LoadWindow[]): LoadSignal[] {
  return loadSignals.filter((signal) => {
    const limit = out.above[signal];
    if (limit === undefined) return false;
    return windows.slice(-out.of).filter(({ values }) => (values[signal] ?? 0) > limit).length >= out.hits;
  });
}

/**
 * Is what a proposal was made for over? Only when enough windows are known to be well back behind the threshold:
 * around it, and while nothing is known, the proposal stays.
 */
export function loadIsOver(
  { out, in: low, band }: ScalingPolicy,
  direction: ScalingDirection,
  windows: readonly LoadWindow[],
): boolean {
  const last = windows.slice(-out.of);
  // A signal that this cell never has does not keep a proposal open for ever.
  const limits = (Object.entries(direction === 'out' ? out.above : low.below) as [LoadSignal, number][]).filter(
    ([signal]) => windows.some(({ values }) => values[signal] !== undefined),
  );
  if (limits.length === 0) return false;
  const isBack = ({ values }: LoadWindow) =>
    direction === 'out'
      ? limits.every(([signal, limit]) => (values[signal] ?? Number.POSITIVE_INFINITY) < limit - band)
      : limits.some(([signal, limit]) => (values[signal] ?? 0) > limit + band);
  return last.filter(isBack).length >= out.hits;
}

/** How a cell's replicas are now. */
export interface ReplicasNow {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Measured; undefined: not known. */
  readonly running?: number;
  /** What a person wants at least; undefined: nobody said. */
  readonly floor?: number;
}

/** How many replicas a proposal wants at least, or why there is none. */
export type WantedReplicas = { readonly to: number } | { readonly none: string };

/**
 * So many that the fullest window of late would have been at the aim. Out: more than run now, at most twice as many, and
 * never fewer than there are. In: fewer, never below the floor nor one.
 */
export function wantedReplicas(
  policy: ScalingPolicy,
  direction: ScalingDirection,
  windows: readonly LoadWindow[],
  { minReplicas, running, floor }: ReplicasNow,
): WantedReplicas {
  const late = windows.slice(-policy[direction].of);
  const fullest = Math.max(
    ...(Object.entries(policy.out.above) as [LoadSignal, number][]).flatMap(([signal, limit]) =>
      late.flatMap(({ values }) => (values[signal] === undefined ? [] : [values[signal] / limit])),
    ),
    0,
  );
  const now = Math.max(Math.round(running ?? minReplicas), minReplicas);
  const needed = Math.ceil((now * fullest) / policy.aimShare);
  if (direction === 'out') {
    const to = Math.min(Math.max(needed, now + 1), now * 2, policy.mostPerCell);
    return to > now
      ? { to }
      : { none: `it has ${now} replicas, and the policy allows ${policy.mostPerCell} at the most` };
  }
  // Beyond what it must keep, Azure itself takes replicas away.
  if (now > minReplicas) return { none: `${now} replicas run and it must keep only ${minReplicas}` };
  const to = Math.max(needed, floor ?? 1, 1);
  if (to < now) return { to };
  return floor !== undefined && floor >= now
    ? { none: `a person wants at least ${floor} replicas` }
    : { none: `${now} replicas are what its load needs` };
}

export const signalWords: Readonly<Record<LoadSignal, string>> = {
  cpu: 'CPU',
  memory: 'memory',
  requests: 'requests',
};

/** The thresholds in words: `CPU above 80 %, memory above 85 % in 2 of 3 windows`. */
export function thresholdWords(policy: ScalingPolicy, direction: ScalingDirection): string {
  const { hits, of } = policy[direction];
  const limits = Object.entries(direction === 'out' ? policy.out.above : policy.in.below) as [LoadSignal, number][];
  const word = direction === 'out' ? 'above' : 'below';
  const all = limits.map(([signal, limit]) => `${signalWords[signal]} ${word} ${limit} %`);
  return `${all.join(direction === 'out' ? ' or ' : ' and ')} in ${hits} of ${of} windows of five minutes`;
}
