/**
 * Action groups (Microsoft.Insights/actionGroups, since api-version 2023-01-01), to look at: what an alert rule calls.
 * A webhook's address, which holds a secret, is shown to whoever may read the group, as Azure does.
 */
import { resourceNotFound } from '../arm-fault.ts';
import { providerId } from '../layout.ts';
import { ok, type Route, same } from '../route.ts';
import { type ActionGroup, actionGroupType } from './alert-rule.ts';

const type = actionGroupType.toLowerCase();
const since = '2023-01-01';

export const actionGroupRoutes: readonly Route[] = [
  {
    on: `GET ${type}`,
    since,
    run: ({ estate, path: { group = '', names } }) => {
      const [name = ''] = names;
      const one = estate.actionGroups.get(providerId(group, actionGroupType, name).toLowerCase());
      if (!one) throw resourceNotFound(actionGroupType, name, group);
      return ok(documentOf(one));
    },
  },
  {
    on: `GET ${type}[]`,
    since,
    run: ({ estate, path: { group } }) =>
      ok({
        value: [...estate.actionGroups.values()]
          .filter(({ id }) => group === undefined || same(group, id.split('/')[4] ?? ''))
          .map(documentOf),
      }),
  },
];

function documentOf({ id, name, properties }: ActionGroup): object {
  return { id, name, type: actionGroupType, location: 'Global', tags: {}, properties };
}
