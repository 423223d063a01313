import { stringify } from 'yaml';
import { componentOf } from '../statuspage/components.ts';
import { container, database } from './cosmos-server.ts';
import type { Estate } from './estate.ts';
import { mostTenantsPerCell, requestsPerSecondPerReplica, subscriptionId } from './layout.ts';
import { vaultId, workspaceId } from './telemetry/resources.ts';

/** The estate file of the emulated estate, as `STAMPS_ESTATE` wants it: names come from the profile `guide`. */
export function estateFile(
  { regions, profile, frontDoor, data, upkeep, automation }: Estate,
  {
    metricsUrl,
    cosmosUrl,
    probesUrl,
    dnsServer,
    drain,
  }: { metricsUrl: string; cosmosUrl: string; probesUrl: string; dnsServer: string; drain: string },
): string {
  return stringify({
    version: 1,
    subscriptionId,
    naming: 'guide',
    tenants: { endpoint: cosmosUrl, database, container },
    drain,
    mostTenantsPerCell,
    logsWorkspaceId: workspaceId,
    publicHost: profile.fqdn,
    dnsServers: [dnsServer],
    originGroup: frontDoor.group,
    cosmosAccount: data.cosmosId,
    regions: regions.map(({ name, resourceGroup, cells }) => ({
      name,
      resourceGroup,
      metricsUrl,
      endpoint: profile.endpoints.find(({ region }) => region === name)?.name,
      origin: frontDoor.origins.find(({ region }) => region === name)?.name,
      probe: `${probesUrl}/${name}/health`,
      statusComponent: componentOf(name),
      ...(data.servers.some(({ region }) => region.name === name) && { sqlServer: `sql-stamps-${name}` }),
      ...(upkeep.keyVaults.includes(`kv-stamps-${name}`) && { keyVault: vaultId(`kv-stamps-${name}`) }),
      ...(automation.has(`aa-stamps-${name}`) && { automation: `aa-stamps-${name}` }),
      cells: cells.map((cell) => ({
        name: cell.name,
        role: cell.role,
        requestsPerSecondPerReplica,
        statusComponent: componentOf(cell.name),
        ...(cell.fallback !== undefined && { fallback: { cell: cell.fallback } }),
        ...(cell.role === 'active' && {
          data: {
            cosmosAccount: `cosmos-${cell.name}`,
            sqlVariable: 'SQL_DATABASE',
            cosmosVariable: 'COSMOS_ENDPOINT',
          },
        }),
      })),
    })),
  });
}
