/**
 * Microsoft.Sql/servers/failoverGroups and Microsoft.DocumentDB/databaseAccounts. Rules kept, after
 * azure-rest-api-specs (Microsoft.Sql, FailoverGroups.json, stable 2021-11-01; Microsoft.DocumentDB, cosmos-db.json):
 * - Each server of a group has the group as a resource, with its own `replicationRole` and its partners'.
 * - POST failover asks the server that shall take over, waits for replication and fails without it; POST
 *   forceFailoverAllowDataLoss does not wait. Both are long-running (202).
 * - POST failoverPriorityChange names every region of the account once, priorities from 0 without gaps; the first takes
 *   writes. It needs both regions (MicrosoftDocs, “Manage an Azure Cosmos DB account”: no manual failover in an outage).
 * - With enableAutomaticFailover a lost write region moves by itself (data-layer.ts).
 * The emulator's own choices: what cannot be done is accepted and then ends as Failed; and what `replicationState` says
 * once a region is lost, `SUSPENDED` or, by a fault, still `CATCH_UP`: the reference names the states, not when they change.
 */
import { z } from 'zod';
import { invalid, resourceNotFound } from './arm-fault.ts';
import { accepted, statusRoute } from './long-operation.ts';
import { storeAccountDocument } from './recovery/cosmos-routes.ts';
import { type ArmCall, type ArmReply, ok, type Route, same } from './route.ts';

const groupType = 'Microsoft.Sql/servers/failoverGroups';
const accountType = 'Microsoft.DocumentDB/databaseAccounts';
const groups = groupType.toLowerCase();
const accounts = accountType.toLowerCase();
export const failoverGroupName = 'fog-stamps';

export const dataRoutes: readonly Route[] = [
  { on: `GET ${groups}`, since: '2021-11-01', run: (call) => ok(groupDocument(call, serverAt(call))) },
  { on: `POST ${groups}:failover`, since: '2021-11-01', writes: true, run: (call) => failOver(call, false) },
  {
    on: `POST ${groups}:forcefailoverallowdataloss`,
    since: '2021-11-01',
    writes: true,
    run: (call) => failOver(call, true),
  },
  {
    on: `GET ${accounts}`,
    since: '2021-10-15',
    run: (call) => ok(isGlobal(call) ? accountDocument(call) : storeAccountDocument(call)),
  },
  { on: `POST ${accounts}:failoverprioritychange`, since: '2021-10-15', writes: true, run: changePriorities },
  statusRoute('Microsoft.Sql', 'The secondary is not synchronised with the primary, or the primary is not reachable.'),
  statusRoute('Microsoft.DocumentDB', 'A region of the account is not reachable.'),
];

function serverAt({ estate, path: { group = '', names } }: ArmCall): number {
  const [server = '', name = ''] = names;
  const index = estate.data.servers.findIndex((one) => same(one.name, server) && same(one.region.resourceGroup, group));
  if (index < 0 || !same(name, failoverGroupName)) throw resourceNotFound(groupType, `${server}/${name}`, group);
  return index;
}

function groupDocument({ estate: { data } }: ArmCall, index: number): object {
  const role = (at: number) => (at === data.primary ? 'Primary' : 'Secondary');
  const { id, region } = data.servers[index] as (typeof data.servers)[number];
  return {
    id: `${id}/failoverGroups/${failoverGroupName}`,
    name: failoverGroupName,
    type: groupType,
    location: region.displayName,
    properties: {
      readWriteEndpoint: { failoverPolicy: 'Manual' },
      readOnlyEndpoint: { failoverPolicy: 'Disabled' },
      replicationRole: role(index),
      replicationState: data.replication,
      partnerServers: data.servers.flatMap((server, at) =>
        at === index ? [] : [{ id: server.id, location: server.region.displayName, replicationRole: role(at) }],
      ),
      databases: [`${id}/databases/stamps`],
    },
  };
}

function failOver(call: ArmCall, forced: boolean): ArmReply {
  const { estate, faults } = call;
  const index = serverAt(call);
  const { region } = estate.data.servers[index] as (typeof estate.data.servers)[number];
  return {
    ...accepted(call, {
      resource: failoverGroupName,
      provider: 'Microsoft.Sql',
      region: region.name,
      takesMs: faults.gatewayDelayMs,
      onEnd: () => estate.regionWorks(region.name) && estate.data.failOver(index, forced),
    }),
    changed: estate.data.primary !== index,
  };
}

function isGlobal({ estate: { data }, path: { names } }: ArmCall): boolean {
  return same(names[0], data.cosmosId.split('/').at(-1) ?? '');
}

function account({ estate: { data }, path: { group = '', names } }: ArmCall) {
  const [name = ''] = names;
  const [, , , , ownGroup = ''] = data.cosmosId.split('/');
  if (!same(group, ownGroup) || !same(name, data.cosmosId.split('/').at(-1) ?? ''))
    throw resourceNotFound(accountType, name, group);
  return data;
}

function accountDocument(call: ArmCall): object {
  const { cosmosId, cosmosRegions, automaticFailover } = account(call);
  const locations = cosmosRegions.map(({ name, displayName }, failoverPriority) => ({
    id: `cosmos-global-stamps-${name}`,
    locationName: displayName,
    provisioningState: 'Succeeded',
    failoverPriority,
  }));
  return {
    id: cosmosId,
    name: cosmosId.split('/').at(-1),
    type: accountType,
    kind: 'GlobalDocumentDB',
    properties: {
      provisioningState: 'Succeeded',
      enableAutomaticFailover: automaticFailover,
      enableMultipleWriteLocations: false,
      writeLocations: locations.slice(0, 1),
      readLocations: locations,
      failoverPolicies: locations.map(({ id, locationName, failoverPriority }) => ({
        id,
        locationName,
        failoverPriority,
      })),
    },
  };
}

const prioritiesSchema = z.looseObject({
  failoverPolicies: z.array(z.looseObject({ locationName: z.string(), failoverPriority: z.int().min(0) })),
});

function changePriorities(call: ArmCall): ArmReply {
  const { estate, faults } = call;
  const data = account(call);
  const asked = prioritiesSchema
    .safeParse(call.body)
    .data?.failoverPolicies.toSorted((a, b) => a.failoverPriority - b.failoverPriority);
  const wanted = asked?.map(({ locationName }) =>
    data.cosmosRegions.find(({ name, displayName }) => same(locationName, displayName) || same(locationName, name)),
  );
  const whole =
    wanted?.length === data.cosmosRegions.length &&
    new Set(wanted).size === wanted.length &&
    asked?.every(({ failoverPriority }, index) => failoverPriority === index);
  if (!whole || wanted.includes(undefined))
    throw invalid('BadRequest', 'Failover policies must name every region of the account once, from priority 0 up.');
  const order = wanted as typeof data.cosmosRegions;
  return {
    ...accepted(call, {
      resource: data.cosmosId,
      provider: 'Microsoft.DocumentDB',
      region: order[0]?.name ?? '',
      takesMs: faults.gatewayDelayMs,
      onEnd: () => {
        if (!order.every(({ name }) => estate.regionWorks(name))) return false;
        data.cosmosRegions = order;
        return true;
      },
    }),
    changed: order.some((region, index) => data.cosmosRegions[index] !== region),
  };
}
