/**
 * The activity log: GET /subscriptions/{id}/providers/Microsoft.Insights/eventtypes/management/values. Rules kept, after
 * azure-rest-api-specs, Microsoft.Insights, activityLogs_API.json (2015-04-01): `$filter` must give
 * `eventTimestamp ge '…'`, and may give `resourceGroupName eq '…'`; newest first, in
 * pages with `nextLink`. The emulator's own choices: pages of 100, since how long they are is stated nowhere, and what
 * people did by hand here alone; Azure's would hold the app's own writes too, under its object id.
 */
import { invalid } from './arm-fault.ts';
import { pageOf } from './page-of.ts';
import { type ArmCall, type ArmReply, ok, type Route, same } from './route.ts';

const pageSize = 100;

export const activityRoutes: readonly Route[] = [
  { on: 'GET microsoft.insights/eventtypes/values[]', since: '2015-04-01', run: list },
];

function list(call: ArmCall): ArmReply {
  const { estate, url } = call;
  const filter = url.searchParams.get('$filter') ?? '';
  const [, from] = /eventTimestamp ge '([^']+)'/i.exec(filter) ?? [];
  if (from === undefined || Number.isNaN(Date.parse(from)))
    throw invalid('BadRequest', 'The $filter must give the time from which on events are wanted: eventTimestamp ge.');
  const [, group] = /resourceGroupName eq '([^']+)'/i.exec(filter) ?? [];
  const events = estate.byHand
    .filter(({ at, resourceId }) => at >= Date.parse(from) && (!group || same(resourceId.split('/')[4], group)))
    .sort((a, b) => b.at - a.at)
    .map(({ at, caller, resourceId, operation }) => ({
      eventTimestamp: new Date(at).toISOString(),
      caller,
      resourceId,
      operationName: { value: operation },
      status: { value: 'Succeeded' },
    }));
  return ok(pageOf(events, pageSize, call));
}
