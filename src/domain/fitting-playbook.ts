import type { Estate } from './estate.ts';
import { type Incident, isLive } from './incident.ts';

/** A playbook that would help, with what it would be about. */
export type FittingPlaybook =
  | { readonly playbook: 'isolate-cell'; readonly cell: string }
  | { readonly playbook: 'failover-region'; readonly region: string }
  /** Look at every region side by side first: what to do depends on what is found. */
  | { readonly playbook: 'none-yet' };

/**
 * Which playbook fits an incident. Trouble of one cell: take that cell out of service, unless it is protected or out
 * already. Trouble of one region: fail it over, when there is another. Trouble of the whole: none before a person has
 * looked at all of it. Trouble of what the estate does not know: none.
 */
export function fittingPlaybook(
  { state, place }: Pick<Incident, 'state' | 'place'>,
  estate: Pick<Estate, 'cells' | 'regions'>,
  cellsOut: readonly string[],
): FittingPlaybook | undefined {
  if (!isLive(state)) return undefined;
  if (place.scope === 'region')
    return estate.regions.length > 1 ? { playbook: 'failover-region', region: place.region } : undefined;
  if (place.scope === 'global') return { playbook: 'none-yet' };
  if (place.scope !== 'cell') return undefined;
  const cell = estate.cells.find(({ name }) => name === place.cell);
  if (cell === undefined || cell.protected !== undefined || cellsOut.includes(cell.name)) return undefined;
  return { playbook: 'isolate-cell', cell: cell.name };
}
