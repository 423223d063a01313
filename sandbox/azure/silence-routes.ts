/**
 * Alert processing rules (Microsoft.AlertsManagement/actionRules, api-version 2021-08-08). Rules kept, after azure-rest-api-specs,
 * alertsmanagement/…/stable/2021-08-08/AlertProcessingRules.json: PUT answers 201 when it makes one and 200 when it
 * replaces one, both at once; DELETE answers 200, and 204 when there was none; `location` and `properties` with
 * `scopes` and `actions` are required; a schedule's times have no zone of their own (`2026-05-01T10:00:00`) and the
 * time zone stands beside them, by its Windows name. There is no etag. Other api-versions have another shape and are
 * refused.
 */
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { ArmFault, invalid, resourceNotFound } from './arm-fault.ts';
import { providerId, subscriptionId } from './layout.ts';
import { type ArmCall, type ArmReply, ok, type Route, same } from './route.ts';
import { type Silence, silenceType } from './silence.ts';

const rules = silenceType.toLowerCase();
const version = '2021-08-08';

export const silenceRoutes: readonly Route[] = [
  { on: `GET ${rules}`, since: version, run: (call) => ok(documentOf(found(call))) },
  { on: `GET ${rules}[]`, since: version, run: list },
  { on: `PUT ${rules}`, since: version, run: put },
  { on: `DELETE ${rules}`, since: version, run: remove },
];

const time = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?$/, 'must be a time without a zone');
const fields = [
  'AlertContext',
  'AlertRuleId',
  'AlertRuleName',
  'Description',
  'MonitorCondition',
  'MonitorService',
  'Severity',
  'SignalType',
  'TargetResource',
  'TargetResourceGroup',
  'TargetResourceType',
] as const;

const bodySchema = z.looseObject({
  location: z.string().min(1),
  tags: z.record(z.string(), z.string()).optional(),
  properties: z.looseObject({
    scopes: z.array(z.string().regex(/^\/subscriptions\/[^/]+/i, 'must be an ARM id')).min(1),
    conditions: z
      .array(
        z.object({
          field: z.enum(fields),
          operator: z.enum(['Equals', 'NotEquals', 'Contains', 'DoesNotContain']),
          values: z.array(z.string()).min(1),
        }),
      )
      .optional(),
    schedule: z
      .looseObject({
        effectiveFrom: time.optional(),
        effectiveUntil: time.optional(),
        timeZone: z
          .string()
          .regex(/^(UTC|UTC[+-]\d{2}|[A-Z][\w .()-]+ Standard Time)$/, 'must be a Windows time zone')
          .optional(),
      })
      .optional(),
    actions: z.array(z.looseObject({ actionType: z.enum(['RemoveAllActionGroups', 'AddActionGroups']) })).min(1),
    description: z.string().optional(),
    enabled: z.boolean().default(true),
  }),
});

function put(call: ArmCall): ArmReply {
  const { estate, path, body, now } = call;
  const { data, error } = bodySchema.safeParse(body);
  if (!data) {
    const [issue] = error.issues;
    throw invalid('BadRequest', `Invalid alert processing rule: ${issue?.path.join('.')} ${issue?.message}`);
  }
  const { scopes, schedule } = data.properties;
  if (scopes.some((scope) => !same(scope.split('/')[2], subscriptionId))) {
    throw invalid('BadRequest', 'Invalid alert processing rule: all scopes must be in the rule’s own subscription');
  }
  if (schedule?.effectiveFrom && schedule.effectiveUntil && schedule.effectiveFrom >= schedule.effectiveUntil) {
    throw invalid('BadRequest', 'Invalid alert processing rule: effectiveFrom must be before effectiveUntil');
  }
  const [name = ''] = path.names;
  const id = providerId(path.group ?? '', silenceType, name);
  const before = estate.silences.get(id.toLowerCase());
  const silence = {
    id: before?.id ?? id,
    name: before?.name ?? name,
    location: data.location,
    ...(data.tags && { tags: data.tags }),
    properties: data.properties,
    createdAt: before?.createdAt ?? new Date(now).toISOString(),
  } as Silence;
  estate.silences.set(id.toLowerCase(), silence);
  return { status: before ? 200 : 201, body: documentOf(silence), changed: !isDeepStrictEqual(before, silence) };
}

function remove({ estate, path }: ArmCall): ArmReply {
  const changed = estate.silences.delete(providerId(path.group ?? '', silenceType, path.names[0] ?? '').toLowerCase());
  return { status: changed ? 200 : 204, changed };
}

function found({ estate, path: { group = '', names } }: ArmCall): Silence {
  const [name = ''] = names;
  const silence = estate.silences.get(providerId(group, silenceType, name).toLowerCase());
  if (!silence) throw resourceNotFound(silenceType, name, group);
  return silence;
}

function list({ estate, path: { group } }: ArmCall): ArmReply {
  const some = [...estate.silences.values()].filter(
    ({ id }) => group === undefined || same(group, id.split('/')[4] ?? ''),
  );
  return ok({ value: some.map(documentOf) });
}

function documentOf({ createdAt, ...rule }: Silence): object {
  return {
    ...rule,
    type: silenceType,
    systemData: { createdAt, lastModifiedAt: createdAt, createdByType: 'Application' },
  };
}

export function refuseOtherVersions(type: string, apiVersion: string): void {
  if (type === rules && apiVersion !== version) {
    throw new ArmFault(
      400,
      'NoRegisteredProviderFound',
      `No registered resource provider found for location 'global' and API version '${apiVersion}' for type 'actionRules'. The supported api-versions are '${version}'.`,
    );
  }
}
