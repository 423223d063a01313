import { z } from 'zod';
import type { AlertRuleState, LogRuleState, MetricRuleState } from '../../domain/alert-rule.ts';

/**
 * Alert rules as Azure writes them (azure-rest-api-specs: metricAlert_API.json 2018-03-01, scheduledQueryRule_API.json
 * 2023-12-01). A rule is taken for ours only when our own way of writing it would say the same: everything else is
 * foreign, and kept as its JSON.
 */

const single = 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria';
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const dimensions = z
  .array(z.looseObject({ name: z.string(), operator: z.literal('Include'), values: z.array(z.string()) }))
  .nullish()
  .transform((value) => value ?? []);

const staticCriterion = z.looseObject({
  criterionType: z.literal('StaticThresholdCriterion'),
  name: z.string(),
  metricName: z.string(),
  operator: z.string(),
  threshold: z.number(),
  timeAggregation: z.string(),
  dimensions,
});
const second = staticCriterion.extend({
  name: z.literal('while'),
  dimensions: dimensions.refine((all) => all.length === 0),
});

const metricRule = z.looseObject({
  properties: z.looseObject({
    description: text,
    severity: z.number(),
    enabled: z.boolean(),
    scopes: z.tuple([z.string()]),
    evaluationFrequency: z.string(),
    windowSize: z.string(),
    autoMitigate: z.boolean().nullish(),
    criteria: z.looseObject({
      'odata.type': z.literal(single),
      allOf: z.union([z.tuple([staticCriterion]), z.tuple([staticCriterion, second])]),
    }),
    actions: z.array(z.looseObject({ actionGroupId: z.string() })).nullish(),
  }),
});

const logRule = z.looseObject({
  location: z.string(),
  properties: z.looseObject({
    description: text,
    severity: z.number(),
    enabled: z.boolean(),
    scopes: z.tuple([z.string()]),
    evaluationFrequency: z.string(),
    windowSize: z.string(),
    autoMitigate: z.boolean().nullish(),
    muteActionsDuration: z.null().optional(),
    overrideQueryTimeRange: z.null().optional(),
    criteria: z.looseObject({
      allOf: z.tuple([
        z.looseObject({
          query: z.string(),
          metricMeasureColumn: z.string(),
          resourceIdColumn: text,
          dimensions: dimensions.refine((all) => all.length === 0),
          operator: z.string(),
          threshold: z.number(),
          timeAggregation: z.string(),
          failingPeriods: z
            .looseObject({ numberOfEvaluationPeriods: z.literal(1), minFailingPeriodsToAlert: z.literal(1) })
            .nullish(),
        }),
      ]),
    }),
    actions: z.looseObject({ actionGroups: z.array(z.string()).nullish() }).nullish(),
  }),
});

/** What every rule has, whatever its shape; tags are not ours and stay. */
export const anyRule = z.looseObject({
  id: z.string(),
  location: z.string(),
  tags: z.record(z.string(), z.string()).nullish(),
  properties: z.looseObject({ enabled: z.boolean().optional(), scopes: z.array(z.string()).optional() }),
});
export type AnyRule = z.output<typeof anyRule>;

export function stateOfRule(body: AnyRule, signal: 'metric' | 'log'): AlertRuleState {
  return (signal === 'metric' ? metricState(body) : logState(body)) ?? foreign(body);
}

function metricState(body: unknown): MetricRuleState | undefined {
  const { data } = metricRule.safeParse(body);
  if (!data) return undefined;
  const { description, severity, enabled, scopes, evaluationFrequency, windowSize, autoMitigate, criteria, actions } =
    data.properties;
  const [condition, other] = criteria.allOf;
  return {
    signal: 'metric',
    description,
    severity,
    enabled,
    target: scopes[0],
    metric: condition.metricName,
    conditionName: condition.name,
    aggregation: condition.timeAggregation,
    operator: condition.operator,
    threshold: condition.threshold,
    splitBy: condition.dimensions.map(({ name, values }) => ({ name, values })),
    while: other
      ? {
          metric: other.metricName,
          aggregation: other.timeAggregation,
          operator: other.operator,
          threshold: other.threshold,
        }
      : null,
    window: windowSize,
    every: evaluationFrequency,
    // Azure's default.
    resolvesItself: autoMitigate ?? true,
    actionGroups: (actions ?? []).map(({ actionGroupId }) => actionGroupId),
  };
}

function logState(body: unknown): LogRuleState | undefined {
  const { data } = logRule.safeParse(body);
  if (!data) return undefined;
  const { description, severity, enabled, scopes, evaluationFrequency, windowSize, autoMitigate, criteria, actions } =
    data.properties;
  const [condition] = criteria.allOf;
  return {
    signal: 'log',
    description,
    severity,
    enabled,
    target: scopes[0],
    location: data.location,
    query: condition.query,
    column: condition.metricMeasureColumn,
    resourceColumn: condition.resourceIdColumn,
    aggregation: condition.timeAggregation,
    operator: condition.operator,
    threshold: condition.threshold,
    window: windowSize,
    every: evaluationFrequency,
    resolvesItself: autoMitigate ?? false,
    actionGroups: actions?.actionGroups ?? [],
  };
}

function foreign({ location, properties }: AnyRule): AlertRuleState {
  const { scopes = [], enabled } = properties;
  const watched = scopes.map((scope) => scope.split('/').at(-1)).join(', ');
  const says = `made by hand, watches ${watched || 'nothing'}${enabled === false ? ', switched off' : ''}`;
  return { signal: 'foreign', says, body: JSON.stringify({ location, properties }) };
}

/** The whole body of a PUT, without tags. */
export function bodyOfRule(state: AlertRuleState): object {
  switch (state.signal) {
    case 'foreign':
      return JSON.parse(state.body) as object;
    case 'metric':
      return {
        location: 'global',
        properties: {
          ...commonOf(state),
          criteria: {
            'odata.type': single,
            allOf: [
              {
                criterionType: 'StaticThresholdCriterion',
                name: state.conditionName,
                metricName: state.metric,
                operator: state.operator,
                threshold: state.threshold,
                timeAggregation: state.aggregation,
                dimensions: state.splitBy.map(({ name, values }) => ({ name, operator: 'Include', values })),
              },
              ...(state.while
                ? [
                    {
                      criterionType: 'StaticThresholdCriterion',
                      name: 'while',
                      metricName: state.while.metric,
                      operator: state.while.operator,
                      threshold: state.while.threshold,
                      timeAggregation: state.while.aggregation,
                      dimensions: [],
                    },
                  ]
                : []),
            ],
          },
          actions: state.actionGroups.map((actionGroupId) => ({ actionGroupId })),
        },
      };
    case 'log':
      return {
        location: state.location,
        kind: 'LogAlert',
        properties: {
          ...commonOf(state),
          criteria: {
            allOf: [
              {
                query: state.query,
                metricMeasureColumn: state.column,
                ...(state.resourceColumn !== '' && { resourceIdColumn: state.resourceColumn }),
                dimensions: [],
                operator: state.operator,
                threshold: state.threshold,
                timeAggregation: state.aggregation,
                failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 },
              },
            ],
          },
          actions: { actionGroups: state.actionGroups },
        },
      };
  }
}

/** What rules of both signals say in the same words. */
function commonOf(state: Exclude<AlertRuleState, { signal: 'foreign' }>) {
  const { description, severity, enabled, target, every, window, resolvesItself } = state;
  return {
    description,
    severity,
    enabled,
    scopes: [target],
    evaluationFrequency: every,
    windowSize: window,
    autoMitigate: resolvesItself,
  };
}
