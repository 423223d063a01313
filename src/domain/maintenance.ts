import type { CellLimit } from './cell-limits.ts';
import type { CostLine } from './digest.ts';
import type { KpiDefinition, KpiScope } from './kpi.ts';

export const findingKinds = ['resource', 'security', 'backup', 'certificate'] as const;
export type FindingKind = (typeof findingKinds)[number];

/** Something that maintenance must look at. Its words are strangers': escape them. */
export interface Finding {
  readonly kind: FindingKind;
  /** What names it as long as it is there: a resource's id with its state, a job's id, … */
  readonly of: string;
  readonly title: string;
  readonly detail: string;
  /** 0 is the most urgent. */
  readonly urgency: 0 | 1 | 2;
  /** The cell that it belongs to. */
  readonly cell?: string;
}

/** A finding with what people said of it. */
export interface KnownFinding extends Finding {
  readonly key: string;
  readonly firstSeenAt: string;
  readonly snoozedUntil?: string;
  readonly snoozedBy?: string;
  readonly assigneeId?: string;
}

/** A month's mean and worst day, beside the month before. */
export interface KpiBaseline {
  readonly definition: KpiDefinition;
  readonly scope: KpiScope;
  readonly mean?: number;
  readonly worst?: number;
  readonly meanBefore?: number;
}

export interface Grant {
  readonly id: string;
  readonly principalId: string;
  readonly principalType: string;
  readonly role: string;
  readonly scope: string;
  readonly inherited: boolean;
}

export interface AccessReview {
  readonly grants: readonly Grant[];
  /** The day it is compared with; absent: there is none yet. */
  readonly since?: string;
  readonly added: readonly Grant[];
  readonly removed: readonly Grant[];
}

export interface MaintenanceReport {
  readonly kind: 'weekly' | 'monthly';
  /** ISO 8601. */
  readonly at: string;
  readonly zone: string;
  readonly lateMs: number;
  readonly missed: number;
  /** Undefined where it could not be read. */
  readonly counts: Readonly<Record<FindingKind, number | undefined>>;
  /** Those that nobody snoozed, the most urgent first. */
  readonly findings: readonly KnownFinding[];
  readonly snoozed: number;
  readonly cost?: CostLine;
  readonly baselines?: readonly KpiBaseline[];
  /** What cells run out of within half a year, the first first. */
  readonly limits?: readonly CellLimit[];
  readonly access?: AccessReview;
  readonly missing: readonly string[];
}

/** What came and what went between two reviews; a grant is the same by its id, role and scope. */
export function compareAccess(
  before: readonly Grant[],
  now: readonly Grant[],
): Pick<AccessReview, 'added' | 'removed'> {
  const name = ({ id, role, scope }: Grant) => `${id.toLowerCase()} ${role} ${scope.toLowerCase()}`;
  const [had, have] = [new Set(before.map(name)), new Set(now.map(name))];
  return { added: now.filter((one) => !had.has(name(one))), removed: before.filter((one) => !have.has(name(one))) };
}
