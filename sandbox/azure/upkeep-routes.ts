/**
 * What maintenance reads. Rules kept: Cost Management's query answers columns and rows, usage of a resource group a
 * row, its currency the last column (learn.microsoft.com/rest/api/cost-management/query/usage); assessments tell their
 * code but not their severity, which is metadata (…/rest/api/defenderforcloud); backup jobs are filtered by status and
 * by a time of the form `2026-11-18 07:30:00 AM`, anything else is 400 (…/rest/api/backup/backup-jobs/list); role
 * assignments of a subscription hold those inherited from above and those below (…/rest/api/authorization).
 */
import { z } from 'zod';
import { invalid, resourceNotFound } from './arm-fault.ts';
import { subscriptionId } from './layout.ts';
import { type ArmCall, type ArmReply, ok, type Route, same } from './route.ts';
import { vaultId } from './telemetry/resources.ts';
import { roles } from './upkeep.ts';

const vaults = 'microsoft.recoveryservices/vaults';

export const upkeepRoutes: readonly Route[] = [
  { on: 'POST microsoft.costmanagement:query', since: '2023-03-01', run: cost },
  { on: 'GET microsoft.security/assessments[]', since: '2020-01-01', run: assessments },
  { on: 'GET microsoft.security/assessmentmetadata[]', since: '2020-01-01', run: metadata },
  { on: `GET ${vaults}[]`, since: '2023-01-01', run: backupVaults },
  { on: `GET ${vaults}/backupjobs[]`, since: '2023-01-01', run: backupJobs },
  { on: 'GET microsoft.keyvault/vaults[]', since: '2022-07-01', run: keyVaults },
  { on: 'GET microsoft.authorization/roleassignments[]', since: '2022-04-01', run: assignments },
  { on: 'GET microsoft.authorization/roledefinitions[]', since: '2022-04-01', run: definitions },
];

const query = z.looseObject({
  type: z.enum(['ActualCost', 'AmortizedCost', 'Usage']),
  timeframe: z.literal('Custom'),
  timePeriod: z.looseObject({ from: z.iso.datetime(), to: z.iso.datetime() }),
  dataset: z.looseObject({ granularity: z.enum(['None', 'Daily']) }),
});
const dayMs = 86_400_000;
/** A replica of 1 vCPU and 2 GiB for an hour, about what the list says; and what a gateway costs without traffic. */
const replicaHour = 0.11;
const gatewayHour = 0.36;

/** What runs now, priced for all the days asked for that have been. */
function cost({ body, estate, now }: ArmCall): ArmReply {
  const { data, error } = query.safeParse(body);
  if (!data) throw invalid('BadRequest', `Invalid query definition: ${error.issues[0]?.path.join('.')}.`);
  const { from, to } = data.timePeriod;
  if (data.dataset.granularity !== 'None') throw invalid('BadRequest', 'The emulator knows the granularity None only.');
  const days = Math.max(0, (Math.min(Date.parse(to), now) - Date.parse(from)) / dayMs);
  const groups = new Map<string, number>();
  const add = (group: string, sum: number) => groups.set(group, (groups.get(group) ?? 0) + sum);
  for (const { region, cell } of estate.cells()) {
    add(region.resourceGroup, estate.app(cell.name).replicas(now).all * replicaHour * 24 * days);
  }
  for (const gateway of estate.gateways.values()) add(gateway.id.split('/')[4] ?? '', gatewayHour * 24 * days);
  const columns = [
    { name: 'Cost', type: 'Number' },
    { name: 'ResourceGroupName', type: 'String' },
    { name: 'Currency', type: 'String' },
  ];
  const rows = [...groups].map(([group, sum]) => [sum, group, 'USD']);
  return ok({ properties: { nextLink: null, columns, rows } });
}

function assessments({ estate }: ArmCall): ArmReply {
  const value = estate.upkeep.assessments.map(({ key, title, resourceId, code }) => ({
    id: `${resourceId}/providers/Microsoft.Security/assessments/${key}`,
    name: key,
    type: 'Microsoft.Security/assessments',
    properties: { displayName: title, status: { code }, resourceDetails: { source: 'Azure', id: resourceId } },
  }));
  return ok({ value });
}

function metadata({ estate }: ArmCall): ArmReply {
  const value = estate.upkeep.assessments.map(({ key, title, severity }) => ({
    id: `/providers/Microsoft.Security/assessmentMetadata/${key}`,
    name: key,
    properties: { displayName: title, severity, assessmentType: 'BuiltIn' },
  }));
  return ok({ value });
}

function backupVaults({ estate }: ArmCall): ArmReply {
  return ok({ value: estate.upkeep.backupVaults.map((id) => ({ id, name: id.split('/').at(-1) })) });
}

const filterShape =
  /^status eq '(\w+)' and startTime eq '(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2} [AP]M)' and endTime eq '(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2} [AP]M)'$/;

function backupJobs({ estate, url, path: { names, group = '' } }: ArmCall): ArmReply {
  const [name = ''] = names;
  const vault = estate.upkeep.backupVaults.find((id) => same(id.split('/').at(-1), name));
  if (!vault) throw resourceNotFound('Microsoft.RecoveryServices/vaults', name, group);
  const [, status, from = '', to = ''] = filterShape.exec(url.searchParams.get('$filter') ?? '') ?? [];
  if (status === undefined) throw invalid('BMSUserErrorInvalidInput', 'Input provided for the call is invalid.');
  const [first, last] = [Date.parse(`${from} UTC`), Date.parse(`${to} UTC`)];
  const value = estate.upkeep.jobs
    .filter((job) => job.vault === vault && job.status === status && job.startedAt >= first && job.startedAt <= last)
    .map(({ id, item, startedAt }) => ({
      id: `${vault}/backupJobs/${id}`,
      name: id,
      properties: {
        jobType: 'AzureIaaSVMJob',
        entityFriendlyName: item,
        operation: 'Backup',
        status,
        startTime: new Date(startedAt).toISOString(),
        ...(status === 'Failed' && { errorDetails: [{ errorCode: 400_001, errorString: 'The snapshot timed out.' }] }),
      },
    }));
  return ok({ value });
}

function keyVaults({ estate }: ArmCall): ArmReply {
  const value = estate.upkeep.keyVaults.map((name) => ({
    id: vaultId(name),
    name,
    properties: { vaultUri: `${estate.upkeep.vaultUrl}/${name}/` },
  }));
  return ok({ value });
}

function assignments({ estate }: ArmCall): ArmReply {
  const base = `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization`;
  const value = estate.upkeep.assignments.map(({ id, principalId, principalType, roleId, scope }) => ({
    id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${id}`,
    name: id,
    properties: { principalId, principalType, roleDefinitionId: `${base}/roleDefinitions/${roleId}`, scope },
  }));
  return ok({ value });
}

function definitions(): ArmReply {
  const base = `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization`;
  return ok({
    value: roles.map(({ id, name }) => ({
      id: `${base}/roleDefinitions/${id}`,
      name: id,
      properties: { roleName: name, type: 'BuiltInRole' },
    })),
  });
}
