import type { CellLimit } from './cell-limits.ts';
import type { IncidentState } from './incident.ts';
import type { KpiDefinition, KpiScope, KpiState } from './kpi.ts';
import type { HealthSummary } from './resource-health.ts';
import type { Lease, RunState } from './run.ts';
import type { AnyDirection } from './scaling.ts';
import type { ProposalState } from './scaling-proposal.ts';
import type { Severity } from './severity.ts';

/** An indicator's value over the last 24 hours, over the 24 before, and over the same 24 a week ago. */
export interface KpiTrend {
  readonly definition: KpiDefinition;
  readonly scope: KpiScope;
  readonly now?: number;
  readonly yesterday?: number;
  readonly lastWeek?: number;
}

/** What is said of one indicator now. */
export interface KpiFigure {
  readonly definition: KpiDefinition;
  readonly scope: KpiScope;
  readonly state: KpiState;
  readonly value?: number;
  /** Why there is no value. */
  readonly reason?: string;
}

export interface BudgetLine {
  readonly definition: KpiDefinition;
  readonly scope: KpiScope;
  /** 0–1. */
  readonly leftShare: number;
  /** How much of the 30 days is known, 0–1. */
  readonly knownShare: number;
}

export interface IncidentLine {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly state: IncidentState;
  readonly detectedAt: string;
}

export interface RunLine {
  readonly id: string;
  readonly title: string;
  readonly state: RunState;
  readonly requesterId: string;
}

/** A scaling that Stamps proposed, and what became of it. */
export interface ProposalLine {
  readonly id: string;
  readonly cell: string;
  readonly direction: AnyDirection;
  /** Replicas that it would keep at least, or the service objective; absent: a database that cannot be scaled. */
  readonly to?: number | string;
  readonly state: ProposalState;
  readonly runId?: string;
  readonly byPerson?: string;
  readonly reason?: string;
  readonly snoozedUntil?: string;
}

/** An indicator that left what was to be expected of it. */
export interface AnomalyLine {
  readonly definition: KpiDefinition;
  readonly scope: KpiScope;
  /** ISO 8601. */
  readonly at: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** When an indicator is foreseen to pass a bound. */
export interface OutlookLine {
  readonly definition: KpiDefinition;
  readonly scope: KpiScope;
  readonly bound: 'target' | 'alert';
  /** ISO 8601: when the forecast passes it; the interval's worse edge does so at `earliest`. */
  readonly at: string;
  readonly earliest: string;
}

/** Cost of some days, as Azure bills it. */
export interface CostLine {
  readonly currency: string;
  readonly total: number;
  /** Of the same number of days before. */
  readonly before?: number;
  /** Highest first. */
  readonly byGroup: readonly { readonly group: string; readonly cost: number }[];
}

/** What a day's report says. What could not be read is undefined, and stands in `missing`. */
export interface DailyDigest {
  /** ISO 8601: as of when, and from when on incidents, runs and what was unusual are told. */
  readonly at: string;
  readonly from: string;
  readonly zone: string;
  readonly lateMs: number;
  readonly missed: number;
  readonly figures: readonly KpiFigure[];
  readonly trends: readonly KpiTrend[];
  readonly budgets: readonly BudgetLine[];
  readonly leases?: readonly Lease[];
  readonly incidents?: readonly IncidentLine[];
  readonly runs?: readonly RunLine[];
  /** Open ones, and those that came or were settled in the day. */
  readonly proposals?: readonly ProposalLine[];
  readonly anomalies?: readonly AnomalyLine[];
  readonly outlook?: readonly OutlookLine[];
  /** What cells run out of within 90 days, the first first. */
  readonly limits?: readonly CellLimit[];
  readonly cost?: CostLine;
  /** Azure's own word on the estate's resources, as of the report. */
  readonly health?: HealthSummary;
  /** Sentences. */
  readonly missing: readonly string[];
}

export type Change = 'better' | 'worse' | 'same';

/** Below a tenth, a change is noise of the day. */
const noticeableShare = 0.1;
/** Of a share near 100 % or 0 %, in percentage points. */
const leastPoints = 0.02;

/**
 * How a value changed against an earlier one. Of a percentage that should be high, the share that failed is compared:
 * from 99.99 to 99.95 % five times as much fails. Undefined when one of them is not known.
 */
export function changeOf(
  definition: KpiDefinition,
  before: number | undefined,
  now: number | undefined,
): Change | undefined {
  if (before === undefined || now === undefined) return undefined;
  const share = definition.unit === 'percent' && definition.better === 'higher';
  const [from, to] = share ? [100 - before, 100 - now] : [before, now];
  const least = definition.unit === 'percent' ? leastPoints : Math.abs(definition.target) * 0.01;
  const moved = to - from;
  if (Math.abs(moved) < Math.max(Math.abs(from) * noticeableShare, least)) return 'same';
  const lowerIsBetter = share || definition.better === 'lower';
  return moved < 0 === lowerIsBetter ? 'better' : 'worse';
}

/** How far a value has gone from target (0) to alert (1); may lie outside. */
export function shareOfWayToAlert({ target, alert }: KpiDefinition, value: number): number {
  return (value - target) / (alert - target);
}
