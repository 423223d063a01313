/**
 * Metric alert rules (Microsoft.Insights/metricAlerts, api-version 2018-03-01). Rules kept, after azure-rest-api-specs,
 * metricAlert_API.json, and what users quote: PUT answers 201 when it makes one and 200 when it replaces one, at once;
 * DELETE 200, and 204 when there was none; `location` is `global`; severity 0–4; frequency and window are enumerations,
 * the window no shorter than the frequency; one scope for single-resource criteria; the scopes exist, and the metric is
 * one of their type (“Couldn't find a metric named …”), with that aggregation and those dimensions; the action groups
 * exist. A GET has defaults filled in. There is no etag. Dynamic thresholds and web tests are refused: the emulator
 * measures static ones only.
 */
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { invalid, resourceNotFound } from '../arm-fault.ts';
import type { Estate } from '../estate.ts';
import { providerId } from '../layout.ts';
import { type ArmCall, type ArmReply, ok, type Route, same } from '../route.ts';
import { measuredResources } from '../telemetry/resource-metrics.ts';
import { frequencies, type MetricAlertRule, metricAlertType, minutesOf, windowSizes } from './alert-rule.ts';
import { metricOf, typeOfId } from './metric-catalog.ts';

const type = metricAlertType.toLowerCase();
const since = '2018-03-01';
const single = 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria';
const multiple = 'Microsoft.Azure.Monitor.MultipleResourceMultipleMetricCriteria';
/** Types that one rule may watch many of at once (“Monitor multiple resources with a single alert rule”). */
const watchedTogether = ['microsoft.compute/virtualmachines', 'microsoft.sql/servers/databases'];

export const alertRuleRoutes: readonly Route[] = [
  { on: `GET ${type}`, since, run: (call) => ok(documentOf(found(call))) },
  { on: `GET ${type}[]`, since, run: list },
  { on: `PUT ${type}`, since, run: put },
  { on: `DELETE ${type}`, since, run: remove },
];

const criterion = z.looseObject({
  criterionType: z.literal('StaticThresholdCriterion', 'the emulator takes StaticThresholdCriterion only'),
  name: z.string().min(1),
  metricName: z.string().min(1),
  metricNamespace: z.string().optional(),
  operator: z.enum(['Equals', 'GreaterThan', 'GreaterThanOrEqual', 'LessThan', 'LessThanOrEqual']),
  threshold: z.number(),
  timeAggregation: z.enum(['Average', 'Count', 'Minimum', 'Maximum', 'Total']),
  dimensions: z
    .array(
      z.object({
        name: z.string().min(1),
        operator: z.enum(['Include', 'Exclude']),
        values: z.array(z.string()).min(1),
      }),
    )
    .optional(),
});

const bodySchema = z.looseObject({
  location: z.string().refine((location) => same(location, 'global'), 'must be global'),
  tags: z.record(z.string(), z.string()).optional(),
  properties: z.looseObject({
    description: z.string().default(''),
    severity: z.int().min(0).max(4),
    enabled: z.boolean(),
    scopes: z.array(z.string()).min(1),
    evaluationFrequency: z.enum(frequencies),
    windowSize: z.enum(windowSizes),
    autoMitigate: z.boolean().default(true),
    criteria: z.looseObject({ 'odata.type': z.enum([single, multiple]), allOf: z.array(criterion).min(1).max(5) }),
    actions: z.array(z.looseObject({ actionGroupId: z.string() })).default([]),
  }),
});
type Body = z.output<typeof bodySchema>;

function put({ estate, path: { group = '', names }, body }: ArmCall): ArmReply {
  const { data, error } = bodySchema.safeParse(body);
  if (!data) {
    const [issue] = error.issues;
    throw invalid('BadRequest', `Invalid value for ${issue?.path.join('.')}: ${issue?.message}`);
  }
  refuseWhatCannotBe(estate, data);
  const [name = ''] = names;
  const id = providerId(group, metricAlertType, name);
  const before = estate.alertRules.get(id.toLowerCase());
  const rule: MetricAlertRule = {
    id: before?.id ?? id,
    name: before?.name ?? name,
    ...(data.tags && { tags: data.tags }),
    properties: data.properties,
  };
  const changed = !isDeepStrictEqual(before, rule);
  // A rule that was not changed goes on as it was.
  if (changed) estate.alertRules.set(id.toLowerCase(), rule);
  return { status: before ? 200 : 201, body: documentOf(rule), changed };
}

function refuseWhatCannotBe(estate: Estate, { properties }: Body): void {
  const { scopes, criteria, windowSize, evaluationFrequency, actions } = properties;
  if (minutesOf(windowSize) < minutesOf(evaluationFrequency)) {
    throw invalid('BadRequest', 'The window size must be equal to or larger than the evaluation frequency.');
  }
  const types = [...new Set(scopes.map(typeOfId))];
  if (types.length > 1) throw invalid('BadRequest', 'All scopes of an alert rule must be of the same resource type.');
  const [scopeType = ''] = types;
  if (criteria['odata.type'] === single && scopes.length > 1) {
    throw invalid('BadRequest', `The criteria ${single} takes one scope; ${scopes.length} were given.`);
  }
  if (scopes.length > 1 && !watchedTogether.includes(scopeType)) {
    throw invalid('BadRequest', `Alerts are currently not supported with multi resource level for ${scopeType}.`);
  }
  for (const scope of scopes) {
    if (!isMonitored(estate, scope)) throw invalid('BadRequest', `Unable to find the resource ${scope}.`);
  }
  for (const { metricName, timeAggregation, dimensions = [] } of criteria.allOf) {
    const metric = metricOf(scopeType, metricName);
    if (!metric) {
      throw invalid('BadRequest', `Couldn't find a metric named ${metricName}. Make sure the name is correct.`);
    }
    if (!metric.aggregations.includes(timeAggregation)) {
      throw invalid('BadRequest', `The metric ${metricName} does not support the time aggregation ${timeAggregation}.`);
    }
    const unknown = dimensions.find(({ name }) => !metric.dimensions.some((known) => same(known, name)));
    if (unknown) throw invalid('BadRequest', `The metric ${metricName} has no dimension ${unknown.name}.`);
  }
  for (const { actionGroupId } of actions) {
    if (!estate.actionGroups.has(actionGroupId.toLowerCase())) {
      throw invalid('BadRequest', `The action group ${actionGroupId} was not found.`);
    }
  }
}

/** Is there a resource of this id that has metrics? */
function isMonitored(estate: Estate, id: string): boolean {
  const others = [...estate.gateways.values(), estate.profile].some((resource) => same(resource.id, id));
  return others || measuredResources(estate).has(id.toLowerCase());
}

function remove({ estate, path: { group = '', names } }: ArmCall): ArmReply {
  const changed = estate.alertRules.delete(providerId(group, metricAlertType, names[0] ?? '').toLowerCase());
  return { status: changed ? 200 : 204, changed };
}

function found({ estate, path: { group = '', names } }: ArmCall): MetricAlertRule {
  const [name = ''] = names;
  const rule = estate.alertRules.get(providerId(group, metricAlertType, name).toLowerCase());
  if (!rule) throw resourceNotFound(metricAlertType, name, group);
  return rule;
}

function list({ estate, path: { group } }: ArmCall): ArmReply {
  const some = [...estate.alertRules.values()].filter(
    ({ id }) => group === undefined || same(group, id.split('/')[4] ?? ''),
  );
  return ok({ value: some.map(documentOf) });
}

/** With what Azure fills in. */
function documentOf({ id, name, tags, properties }: MetricAlertRule): object {
  const { criteria, actions, ...rest } = properties;
  return {
    id,
    name,
    type: metricAlertType,
    location: 'global',
    tags: tags ?? {},
    properties: {
      ...rest,
      targetResourceType: '',
      targetResourceRegion: '',
      criteria: {
        'odata.type': criteria['odata.type'],
        allOf: criteria.allOf.map((condition) => ({
          skipMetricValidation: false,
          dimensions: [],
          ...condition,
        })),
      },
      actions: actions.map((action) => ({ webHookProperties: {}, ...action })),
    },
  };
}
