/**
 * Log search alert rules (Microsoft.Insights/scheduledQueryRules, since api-version 2023-12-01). Rules kept, after
 * azure-rest-api-specs, scheduledQueryRule_API.json, and learn.microsoft.com, “Create a log search alert rule”: PUT
 * answers 201 when it makes one and 200 when it replaces one; DELETE 200, and 204 when there was none; a rule lives in
 * its workspace's region; one scope; severity 0–4; frequency and window are enumerations, the window no shorter than
 * the frequency; a measure column for every aggregation but Count; the workspace and the action groups exist.
 */
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { invalid, resourceNotFound } from '../arm-fault.ts';
import { globalGroup, guideRegions, providerId } from '../layout.ts';
import { type ArmCall, type ArmReply, ok, type Route, same } from '../route.ts';
import { type LogAlertRule, logAlertType } from './alert-rule.ts';

const type = logAlertType.toLowerCase();
const since = '2023-12-01';
export const logsWorkspaceId = providerId(globalGroup, 'Microsoft.OperationalInsights/workspaces', 'log-stamps');

const minutes: Readonly<Record<string, number>> = {
  PT1M: 1,
  PT5M: 5,
  PT10M: 10,
  PT15M: 15,
  PT30M: 30,
  PT45M: 45,
  PT1H: 60,
  PT2H: 120,
  PT3H: 180,
  PT4H: 240,
  PT5H: 300,
  PT6H: 360,
  P1D: 1_440,
  P2D: 2_880,
};
const durations = Object.keys(minutes);

/** Minutes of `PT10M`. */
export function logMinutesOf(duration: string): number {
  return minutes[duration] ?? 1;
}

export const logRuleRoutes: readonly Route[] = [
  { on: `GET ${type}`, since, run: (call) => ok(documentOf(found(call))) },
  { on: `GET ${type}[]`, since, run: list },
  { on: `PUT ${type}`, since, run: put },
  { on: `DELETE ${type}`, since, run: remove },
];

const condition = z
  .looseObject({
    query: z.string().trim().min(1),
    timeAggregation: z.enum(['Count', 'Average', 'Minimum', 'Maximum', 'Total']),
    metricMeasureColumn: z.string().min(1).optional(),
    resourceIdColumn: z.string().optional(),
    operator: z.enum(['Equals', 'GreaterThan', 'GreaterThanOrEqual', 'LessThan', 'LessThanOrEqual']),
    threshold: z.number(),
    dimensions: z.array(z.looseObject({ name: z.string() })).default([]),
    failingPeriods: z
      .object({ numberOfEvaluationPeriods: z.int().min(1).max(6), minFailingPeriodsToAlert: z.int().min(1).max(6) })
      .optional(),
  })
  .refine(
    ({ timeAggregation, metricMeasureColumn }) => timeAggregation === 'Count' || metricMeasureColumn !== undefined,
    {
      path: ['metricMeasureColumn'],
      error: 'is required for this aggregation',
    },
  );

const bodySchema = z.looseObject({
  location: z.string(),
  kind: z.literal('LogAlert').optional(),
  tags: z.record(z.string(), z.string()).optional(),
  properties: z.looseObject({
    description: z.string().default(''),
    severity: z.int().min(0).max(4),
    enabled: z.boolean().default(true),
    scopes: z.tuple([z.string()]),
    evaluationFrequency: z.enum(durations),
    windowSize: z.enum(durations),
    autoMitigate: z.boolean().default(false),
    criteria: z.looseObject({ allOf: z.tuple([condition]) }),
    actions: z.looseObject({ actionGroups: z.array(z.string()).default([]) }).prefault({}),
  }),
});

function put({ estate, path: { group = '', names }, body }: ArmCall): ArmReply {
  const { data, error } = bodySchema.safeParse(body);
  if (!data) {
    const [issue] = error.issues;
    throw invalid('BadRequest', `Invalid value for ${issue?.path.join('.')}: ${issue?.message}`);
  }
  const { scopes, windowSize, evaluationFrequency, actions } = data.properties;
  if ((minutes[windowSize] ?? 0) < (minutes[evaluationFrequency] ?? 0)) {
    throw invalid('BadRequest', 'The window size must be equal to or larger than the evaluation frequency.');
  }
  const [workspace] = scopes;
  if (!same(workspace, logsWorkspaceId)) throw invalid('BadRequest', `Unable to find the resource ${workspace}.`);
  if (!same(data.location.replaceAll(' ', ''), guideRegions[0]?.name ?? '')) {
    throw invalid('BadRequest', 'The location of the rule must be that of its scope.');
  }
  for (const id of actions.actionGroups) {
    if (!estate.actionGroups.has(id.toLowerCase()))
      throw invalid('BadRequest', `The action group ${id} was not found.`);
  }
  const [name = ''] = names;
  const id = providerId(group, logAlertType, name);
  const before = estate.logRules.get(id.toLowerCase());
  const rule: LogAlertRule = {
    id: before?.id ?? id,
    name: before?.name ?? name,
    location: data.location,
    ...(data.tags && { tags: data.tags }),
    properties: data.properties,
  };
  const changed = !isDeepStrictEqual(before, rule);
  // A rule that was not changed goes on as it was.
  if (changed) estate.logRules.set(id.toLowerCase(), rule);
  return { status: before ? 200 : 201, body: documentOf(rule), changed };
}

function remove({ estate, path: { group = '', names } }: ArmCall): ArmReply {
  const changed = estate.logRules.delete(providerId(group, logAlertType, names[0] ?? '').toLowerCase());
  return { status: changed ? 200 : 204, changed };
}

function found({ estate, path: { group = '', names } }: ArmCall): LogAlertRule {
  const [name = ''] = names;
  const rule = estate.logRules.get(providerId(group, logAlertType, name).toLowerCase());
  if (!rule) throw resourceNotFound(logAlertType, name, group);
  return rule;
}

function list({ estate, path: { group } }: ArmCall): ArmReply {
  const some = [...estate.logRules.values()].filter(
    ({ id }) => group === undefined || same(group, id.split('/')[4] ?? ''),
  );
  return ok({ value: some.map(documentOf) });
}

/** With what Azure fills in. */
function documentOf({ id, name, location, tags, properties }: LogAlertRule): object {
  const { criteria, ...rest } = properties;
  return {
    id,
    name,
    type: logAlertType,
    location,
    kind: 'LogAlert',
    tags: tags ?? {},
    properties: {
      createdWithApiVersion: '2023-12-01',
      displayName: name,
      checkWorkspaceAlertsStorageConfigured: false,
      skipQueryValidation: false,
      ...rest,
      criteria: {
        allOf: criteria.allOf.map((one) => ({
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 },
          ...one,
        })),
      },
    },
  };
}
