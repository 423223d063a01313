import { type ErrorBudget, isWorse, type KpiDefinition, type KpiScope, type KpiState } from './kpi.ts';

/** What a report is of. */
export type KpiSubject =
  | { readonly of: 'estate' }
  | { readonly of: 'region'; readonly region: string }
  | { readonly of: 'cell'; readonly cell: string };

/** The last hour against an hour to compare it with; values in the indicator's unit. */
export interface KpiMove {
  readonly now: number;
  readonly before: number;
  readonly against: 'the same hour yesterday' | 'the hour before';
}

/** One indicator: of several cells, the one that fares worst. */
export interface KpiLine {
  readonly definition: KpiDefinition;
  readonly scope: KpiScope;
  readonly state: KpiState;
  readonly value?: number;
  /** Lowest and highest window of the time that is shown. */
  readonly least?: number;
  readonly most?: number;
  /** Whose it is, where it is a tenant's. */
  readonly tenant?: string;
  /** Why there is no value. */
  readonly reason?: string;
  /** How many cells it was chosen from, and how many of those are not known. */
  readonly cells: number;
  readonly unknownCells: number;
  readonly move?: KpiMove;
  readonly budget?: ErrorBudget;
  /** The last 24 hours, oldest first; undefined is an hour without a value. */
  readonly hours: readonly (number | undefined)[];
}

export interface KpiReport {
  /** `the estate`, `eastus`, `cell-banking`. */
  readonly called: string;
  /** End of the newest snapshot, ISO 8601; absent: there is none yet. */
  readonly at?: string;
  /** How old it was when the report was made. */
  readonly ageMs?: number;
  /** Over so long; absent: each over its own time. */
  readonly windowMs?: number;
  readonly lines: readonly KpiLine[];
}

/** Better, worse, or within half a percent of it. */
export function direction(
  definition: Pick<KpiDefinition, 'better'>,
  { now, before }: KpiMove,
): 'better' | 'worse' | 'steady' {
  if (Math.abs(now - before) <= 0.005 * Math.abs(before)) return 'steady';
  return isWorse(definition, now, before) ? 'worse' : 'better';
}
