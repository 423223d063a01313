import { z } from 'zod';
import type { UpkeepPort } from '../../ports/upkeep.ts';
import { armList, subscriptionPath } from './arm-list.ts';
import type { AzureContext } from './azure-context.ts';
import { createBilledCost } from './billed-cost.ts';
import { createFailedBackups } from './failed-backups.ts';
import { createVaultCertificates } from './vault-certificates.ts';

const resource = z.looseObject({ id: z.string(), type: z.string(), provisioningState: z.string().nullish() });
const assessment = z.looseObject({
  id: z.string(),
  properties: z.looseObject({
    displayName: z.string().nullish(),
    status: z.looseObject({ code: z.string() }),
    resourceDetails: z.looseObject({ Id: z.string().nullish(), id: z.string().nullish() }).nullish(),
  }),
});
const assessmentKind = z.looseObject({
  name: z.string(),
  properties: z.looseObject({ severity: z.string().nullish() }),
});
const assignment = z.looseObject({
  id: z.string(),
  properties: z.looseObject({
    principalId: z.string(),
    principalType: z.string().nullish(),
    roleDefinitionId: z.string(),
    scope: z.string(),
  }),
});
const role = z.looseObject({ id: z.string(), properties: z.looseObject({ roleName: z.string().nullish() }) });

/** What maintenance looks at. */
export function createUpkeep(azure: AzureContext): UpkeepPort {
  const { arm, call } = azure;
  return {
    notSucceeded: (subscriptionId, signal) =>
      call.read('list the resources of the subscription', signal, async (abortSignal) => {
        const path = `${subscriptionPath(subscriptionId)}/resources?$expand=provisioningState`;
        const found = await armList(arm, { path, apiVersion: '2021-04-01' }, resource, abortSignal);
        return found.flatMap(({ id, type, provisioningState }) =>
          provisioningState == null || provisioningState === 'Succeeded'
            ? []
            : [{ id, type, state: provisioningState }],
        );
      }),
    cost: createBilledCost(azure),
    unhealthy: (subscriptionId, signal) =>
      call.read('read the security assessments', signal, async (abortSignal) => {
        const provider = `${subscriptionPath(subscriptionId)}/providers/Microsoft.Security`;
        const apiVersion = '2021-06-01';
        const [found, kinds] = await Promise.all([
          armList(arm, { path: `${provider}/assessments`, apiVersion }, assessment, abortSignal),
          armList(arm, { path: `${provider}/assessmentMetadata`, apiVersion }, assessmentKind, abortSignal),
        ]);
        const severities = new Map(kinds.map(({ name, properties }) => [name.toLowerCase(), properties.severity]));
        return found
          .filter(({ properties }) => properties.status.code === 'Unhealthy')
          .map(({ id, properties: { displayName, resourceDetails } }) => ({
            id,
            title: displayName ?? lastOf(id),
            severity: severities.get(lastOf(id).toLowerCase()) ?? 'Unknown',
            resourceId: resourceDetails?.Id ?? resourceDetails?.id ?? '',
          }));
      }),
    failedBackups: createFailedBackups(azure),
    certificates: createVaultCertificates(azure),
    access: (subscriptionId, signal) =>
      call.read('read the role assignments', signal, async (abortSignal) => {
        const base = subscriptionPath(subscriptionId);
        const provider = `${base}/providers/Microsoft.Authorization`;
        const apiVersion = '2022-04-01';
        const [assignments, roles] = await Promise.all([
          armList(arm, { path: `${provider}/roleAssignments`, apiVersion }, assignment, abortSignal),
          armList(arm, { path: `${provider}/roleDefinitions`, apiVersion }, role, abortSignal),
        ]);
        const guid = (id: string) => lastOf(id).toLowerCase();
        const names = new Map(roles.map(({ id, properties }) => [guid(id), properties.roleName]));
        return assignments.map(({ id, properties: { principalId, principalType, roleDefinitionId, scope } }) => ({
          id,
          principalId,
          principalType: principalType ?? 'Unknown',
          role: names.get(guid(roleDefinitionId)) ?? guid(roleDefinitionId),
          scope,
          inherited: !scope.toLowerCase().startsWith(base.toLowerCase()),
        }));
      }),
  };
}

/** The last part of an id, its own name. */
function lastOf(id: string): string {
  return id.split('/').at(-1) ?? id;
}
