/** Lengths of windows and distances between evaluations that metric alert rules take; there is no PT10M. */
export const alertWindows = ['PT1M', 'PT5M', 'PT15M', 'PT30M', 'PT1H', 'PT6H', 'PT12H', 'P1D'] as const;
export type AlertWindow = (typeof alertWindows)[number];
export const alertFrequencies = ['PT1M', 'PT5M', 'PT15M', 'PT30M', 'PT1H'] as const;

export const alertAggregations = ['Average', 'Minimum', 'Maximum', 'Total', 'Count'] as const;
export const alertOperators = ['GreaterThan', 'GreaterThanOrEqual', 'LessThan', 'LessThanOrEqual'] as const;

const minutes: Readonly<Record<AlertWindow, number>> = {
  PT1M: 1,
  PT5M: 5,
  PT15M: 15,
  PT30M: 30,
  PT1H: 60,
  PT6H: 360,
  PT12H: 720,
  P1D: 1_440,
};

export function minutesOfWindow(window: AlertWindow): number {
  return minutes[window];
}

/** What all alert rules of ours have. */
type RuleBase = {
  description: string;
  /** 0–4, 0 worst. */
  severity: number;
  enabled: boolean;
  /** ARM id of what is watched; of a log rule, of the workspace. */
  target: string;
  aggregation: string;
  operator: string;
  threshold: number;
  window: string;
  every: string;
  /** Resolved by Azure when its condition holds no longer. */
  resolvesItself: boolean;
  /** ARM ids. */
  actionGroups: string[];
};

/** One condition on one metric of one resource. */
export type MetricRuleState = RuleBase & {
  signal: 'metric';
  metric: string;
  /** What its condition is called in Azure; says nothing, and is put back all the same. */
  conditionName: string;
  /** Each combination of these dimensions' values is judged for itself; `*`: any. */
  splitBy: { name: string; values: string[] }[];
  /** A second condition, on another metric of the same resource, that must hold too; null: none. */
  while: OtherCondition | null;
};

export type OtherCondition = { metric: string; aggregation: string; operator: string; threshold: number };

/** One condition on one column of a query's rows. */
export type LogRuleState = RuleBase & {
  signal: 'log';
  /** Where the rule lives: the workspace's region. */
  location: string;
  query: string;
  column: string;
  /** Column with the ARM id of what the alert is about; empty: it is about the workspace. */
  resourceColumn: string;
};

/** A rule that somebody made in a way in which we make none; `body` is its JSON, to put it back as it was. */
export type ForeignRuleState = { signal: 'foreign'; says: string; body: string };

export type AlertRuleState = MetricRuleState | LogRuleState | ForeignRuleState;

/** An alert rule that the file says should be there. */
export interface DeclaredRule {
  /** ARM id of the rule. */
  readonly id: string;
  readonly name: string;
  readonly cell?: string;
  readonly wanted: AlertRuleState;
  /** What is wanted instead when the SQL database that it watches is bought by vCores, which have no DTUs. */
  readonly onVCore?: AlertRuleState;
}

/** What alert-rules.yml says, for this estate. */
export interface DeclaredRules {
  readonly rules: readonly DeclaredRule[];
  readonly actionGroupId: string;
}
