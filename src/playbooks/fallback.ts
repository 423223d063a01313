import { type Cell, cellByName } from '../domain/estate.ts';
import { OpsError } from '../errors.ts';
import type { PlanContext } from '../ports/playbook.ts';

/** Who takes over from a cell, in words. */
export function fallbackName({ fallback }: Cell): string {
  if (!fallback) return 'Nothing';
  return 'cell' in fallback ? fallback.cell : fallback.addresses.join(', ');
}

/** Where its traffic goes: the host of the cell that takes over, or the addresses of the estate file. Never none. */
export async function fallbackAddresses(cell: Cell, { estate, azure, signal }: PlanContext): Promise<string[]> {
  const { fallback } = cell;
  if (!fallback) {
    throw new OpsError(
      'refused',
      `Nothing can take over from ${cell.name}: the estate file names no fallback for it.`,
      { hint: 'Without one its tenants would get errors. Name a cell or a maintenance backend in the estate file.' },
    );
  }
  if ('addresses' in fallback) return [...fallback.addresses].sort();
  const { fqdn } = await azure.containerApps.app(cellByName(estate, fallback.cell).containerAppId, signal);
  if (fqdn !== '') return [fqdn];
  throw new OpsError('refused', `${fallback.cell} has no host name to which traffic could be sent.`, {
    hint: 'Give its container app an ingress, or name addresses as the fallback in the estate file.',
  });
}
