import type { Estate } from './estate.ts';
import { type Incident, isLive } from './incident.ts';

/** A playbook that would help, with what its form is filled in with. */
export interface FittingPlaybook {
  readonly playbook: 'isolate-cell';
  readonly cell: string;
}

/**
 * Which playbook fits an incident. Trouble of one cell: take that cell out of service, unless it is protected or out
 * already. Trouble of more than one cell: none; isolating cells one by one would leave a region without any.
 */
export function fittingPlaybook(
  incident: Pick<Incident, 'state' | 'place' | 'cells'>,
  estate: Estate,
  cellsOut: readonly string[],
): FittingPlaybook | undefined {
  if (!isLive(incident.state) || incident.place.scope !== 'cell') return undefined;
  const { cell: named } = incident.place;
  const cell = estate.cells.find(({ name }) => name === named);
  if (cell === undefined || cell.protected !== undefined || cellsOut.includes(named)) return undefined;
  return { playbook: 'isolate-cell', cell: named };
}
