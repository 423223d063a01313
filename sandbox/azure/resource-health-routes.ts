/**
 * Microsoft.ResourceHealth/availabilityStatuses, to read. Rules kept (azure-rest-api-specs, Microsoft.ResourceHealth
 * 2025-05-01, AvailabilityStatuses_ListBySubscriptionId, …_ListByResourceGroup, …_GetByResource):
 * - A list leaves out resources of kinds that are not watched; asked for one of them alone, the answer is 422
 *   UnsupportedResourceType (microsoft/mcp#2554; learn.microsoft.com/answers, 1603687).
 * - `$filter` changes nothing (Azure/azure-rest-api-specs#11379). `$expand` is taken for the first page; with the
 *   second it is 400 InvalidODataQueryOptions (Azure/azure-sdk-for-js#27926).
 * - `occuredTime` is spelled so (#4752); `reasonType` is empty, not absent, where there is no reason (#22721).
 * The emulator's own choices: pages of 200, and no history of one resource.
 */
import { ArmFault, invalid, resourceNotFound } from './arm-fault.ts';
import { pageOf } from './page-of.ts';
import { type ArmCall, type ArmReply, ok, type Route, same } from './route.ts';

const type = 'microsoft.resourcehealth/availabilitystatuses';
const since = '2020-05-01';
const pageSize = 200;
const tokenName = '$skipToken';

export const resourceHealthRoutes: readonly Route[] = [
  { on: `GET ${type}[]`, since, run: list },
  { on: `GET ${type}`, since, run: one },
];

type Told = ReturnType<ArmCall['estate']['health']['all']>[number];

function list({ estate, url, origin, now, path: { group, scope } }: ArmCall): ArmReply {
  if (scope !== undefined) throw invalid('NotSupported', 'The emulator keeps no history of a resource’s health.');
  const token = url.searchParams.get(tokenName);
  const expand = url.searchParams.get('$expand');
  if (token !== null && expand !== null)
    throw invalid('InvalidODataQueryOptions', `Could not find a property named '${expand}'.`);
  const all = estate.health.all().filter(({ id }) => group === undefined || same(id.split('/')[4], group));
  const { value, ...more } = pageOf(all, pageSize, { url, origin }, tokenName);
  return ok({ value: value.map((told) => bodyOf(told, now)), ...more });
}

function one({ estate, now, path: { scope = '', names, group = '' } }: ArmCall): ArmReply {
  if (!same(names.at(-1), 'current')) throw invalid('InvalidResourceName', `'${names.at(-1)}' is no status.`);
  const kind = kindOf(scope);
  const all = estate.health.all();
  const found = all.find(({ id }) => same(id, scope));
  if (found) return ok(bodyOf(found, now));
  if (all.some(({ id }) => same(kindOf(id), kind))) throw resourceNotFound(kind, scope.split('/').at(-1) ?? '', group);
  throw new ArmFault(422, 'UnsupportedResourceType', `The resource type '${kind}' is not supported.`);
}

function kindOf(id: string): string {
  const [, , , , , , provider = '', ...rest] = id.split('/');
  return [provider, ...rest.filter((_, index) => index % 2 === 0)].join('/');
}

function bodyOf({ id, location, word, since }: Told, now: number): object {
  return {
    id: `${id}/providers/Microsoft.ResourceHealth/availabilityStatuses/current`,
    name: 'current',
    type: 'Microsoft.ResourceHealth/AvailabilityStatuses',
    location,
    properties: {
      title: word.availabilityState,
      ...word,
      occuredTime: new Date(since).toISOString(),
      reasonChronicity: 'Persistent',
      reportedTime: new Date(now).toISOString(),
    },
  };
}
