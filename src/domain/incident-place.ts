import type { AlertPlace } from './alert.ts';
import type { Estate } from './estate.ts';

/** The smallest place that holds all of these cells; undefined: no cell is known. Cells that the estate lost are passed over. */
export function placeOfCells(estate: Estate, cells: readonly string[]): AlertPlace | undefined {
  const found = estate.cells.filter(({ name }) => cells.includes(name));
  const [first] = found;
  if (first === undefined) return undefined;
  if (found.some(({ region }) => region !== first.region)) return { scope: 'global' };
  return found.length === 1
    ? { scope: 'cell', region: first.region, cell: first.name }
    : { scope: 'region', region: first.region };
}

/** The smallest place that holds both. */
export function jointPlace(a: AlertPlace, b: AlertPlace): AlertPlace {
  if (a.scope === 'unknown') return b;
  if (b.scope === 'unknown') return a;
  if (a.scope === 'global' || b.scope === 'global' || a.region !== b.region) return { scope: 'global' };
  return a.scope === 'cell' && b.scope === 'cell' && a.cell === b.cell ? a : { scope: 'region', region: a.region };
}
