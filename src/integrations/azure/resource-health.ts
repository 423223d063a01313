import { z } from 'zod';
import type { ResourceHealth, ResourceHealths } from '../../domain/resource-health.ts';
import type { ResourceHealthPort } from '../../ports/resource-health.ts';
import { armList, subscriptionPath } from './arm-list.ts';
import type { AzureContext } from './azure-context.ts';
import { errorFacts } from './error-facts.ts';
import { parseResourceId } from './parse-arm-id.ts';

/**
 * learn.microsoft.com/rest/api/resourcehealth/availability-statuses. Its `$filter` changes nothing
 * (Azure/azure-rest-api-specs#11379) and its `$expand` breaks the second page (Azure/azure-sdk-for-js#27926): neither
 * is used.
 */
const apiVersion = '2025-05-01';
const statusType = 'Microsoft.ResourceHealth/availabilityStatuses';
/** Azure notices what happens within minutes; SQL's logins it looks at every one or two. */
const keptMs = 30_000;

const text = z.string().nullish();
const saidSchema = z.looseObject({
  availabilityState: text,
  summary: text,
  /** `Unplanned`, `Planned`, `UserInitiated`; often empty. */
  reasonType: text,
  /** `Platform Initiated`, `Customer Initiated`, `Not Applicable`. */
  context: text,
  /** `Planned`, `Unplanned`, `Not Applicable`. */
  category: text,
  // As Azure spells it.
  occuredTime: text,
});
const statusSchema = z.looseObject({ id: z.string(), properties: saidSchema.nullish() });
type Said = z.output<typeof saidSchema>;
type Status = z.output<typeof statusSchema>;

/** Azure's own word on resources. */
export function createResourceHealth({ arm, call, clock }: AzureContext): ResourceHealthPort {
  const kept = new Map<string, { readonly at: number; readonly healths: ResourceHealths }>();

  async function ofSubscription(subscriptionId: string, signal: AbortSignal): Promise<ResourceHealths> {
    const before = kept.get(subscriptionId);
    if (before !== undefined && clock.now() - before.at < keptMs) return before.healths;
    const at = clock.now();
    const path = `${subscriptionPath(subscriptionId)}/providers/${statusType}`;
    const found = await call.read('list what it says of the health of its resources', signal, (abortSignal) =>
      armList(arm, { path, apiVersion }, statusSchema, abortSignal),
    );
    const healths = new Map(found.map((status) => [resourceOf(status).toLowerCase(), healthOf(status)]));
    kept.set(subscriptionId, { at, healths });
    return healths;
  }

  return {
    async list(resourceIds, signal) {
      const subscriptions = new Set(resourceIds.map((id) => parseResourceId(id).subscriptionId.toLowerCase()));
      const lists = await Promise.all([...subscriptions].map((id) => ofSubscription(id, signal)));
      const wanted = new Set(resourceIds.map((id) => id.toLowerCase()));
      return new Map(lists.flatMap((healths) => [...healths].filter(([id]) => wanted.has(id))));
    },

    find(resourceId, signal) {
      const { name } = parseResourceId(resourceId);
      return call.read(`read what it says of the health of ${name}`, signal, async (abortSignal) => {
        try {
          const path = `${resourceId}/providers/${statusType}/current`;
          return healthOf(statusSchema.parse((await arm.send({ method: 'GET', path, apiVersion }, abortSignal)).body));
        } catch (error) {
          // Of kinds that it does not watch, and of resources of a kind that only Azure sees (`master` of a server).
          if (errorFacts(error, clock.now()).status === 422) return undefined;
          throw error;
        }
      });
    },
  };
}

/** `<resource>/providers/Microsoft.ResourceHealth/availabilityStatuses/current`; Azure's own examples misspell the type. */
function resourceOf({ id }: Status): string {
  return id.replace(/\/providers\/Microsoft\.ResourceHealth\/.*$/i, '');
}

function healthOf({ properties }: Status): ResourceHealth {
  const said: Said = properties ?? {};
  const { availabilityState, summary, occuredTime } = said;
  const since = Date.parse(occuredTime ?? '');
  const cause = causeOf(said);
  const planned = plannedOf(said);
  return {
    state: stateOf(availabilityState),
    ...(cause && { cause }),
    ...(cause === 'platform' && planned !== undefined && { planned }),
    // Azure gives the year 1 where it does not know.
    ...(since > 0 && { since: new Date(since).toISOString() }),
    ...(summary && { says: summary }),
  };
}

/** A word that Azure adds one day is not a good one by that. */
function stateOf(state: string | null | undefined): ResourceHealth['state'] {
  return (['available', 'unavailable', 'degraded'] as const).find((one) => one === state?.toLowerCase()) ?? 'unknown';
}

/** Azure says it in one of two fields, and in several spellings: `Customer Initiated`, `UserInitiated`. */
function causeOf({ context, reasonType }: Said): ResourceHealth['cause'] {
  const said = `${context ?? ''} ${reasonType ?? ''}`;
  if (/customer|user/i.test(said)) return 'customer';
  return /platform|planned/i.test(said) ? 'platform' : undefined;
}

function plannedOf({ category, reasonType }: Said): boolean | undefined {
  const said = `${category ?? ''} ${reasonType ?? ''}`;
  if (/unplanned/i.test(said)) return false;
  return /planned/i.test(said) ? true : undefined;
}
