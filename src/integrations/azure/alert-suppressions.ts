import { z } from 'zod';
import { isOpsError, OpsError } from '../../errors.ts';
import type { AlertSuppressionPort, SuppressionState } from '../../ports/azure.ts';
import type { AzureContext } from './azure-context.ts';
import { operationOf, pollOperation } from './operation.ts';
import { parseArmId } from './parse-arm-id.ts';

/** The one stable version with this shape (azure-rest-api-specs, AlertProcessingRules.json); a PUT is synchronous. */
const apiVersion = '2021-08-08';
const ruleType = 'Microsoft.AlertsManagement/actionRules';

/** Clocks differ: the silence begins before ours says now, so that it is there at once. */
const beginsEarlierMs = 5 * 60_000;

/** Azure's times here have no zone of their own. */
const localTime = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?$/);

/** Exactly what `write` makes. */
const ourRule = z.looseObject({
  properties: z.looseObject({
    enabled: z.literal(true).default(true),
    scopes: z.array(z.string()),
    conditions: z.tuple([
      z.looseObject({ field: z.literal('AlertRuleId'), operator: z.literal('Equals'), values: z.tuple([z.string()]) }),
    ]),
    actions: z.tuple([z.looseObject({ actionType: z.literal('RemoveAllActionGroups') })]),
    schedule: z.looseObject({
      effectiveUntil: localTime,
      timeZone: z.literal('UTC'),
      recurrences: z.array(z.unknown()).max(0).nullish(),
    }),
    description: z.string().nullish(),
  }),
});
const anyRule = z.looseObject({
  properties: z.looseObject({ actions: z.array(z.unknown()), scopes: z.array(z.string()) }),
});

/** Alert processing rules that keep one alert rule silent until a time, after which Azure ignores them. */
export function createAlertSuppressions({ arm, call, clock }: AzureContext): AlertSuppressionPort {
  return {
    kind: 'alert-suppression',
    equals: (a, b) => comparable(a) === comparable(b),
    describe: (before, after) => `silence: ${word(before)} → ${word(after)}`,

    async read(ref, signal) {
      const [name] = parseArmId(ref.id, ruleType).names;
      try {
        const body = await call.read(`read the alert processing rule ${name}`, signal, async (signal) =>
          anyRule.parse((await arm.send({ method: 'GET', path: ref.id, apiVersion }, signal)).body),
        );
        return { state: stateOf(body, name) };
      } catch (error) {
        if (isOpsError(error, 'not-found')) return { state: null };
        throw error;
      }
    },

    async write(ref, to, { signal }) {
      const [name] = parseArmId(ref.id, ruleType).names;
      const resource = { path: ref.id, apiVersion };
      const what = `${to ? 'write' : 'remove'} the alert processing rule ${name}`;
      return call.write(what, signal, async (signal) => {
        const answer = await arm.send(
          to ? { method: 'PUT', ...resource, body: ruleOf(to, clock.now()) } : { method: 'DELETE', ...resource },
          signal,
        );
        const operation = operationOf(answer, arm, resource);
        return operation === undefined ? {} : { operation };
      });
    },

    poll: (operation, signal) =>
      call.read('follow a change of an alert processing rule', signal, (signal) =>
        pollOperation(arm, operation, signal, clock.now()),
      ),
  };
}

function ruleOf({ alertRuleId, scopes, until, description }: SuppressionState, now: number) {
  const untilMs = Date.parse(until);
  return {
    location: 'Global',
    properties: {
      scopes,
      conditions: [{ field: 'AlertRuleId', operator: 'Equals', values: [alertRuleId] }],
      schedule: {
        // Before its end, also when an earlier silence, over by now, is put back as it was.
        effectiveFrom: withoutZone(Math.min(now, untilMs) - beginsEarlierMs),
        effectiveUntil: withoutZone(untilMs),
        timeZone: 'UTC',
      },
      actions: [{ actionType: 'RemoveAllActionGroups' }],
      description,
      enabled: true,
    },
  };
}

function stateOf(body: unknown, name: string): SuppressionState {
  const { data: rule } = ourRule.safeParse(body);
  if (!rule) {
    throw new OpsError(
      'drift',
      `The alert processing rule ${name} is not as Stamps writes it: somebody changed it, or it is theirs.`,
      {
        hint: 'Remove it in the Azure portal, or name another rule as `suppression` in the estate file.',
        service: 'Azure',
      },
    );
  }
  const { scopes, conditions, schedule, description } = rule.properties;
  return {
    alertRuleId: conditions[0].values[0],
    scopes,
    until: new Date(`${schedule.effectiveUntil}Z`).toISOString(),
    description: description ?? '',
  };
}

/** Whole seconds: what Azure keeps. */
function withoutZone(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19);
}

/** ARM ids ignore case, scopes have no order, and times are kept to the second. */
function comparable(state: SuppressionState | null): string {
  if (!state) return '';
  const { alertRuleId, scopes, until, description } = state;
  return JSON.stringify([
    alertRuleId.toLowerCase(),
    scopes.map((scope) => scope.toLowerCase()).sort(),
    withoutZone(Date.parse(until)),
    description,
  ]);
}

function word(state: SuppressionState | null): string {
  return state ? `until ${withoutZone(Date.parse(state.until)).slice(0, 16).replace('T', ' ')} UTC` : 'none';
}
