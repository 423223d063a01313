import type { Aggregation } from './metric-catalog.ts';

export const metricAlertType = 'Microsoft.Insights/metricAlerts';
export const logAlertType = 'Microsoft.Insights/scheduledQueryRules';
export const actionGroupType = 'Microsoft.Insights/actionGroups';

export type Operator = 'GreaterThan' | 'GreaterThanOrEqual' | 'LessThan' | 'LessThanOrEqual' | 'Equals';

export interface MetricCriterion {
  readonly criterionType: 'StaticThresholdCriterion';
  readonly name: string;
  readonly metricName: string;
  readonly metricNamespace?: string | undefined;
  readonly operator: Operator;
  readonly threshold: number;
  readonly timeAggregation: Aggregation;
  readonly dimensions?:
    | readonly { readonly name: string; readonly operator: 'Include' | 'Exclude'; readonly values: readonly string[] }[]
    | undefined;
}

/** A metric alert rule as it is kept. */
export interface MetricAlertRule {
  readonly id: string;
  readonly name: string;
  readonly tags?: Record<string, string> | undefined;
  readonly properties: {
    readonly description: string;
    /** 0–4, 0 worst. */
    readonly severity: number;
    readonly enabled: boolean;
    readonly scopes: readonly string[];
    /** `PT1M`. */
    readonly evaluationFrequency: string;
    readonly windowSize: string;
    readonly autoMitigate: boolean;
    readonly criteria: { readonly 'odata.type': string; readonly allOf: readonly MetricCriterion[] };
    readonly actions: readonly { readonly actionGroupId: string }[];
  };
}

/** A log search alert rule as it is kept. */
export interface LogAlertRule {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly tags?: Record<string, string> | undefined;
  readonly properties: {
    readonly description: string;
    readonly severity: number;
    readonly enabled: boolean;
    readonly scopes: readonly [string];
    readonly evaluationFrequency: string;
    readonly windowSize: string;
    readonly autoMitigate: boolean;
    readonly criteria: {
      readonly allOf: readonly [
        {
          readonly query: string;
          readonly timeAggregation: Aggregation;
          readonly metricMeasureColumn?: string | undefined;
          readonly resourceIdColumn?: string | undefined;
          readonly operator: Operator;
          readonly threshold: number;
        },
      ];
    };
    readonly actions: { readonly actionGroups: readonly string[] };
  };
}

/** An action group as it is kept; only its webhooks do something here. */
export interface ActionGroup {
  readonly id: string;
  readonly name: string;
  readonly properties: {
    readonly groupShortName: string;
    readonly enabled: boolean;
    readonly webhookReceivers: readonly {
      readonly name: string;
      readonly serviceUri: string;
      readonly useCommonAlertSchema: boolean;
    }[];
  };
}

const durations: Readonly<Record<string, number>> = {
  PT1M: 1,
  PT5M: 5,
  PT15M: 15,
  PT30M: 30,
  PT1H: 60,
  PT6H: 360,
  PT12H: 720,
  P1D: 1_440,
};

/** What Azure takes (azure-rest-api-specs, metricAlert_API.json; PT10M, which the operations guide asks for, is none). */
export const windowSizes: readonly string[] = Object.keys(durations);
export const frequencies: readonly string[] = windowSizes.slice(0, 5);

/** Minutes of `PT5M`. */
export function minutesOf(duration: string): number {
  return durations[duration] ?? 1;
}

export function holds(operator: Operator, value: number, threshold: number): boolean {
  switch (operator) {
    case 'GreaterThan':
      return value > threshold;
    case 'GreaterThanOrEqual':
      return value >= threshold;
    case 'LessThan':
      return value < threshold;
    case 'LessThanOrEqual':
      return value <= threshold;
    case 'Equals':
      return value === threshold;
  }
}
