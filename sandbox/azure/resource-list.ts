/**
 * GET …/resourceGroups/{group}/resources, and GET …/resources of the subscription. Rules kept: `provisioningState` only
 * with `$expand`; `$filter` with `resourceType eq '…'`, 400 for a filter that it
 * does not know (learn.microsoft.com, “Resources - List By Resource Group”).
 */

import { invalid } from './arm-fault.ts';
import { accountType } from './automation-routes.ts';
import { containerAppType } from './container-app.ts';
import { gatewayType } from './gateway.ts';
import { providerId } from './layout.ts';
import { actionGroupType, logAlertType, metricAlertType } from './monitor/alert-rule.ts';
import { type ArmCall, type ArmReply, ok, type Route, same } from './route.ts';
import { silenceType } from './silence.ts';
import { vaultId, vaultType } from './telemetry/resources.ts';
import { profileType } from './traffic-profile.ts';

export const resourceListRoutes: readonly Route[] = [{ on: 'GET []', since: '2019-05-01', run: list }];

interface Listed {
  readonly id: string;
  readonly type: string;
  readonly location: string;
  /** Default: Succeeded. */
  readonly provisioningState?: string;
}

function list({ estate, path: { group }, url }: ArmCall): ArmReply {
  const all: Listed[] = [
    ...[...estate.gateways.values()].map(({ id, region }) => ({
      id,
      type: gatewayType,
      location: region.name,
      provisioningState: estate.gateways.get(region.name)?.updating ? 'Updating' : 'Succeeded',
    })),
    ...[...estate.apps.values()].map(({ id, region }) => ({ id, type: containerAppType, location: region.name })),
    ...[...estate.alertRules.values()].map(({ id }) => ({ id, type: metricAlertType, location: 'global' })),
    ...[...estate.logRules.values()].map(({ id, location }) => ({ id, type: logAlertType, location })),
    ...[...estate.actionGroups.values()].map(({ id }) => ({ id, type: actionGroupType, location: 'global' })),
    ...[...estate.silences.values()].map(({ id }) => ({ id, type: silenceType, location: 'global' })),
    { id: estate.profile.id, type: profileType, location: 'global' },
    ...estate.upkeep.keyVaults.map((name) => ({
      id: vaultId(name),
      type: vaultType,
      location: name.replace('kv-stamps-', ''),
    })),
    ...estate.regions.flatMap(({ name, resourceGroup }) => {
      const account = `aa-stamps-${name}`;
      if (!estate.automation.has(account)) return [];
      return [{ id: providerId(resourceGroup, accountType, account), type: accountType, location: name }];
    }),
    ...estate.upkeep.others,
  ];
  const type = wantedType(url.searchParams.get('$filter'));
  const value = all
    .filter(
      (resource) =>
        (group === undefined || same(resource.id.split('/')[4], group)) &&
        (type === undefined || same(type, resource.type)),
    )
    .map(({ provisioningState = 'Succeeded', ...resource }) => ({
      ...resource,
      name: resource.id.split('/').at(-1),
      tags: {},
      // Told only when it is asked for.
      ...(/\bprovisioningState\b/.test(url.searchParams.get('$expand') ?? '') && { provisioningState }),
    }));
  return ok({ value });
}

function wantedType(filter: string | null): string | undefined {
  if (filter === null) return undefined;
  const [, type] = /^\s*resourceType\s+eq\s+'([^']+)'\s*$/i.exec(filter) ?? [];
  if (type === undefined)
    throw invalid('InvalidFilterInQueryString', `Invalid $filter '${filter}' specified in the query string.`);
  return type;
}
