import { z } from 'zod';
import { describeAlertRule, sameAlertRule } from '../../domain/alert-rule-difference.ts';
import { isOpsError, OpsError } from '../../errors.ts';
import type { AlertRulesPort, FoundAlertRule } from '../../ports/azure.ts';
import { type AnyRule, anyRule, bodyOfRule, stateOfRule } from './alert-rule-body.ts';
import type { ArmRequest } from './arm.ts';
import type { AzureContext } from './azure-context.ts';
import { operationOf, pollOperation } from './operation.ts';
import { parseArmId, parseResourceGroupId } from './parse-arm-id.ts';

/** Both are written at once, without a long-running operation and without an etag. */
const types = {
  metric: { type: 'Microsoft.Insights/metricAlerts', apiVersion: '2018-03-01' },
  log: { type: 'Microsoft.Insights/scheduledQueryRules', apiVersion: '2023-12-01' },
} as const;
type Signal = keyof typeof types;
const database = { type: 'Microsoft.Sql/servers/databases', apiVersion: '2023-08-01' } as const;

const page = z.looseObject({ value: z.array(anyRule), nextLink: z.string().nullish() });
const mostPages = 100;
const sku = z.looseObject({ sku: z.looseObject({ tier: z.string().nullish(), name: z.string().nullish() }) });

/** Alert rules of metrics and of logs, under one kind: a rule's id says which it is. */
export function createAlertRules({ arm, call, clock }: AzureContext): AlertRulesPort {
  const read = async (id: string, signal: AbortSignal): Promise<AnyRule | undefined> => {
    const { name, apiVersion } = ruleOf(id);
    try {
      return await call.read(`read the alert rule ${name}`, signal, async (signal) =>
        anyRule.parse((await arm.send({ method: 'GET', path: id, apiVersion }, signal)).body),
      );
    } catch (error) {
      if (isOpsError(error, 'not-found')) return undefined;
      throw error;
    }
  };

  return {
    kind: 'alert-rule',
    equals: sameAlertRule,
    describe: describeAlertRule,

    async read(ref, signal) {
      const found = await read(ref.id, signal);
      return { state: found ? stateOfRule(found, ruleOf(ref.id).signal) : null };
    },

    async write(ref, to, { signal }) {
      const { name, apiVersion } = ruleOf(ref.id);
      const resource = { path: ref.id, apiVersion };
      // A PUT replaces tags too, and they are somebody else's.
      const tags = to ? (await read(ref.id, signal))?.tags : undefined;
      const request: ArmRequest = to
        ? { method: 'PUT', ...resource, body: { ...bodyOfRule(to), ...(tags && { tags }) } }
        : { method: 'DELETE', ...resource };
      return call.write(`${to ? 'write' : 'remove'} the alert rule ${name}`, signal, async (signal) => {
        const operation = operationOf(await arm.send(request, signal), arm, resource);
        return operation === undefined ? {} : { operation };
      });
    },

    poll: (operation, signal) =>
      call.read('follow a change of an alert rule', signal, (signal) =>
        pollOperation(arm, operation, signal, clock.now()),
      ),

    async list(resourceGroupId, signal) {
      const { resourceGroup } = parseResourceGroupId(resourceGroupId);
      const lists = await Promise.all(
        (Object.keys(types) as Signal[]).map((sort) =>
          call.read(`list the alert rules of ${resourceGroup}`, signal, async (signal) => {
            const { type, apiVersion } = types[sort];
            const found: FoundAlertRule[] = [];
            let answer = await arm.send(
              { method: 'GET', path: `${resourceGroupId}/providers/${type}`, apiVersion },
              signal,
            );
            for (let pages = 1; ; pages += 1) {
              const { value, nextLink } = page.parse(answer.body);
              found.push(...value.map((body) => ({ id: body.id, state: stateOfRule(body, sort), ...watched(body) })));
              if (!nextLink) return found;
              if (pages >= mostPages)
                throw new OpsError('bad-response', `The list of alert rules of ${resourceGroup} has no end.`);
              answer = await arm.follow(nextLink, signal);
            }
          }),
        ),
      );
      return lists.flat();
    },

    async boughtBy(databaseId, signal) {
      const { names } = parseArmId(databaseId, database.type);
      const { sku: found } = await call.read(`read the database ${names.at(-1)}`, signal, async (signal) =>
        sku.parse((await arm.send({ method: 'GET', path: databaseId, apiVersion: database.apiVersion }, signal)).body),
      );
      // “Purchasing models”, Azure SQL documentation: these three tiers are bought by DTUs.
      return /^(basic|standard|premium)$/i.test(found.tier ?? found.name ?? '') ? 'dtu' : 'vCore';
    },
  };
}

function ruleOf(id: string): { signal: Signal; name: string; apiVersion: string } {
  const signal: Signal = /\/scheduledQueryRules\//i.test(id) ? 'log' : 'metric';
  const { type, apiVersion } = types[signal];
  return { signal, name: parseArmId(id, type).names[0], apiVersion };
}

function watched({ properties }: AnyRule): { targets: string[] } {
  return { targets: properties.scopes ?? [] };
}
