import { type CellLayout, globalGroup, providerId, type RegionLayout } from '../layout.ts';

/** What is measured and logs beside apps and gateways, by the names of the estate file's profile `guide`. */
export const workspaceId = '00000000-0000-4000-8000-0000000010c5';
export const apimType = 'Microsoft.ApiManagement/service';
export const frontDoorType = 'Microsoft.Cdn/profiles';
export const storageType = 'Microsoft.Storage/storageAccounts';
export const cosmosType = 'Microsoft.DocumentDB/databaseAccounts';
export const databaseType = 'Microsoft.Sql/servers/databases';
export const vaultType = 'Microsoft.KeyVault/vaults';
export const apimName = 'apim-stamps';
export const apimId = providerId(globalGroup, apimType, apimName);
export const frontDoorId = providerId(globalGroup, frontDoorType, 'fd-stamps');

export function vaultId(name: string): string {
  return providerId(globalGroup, vaultType, name);
}

export function storageId(region: RegionLayout, cell: CellLayout): string {
  return providerId(region.resourceGroup, storageType, `st${cell.name.replaceAll('-', '')}`.slice(0, 24));
}

export function databaseId(region: RegionLayout, cell: CellLayout): string {
  return `${providerId(region.resourceGroup, 'Microsoft.Sql/servers', `sql-stamps-${region.name}`)}/databases/sql-${cell.name}`;
}
