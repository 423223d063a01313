import { z } from 'zod';
import type { ActivityEntry, ActivityPort } from '../../ports/azure.ts';
import type { AzureContext } from './azure-context.ts';
import { parseResourceGroupId } from './parse-arm-id.ts';

/** The activity log's only stable version (azure-rest-api-specs, Microsoft.Insights, activityLogs_API.json). */
const apiVersion = '2015-04-01';
const fields = 'eventTimestamp,caller,operationName,resourceId,status';
/** Who asks waits for the answer: a log that is longer is told as not complete. */
const mostPages = 10;

const word = z.looseObject({ value: z.string() }).nullish();
const eventSchema = z.looseObject({
  eventTimestamp: z.string(),
  caller: z.string().nullish(),
  resourceId: z.string().nullish(),
  operationName: word,
  status: word,
});
const listSchema = z.looseObject({ value: z.array(eventSchema), nextLink: z.string().nullish() });

/** Who wrote what: Azure's activity log, minutes behind what happened. */
export function createActivity({ arm, call }: AzureContext): ActivityPort {
  return {
    async writes(resourceGroupId, sinceMs, signal) {
      const { subscriptionId, resourceGroup } = parseResourceGroupId(resourceGroupId);
      const filter = `eventTimestamp ge '${new Date(sinceMs).toISOString()}' and resourceGroupName eq '${resourceGroup}'`;
      const query = new URLSearchParams({ $filter: filter, $select: fields });
      const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Insights/eventtypes/management/values?${query}`;
      const what = `read the activity log of ${resourceGroup}`;
      let page = await call.read(what, signal, async (signal) =>
        listSchema.parse((await arm.send({ method: 'GET', path, apiVersion }, signal)).body),
      );
      const events = [...page.value];
      for (let pages = 1; page.nextLink && pages < mostPages; pages += 1) {
        const { nextLink } = page;
        page = await call.read(what, signal, async (signal) =>
          listSchema.parse((await arm.follow(nextLink, signal)).body),
        );
        events.push(...page.value);
      }
      const entries = events
        .flatMap(({ eventTimestamp, caller, resourceId, operationName, status }): ActivityEntry[] =>
          status?.value === 'Succeeded' && resourceId && /\/(write|action)$/i.test(operationName?.value ?? '')
            ? [{ at: eventTimestamp, caller: caller ?? 'unknown', resourceId, operation: operationName?.value ?? '' }]
            : [],
        )
        .sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
      return { entries, complete: !page.nextLink };
    },
  };
}
