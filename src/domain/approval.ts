import type { AnomalyPolicy } from './anomaly.ts';
import type { DigestSetting } from './digest-policy.ts';
import type { DrillSetting } from './drill-schedule.ts';
import type { Impact } from './impact.ts';
import type { IncidentPolicy } from './incident-policy.ts';
import type { Member } from './person.ts';
import { type Plan, undoPlaybook } from './plan.ts';
import type { AnyDirection, ScalingPolicy } from './scaling.ts';

/** What one person said of one plan. */
export interface Decision {
  readonly personId: string;
  readonly verdict: 'approve' | 'deny';
  /** The hash of the plan that they saw: a decision on another plan counts for nothing. */
  readonly planHash: string;
  /** The policy groups that they were in when they decided. */
  readonly groups: readonly string[];
  readonly at: string;
}

/** How people of a group are found: a Slack user group, who is on call, named people, or all of these. An empty group is nobody. */
export interface Group {
  readonly slackGroup?: string;
  /** Id of an escalation policy of PagerDuty: who is on call at its first level at that moment. */
  readonly onCall?: string;
  readonly people?: readonly string[];
}

/** Which plans a rule is for. All that is given must hold; nothing given: every plan. */
export interface RuleMatch {
  readonly playbooks?: readonly string[];
  /** Takes back a run of one of these playbooks, or makes it again. */
  readonly takesBack?: readonly string[];
  readonly cells?: readonly string[];
  readonly regions?: readonly string[];
  /** About a region as a whole, not one cell of it. */
  readonly wholeRegion?: boolean;
  /** Blast radius: at least so many tenants. */
  readonly tenantsAtLeast?: number;
  /** Blast radius: at least one tenant of one of these tiers. */
  readonly tiers?: readonly string[];
  /** Blast radius: at least one tenant under one of these obligations. */
  readonly compliance?: readonly string[];
  /** Blast radius: at least so many cells out of service once applied. */
  readonly cellsOutAtLeast?: number;
  /** Gives a cell more replicas (`out`) or fewer (`in`), or a larger (`up`) or smaller (`down`) SQL database. */
  readonly scale?: AnyDirection;
}

/** What a plan needs before it may run. The first rule that matches is the one. */
export interface ApprovalRule {
  readonly match: RuleMatch;
  /** Groups whose people may ask for it. */
  readonly requesters: readonly string[];
  /** How many people besides the requester; 0 runs at once. */
  readonly approvals: number;
  /** Groups whose people may approve. */
  readonly approvers: readonly string[];
  /** Whether no two approvals may come from the same group. */
  readonly fromDifferentGroups: boolean;
  readonly expiresAfterMs: number;
  /** How long before the expiry those who may approve are reminded. */
  readonly remindBeforeMs: number;
}

export interface BreakGlassRule {
  /** Groups whose people may go on without approval; empty: nobody. */
  readonly who: readonly string[];
  /** How often a review that is owed is asked for again. */
  readonly remindEveryMs: number;
}

export interface Policy {
  readonly groups: Readonly<Record<string, Group>>;
  readonly rules: readonly ApprovalRule[];
  readonly breakGlass: BreakGlassRule;
  /** Groups whose people may pause and resume everything, and export the audit log. */
  readonly operators: readonly string[];
  readonly incidents: IncidentPolicy;
  /** IANA name of the zone whose clocks pictures show; absent: that of the first report, else UTC (`zoneOf`). */
  readonly zone?: string;
  /** Reports by the calendar; absent or none: only when somebody asks. */
  readonly digests?: readonly DigestSetting[];
  /** When scaling is proposed, and how far it may go; absent: `defaultScaling`. */
  readonly scaling?: ScalingPolicy;
  /** Drills that the calendar asks for; absent: none. */
  readonly drills?: readonly DrillSetting[];
  /** Cards of indicators that left their seasonal band; absent: at most three a day. */
  readonly anomalies?: AnomalyPolicy;
  readonly caps: {
    /** How many cells may be isolated at once, over the estate. */
    readonly isolatedCells: number;
    /** How many healthy cells a region must keep. */
    readonly healthyCellsPerRegion: number;
    /** Share of its capacity that whatever takes over may reach, 0 to 1. */
    readonly fallbackUtilisationShare: number;
  };
}

export type ApprovalState =
  | { readonly state: 'approved'; readonly by: readonly string[] }
  | { readonly state: 'denied'; readonly by: string }
  | { readonly state: 'expired' }
  | { readonly state: 'waiting'; readonly missing: number; readonly from: readonly string[] };

export interface ApprovalQuestion {
  readonly plan: Pick<Plan, 'playbook' | 'takesBack' | 'target' | 'impact' | 'scale'>;
  readonly planHash: string;
  readonly requesterId: string;
  readonly decisions: readonly Decision[];
  /** ISO 8601. */
  readonly expiresAt: string;
  readonly now: string;
}

/** Does the rule speak of this plan? */
export function matches(match: RuleMatch, plan: ApprovalQuestion['plan']): boolean {
  const has = (counts: Impact['byTier'], wanted: readonly string[]) => wanted.some((key) => (counts[key] ?? 0) > 0);
  const { target, impact } = plan;
  return (
    (match.playbooks === undefined || match.playbooks.includes(plan.playbook)) &&
    (match.takesBack === undefined || (plan.takesBack !== undefined && match.takesBack.includes(plan.takesBack))) &&
    (match.cells === undefined || (target.cell !== undefined && match.cells.includes(target.cell))) &&
    (match.regions === undefined || (target.region !== undefined && match.regions.includes(target.region))) &&
    (match.wholeRegion === undefined ||
      match.wholeRegion === (target.region !== undefined && target.cell === undefined)) &&
    (match.tenantsAtLeast === undefined || impact.tenants >= match.tenantsAtLeast) &&
    (match.tiers === undefined || has(impact.byTier, match.tiers)) &&
    (match.compliance === undefined || has(impact.byCompliance, match.compliance)) &&
    (match.cellsOutAtLeast === undefined || impact.cellsOut >= match.cellsOutAtLeast) &&
    (match.scale === undefined || match.scale === plan.scale)
  );
}

/** The first rule that matches, or undefined: then nobody may ask for it. */
export function ruleFor(policy: Policy, plan: ApprovalQuestion['plan']): ApprovalRule | undefined {
  return policy.rules.find((rule) => matches(rule.match, plan));
}

function inOne(member: Pick<Member, 'groups'>, groups: readonly string[]): boolean {
  return groups.some((group) => member.groups.includes(group));
}

/** May this person ask for this plan? Barred identities and plans without a rule are refused. */
export function mayRequest(rule: ApprovalRule | undefined, member: Member): boolean {
  return rule !== undefined && member.barred === undefined && inOne(member, rule.requesters);
}

/** Does some rule let them ask for this playbook, whatever the cell? The plan itself is judged when it is asked for. */
export function mayAskAtAll(policy: Policy, playbook: string, member: Member): boolean {
  return policy.rules.some(
    (rule) =>
      (rule.match.playbooks === undefined || rule.match.playbooks.includes(playbook)) &&
      (rule.match.takesBack === undefined || playbook === undoPlaybook) &&
      mayRequest(rule, member),
  );
}

/** May this person approve or deny this plan now? Never the requester. */
export function mayDecide(rule: ApprovalRule | undefined, requesterId: string, member: Member): boolean {
  return (
    rule !== undefined && member.barred === undefined && member.id !== requesterId && inOne(member, rule.approvers)
  );
}

export function mayBreakGlass(policy: Policy, member: Member): boolean {
  return member.barred === undefined && inOne(member, policy.breakGlass.who);
}

export function mayOperate(policy: Policy, member: Member): boolean {
  return member.barred === undefined && inOne(member, policy.operators);
}

/**
 * Where an approval stands. Counts distinct people, never the requester, only decisions on this very plan that
 * came before the expiry, only by people who were in an approving group when they decided. One denial ends it.
 */
export function approvalState(rule: ApprovalRule, question: ApprovalQuestion): ApprovalState {
  const counted = question.decisions.filter(
    (decision) =>
      decision.planHash === question.planHash &&
      decision.personId !== question.requesterId &&
      isBefore(decision.at, question.expiresAt) &&
      inOne(decision, rule.approvers),
  );
  const denial = counted.find((decision) => decision.verdict === 'deny');
  if (denial) return { state: 'denied', by: denial.personId };

  const byPerson = new Map(counted.map((decision) => [decision.personId, decision]));
  const given = rule.fromDifferentGroups ? distinctGroups([...byPerson.values()], rule.approvers) : byPerson.size;
  if (given >= rule.approvals) return { state: 'approved', by: [...byPerson.keys()] };
  if (!isBefore(question.now, question.expiresAt)) return { state: 'expired' };
  return { state: 'waiting', missing: rule.approvals - given, from: rule.approvers };
}

/** Compares moments, not their spelling. What is no moment comes after everything: it counts for nothing. */
function isBefore(a: string, b: string): boolean {
  return Date.parse(a) < Date.parse(b);
}

/** The most people that can each stand for a group of their own (maximum bipartite matching). */
function distinctGroups(decisions: readonly Decision[], approvers: readonly string[]): number {
  const taken = new Map<string, Decision>();
  const place = (decision: Decision, seen: Set<string>): boolean => {
    for (const group of approvers) {
      if (!decision.groups.includes(group) || seen.has(group)) continue;
      seen.add(group);
      const holder = taken.get(group);
      if (holder === undefined || place(holder, seen)) {
        taken.set(group, decision);
        return true;
      }
    }
    return false;
  };
  return decisions.filter((decision) => place(decision, new Set())).length;
}
