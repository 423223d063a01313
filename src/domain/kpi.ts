import type { Estate } from './estate.ts';

/** The nine indicators of the operations guide: five of the whole estate, four of each cell. */
export const kpiIds = [
  'availability',
  'latency',
  'apiThroughput',
  'errorRate',
  'apiLatency',
  'tenantLatency',
  'databasePerformance',
  'storageIops',
  'containerCpu',
] as const;
export type KpiId = (typeof kpiIds)[number];

/** What a reading is about: the estate as a whole, or one cell by its name. */
export type KpiScope = 'global' | `cell/${string}`;

export type KpiUnit = 'percent' | 'milliseconds' | 'requests/minute' | 'operations/second';

/** `unknown` is a state of its own: nothing was measured, so nothing is said about good or bad. */
export type KpiState = 'ok' | 'warning' | 'alert' | 'unknown';

/** Where a figure comes from. */
export type KpiSource =
  | {
      readonly kind: 'logs';
      /**
       * KQL, run over the window. Its rows have `value` and, of a ratio, `good` and `total`; of a cell's indicator
       * also `app`, the name of the container app, and may have `of`, what is worst (a tenant).
       * `frontDoorId` and `apimId` are bound before it.
       */
      readonly query: string;
      /** What must send its logs to the workspace, in words: for whoever finds no data. */
      readonly needs: string;
    }
  | {
      readonly kind: 'metric';
      readonly of: 'containerApp' | 'storage' | 'apim';
      readonly namespace: string;
      readonly metric: string;
      readonly aggregation: 'average' | 'total';
      /** `average`: mean of the minutes; `perSecond`, `perMinute`: of the total of the window. */
      readonly as: 'average' | 'perSecond' | 'perMinute';
    };

export interface KpiDefinition {
  readonly id: KpiId;
  readonly level: 'global' | 'cell';
  /** What people call it: `API latency`. */
  readonly title: string;
  /** What is measured, where, and what is not, in one or two sentences. */
  readonly measures: string;
  readonly unit: KpiUnit;
  /** Which way is good. */
  readonly better: 'higher' | 'lower';
  readonly source: KpiSource;
  /** `p95`, `mean`, `share of minutes`, … */
  readonly statistic: string;
  /** One sample is measured over so long. */
  readonly windowMs: number;
  /** What is judged: the samples of so long before now, put together. At least one window. */
  readonly judgedOverMs: number;
  /** Met when the value is this or better. */
  readonly target: number;
  /** Alert when the value is worse than this. */
  readonly alert: number;
  /**
   * A ratio's samples are parts of a whole and add up. Of all others the budget counts windows: of 100 windows so many
   * must meet the target.
   */
  readonly budget: { readonly by: 'ratio' } | { readonly by: 'windows'; readonly objectivePercent: number };
  /** Of several cells, such as a region's: the worst of them stands for all. */
  readonly rollUp: 'worst';
}

interface Measured {
  readonly kpi: KpiId;
  readonly scope: KpiScope;
  /** The window, ISO 8601. */
  readonly from: string;
  readonly to: string;
}

/** One sample: a value, or the reason why there is none. */
export type KpiReading = Measured &
  (
    | {
        readonly value: number;
        /** Of a ratio: what went well, and all there was; `ratioOf` gives the value. Of an error rate, too, `good` went well. */
        readonly good?: number;
        readonly total?: number;
        /** Which tenant it is, where the value is the worst of several. */
        readonly of?: string;
      }
    | { readonly value?: undefined; readonly reason: string }
  );

/** Where a value stands. Unknown stays unknown. */
export function kpiState({ better, target, alert }: KpiDefinition, value: number | undefined): KpiState {
  if (value === undefined || !Number.isFinite(value)) return 'unknown';
  const reaches = (bound: number) => (better === 'higher' ? value >= bound : value <= bound);
  if (reaches(target)) return 'ok';
  return reaches(alert) ? 'warning' : 'alert';
}

const badness: Readonly<Record<KpiState, number>> = { ok: 0, unknown: 1, warning: 2, alert: 3 };

/** The worst of some states; of none: unknown. What is not known is worse than good, and better than bad. */
export function worstState(states: readonly KpiState[]): KpiState {
  return (
    states.reduce<KpiState | undefined>(
      (worst, state) => (worst === undefined || badness[state] > badness[worst] ? state : worst),
      undefined,
    ) ?? 'unknown'
  );
}

/** Is `a` worse than `b`? */
export function isWorse({ better }: Pick<KpiDefinition, 'better'>, a: number, b: number): boolean {
  return better === 'higher' ? a < b : a > b;
}

/** What may still go wrong in a period before the objective is missed. */
export interface ErrorBudget {
  /** Of the budget, 0–1; 0 when it is used up, however far. */
  readonly leftShare: number;
  /** Used ÷ allowed; above 1 the objective is missed. */
  readonly usedShare: number;
  /** How much of the period has samples, 0–1: with little of it the rest says little. */
  readonly knownShare: number;
}

/** With less than this known, 7 hours of 30 days, a budget is told as not known: one bad window would use all of it up. */
export const leastKnownShare = 0.01;

/** Sums of the samples of a period. */
export interface BudgetSums {
  /** Of a ratio. */
  readonly good: number;
  readonly total: number;
  /** Windows: with a value, and with a value that met the target. */
  readonly known: number;
  readonly met: number;
}

/**
 * The error budget of a period of `periodMs`. Of a ratio: 100 − target percent of the total may fail. Of all others:
 * 100 − objective percent of the windows may miss the target. Undefined while nothing is known.
 */
export function errorBudget(definition: KpiDefinition, sums: BudgetSums, periodMs: number): ErrorBudget | undefined {
  const { by } = definition.budget;
  const whole = by === 'ratio' ? sums.total : sums.known;
  if (whole <= 0 || sums.known <= 0) return undefined;
  const bad = by === 'ratio' ? sums.total - sums.good : sums.known - sums.met;
  const allowed = whole * (1 - objectiveShare(definition));
  const usedShare = allowed > 0 ? bad / allowed : bad > 0 ? Number.POSITIVE_INFINITY : 0;
  const knownShare = Math.min(1, (sums.known * definition.windowMs) / periodMs);
  return { usedShare, leftShare: Math.max(0, 1 - usedShare), knownShare };
}

/** How much must be good, 0–1: what the budget is counted against. */
export function objectiveShare({ budget, target, better }: KpiDefinition): number {
  if (budget.by === 'windows') return budget.objectivePercent / 100;
  return better === 'higher' ? target / 100 : 1 - target / 100;
}

/** The value of a ratio over the sums of its samples, in percent; undefined when there was nothing. */
export function ratioOf({ better }: Pick<KpiDefinition, 'better'>, good: number, total: number): number | undefined {
  if (total <= 0) return undefined;
  const part = better === 'higher' ? good : total - good;
  return Math.min(100, Math.max(0, (100 * part) / total));
}

/** The scopes that a definition has in this estate. */
export function scopesOf({ level }: Pick<KpiDefinition, 'level'>, estate: Estate): KpiScope[] {
  return level === 'global' ? ['global'] : estate.cells.map(({ name }) => cellScope(name));
}

export function cellScope(cell: string): KpiScope {
  return `cell/${cell}`;
}

/** The cell's name; undefined of the estate as a whole. */
export function cellOfScope(scope: KpiScope): string | undefined {
  return scope === 'global' ? undefined : scope.slice('cell/'.length);
}
