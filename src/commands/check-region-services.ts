import type { EstateFinding } from '../blocks/estate-check-card.ts';
import { type Estate, type Region, resourceGroupOf } from '../domain/estate.ts';
import { mapSideBySide } from '../domain/side-by-side.ts';
import type { AzurePorts } from '../ports/azure.ts';
import { type Reading, unlessMissing } from './reading.ts';

const kinds = [
  {
    called: 'key vault',
    setting: 'keyVault',
    type: 'Microsoft.KeyVault/vaults',
    of: ({ keyVaultId }: Region) => keyVaultId,
  },
  {
    called: 'Automation account',
    setting: 'automation',
    type: 'Microsoft.Automation/automationAccounts',
    of: ({ automationAccountId }: Region) => automationAccountId,
  },
] as const;
type Kind = (typeof kinds)[number];
const atOnce = 12;

/**
 * The key vault and the Automation account of each region: those that are not there, and, of a region that names none,
 * those that stand in its resource group and that nobody names. A group's other vaults are nobody's fault.
 */
export async function checkRegionServices(
  azure: Pick<AzurePorts, 'inventory'>,
  { regions }: Estate,
  reading: Reading,
): Promise<EstateFinding[]> {
  const found = await Promise.all(kinds.map((kind) => checkKind(azure, regions, kind, reading)));
  return found.flat();
}

async function checkKind(
  { inventory }: Pick<AzurePorts, 'inventory'>,
  regions: readonly Region[],
  { called, setting, type, of }: Kind,
  reading: Reading,
): Promise<EstateFinding[]> {
  const groupOf = (region: Region) => resourceGroupOf(of(region) ?? region.gatewayId);
  const groups = [...new Set(regions.map(groupOf))];
  const lists = new Map(
    await mapSideBySide(groups, atOnce, async (group) => {
      const read = unlessMissing(reading, `${called}s in ${nameOf(group)}`, (signal) =>
        inventory.list(group, type, signal),
      );
      return [group, await read] as const;
    }),
  );
  const named = new Set(regions.map((region) => of(region)?.toLowerCase()));
  const extra = new Set<string>();
  const missing = regions.flatMap((region): EstateFinding[] => {
    const id = of(region);
    const ids = lists.get(groupOf(region));
    if (ids === undefined) return [];
    if (id !== undefined) {
      if (ids?.some((one) => one.toLowerCase() === id.toLowerCase())) return [];
      return [{ kind: 'missing', says: `${region.name}: ${called} ${nameOf(id)} in ${nameOf(groupOf(region))}` }];
    }
    for (const one of ids ?? []) if (!named.has(one.toLowerCase())) extra.add(one);
    return [];
  });
  return [
    ...missing,
    ...[...extra].map(
      (id): EstateFinding => ({
        kind: 'extra',
        says: `${called} ${nameOf(id)} in ${nameOf(resourceGroupOf(id))}: no region names it as “${setting}”`,
      }),
    ),
  ];
}

function nameOf(id: string): string {
  return id.split('/').at(-1) ?? id;
}
