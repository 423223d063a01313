import { type Cell, type Estate, findCell, findPart, findRegion, type Region } from './estate.ts';
import type { Plan } from './plan.ts';
import { recoveredCell, recoverySubject } from './recovery.ts';
import type { Lease } from './run.ts';

/**
 * What a lease can be on: a region or a cell that is out of service, or the copies of a cell's data. `subject` is the
 * lease's own name.
 */
export type Held = { readonly subject: string; readonly region: Region } & (
  | { readonly of: 'region'; readonly cell?: undefined }
  | { readonly of: 'cell' | 'recovery'; readonly cell: Cell }
);

/** What a lease by this name is on, by what the run is about that took it. */
export function heldKind(subject: string, { region }: Plan['target']): Lease['of'] {
  if (recoveredCell(subject) !== undefined) return 'recovery';
  return subject === region ? 'region' : 'cell';
}

/** What a person or a button named: a region, a cell, or `recovery/<cell>`. Throws as `findCell`. */
export function findHeld(estate: Estate, named: string): Held {
  const recovered = recoveredCell(named.trim().toLowerCase());
  if (recovered !== undefined) {
    const cell = findCell(estate, recovered);
    return { of: 'recovery', subject: recoverySubject(cell.name), region: findRegion(estate, cell.region), cell };
  }
  const { region, cell } = findPart(estate, named);
  return cell ? { of: 'cell', subject: cell.name, region, cell } : { of: 'region', subject: region.name, region };
}
