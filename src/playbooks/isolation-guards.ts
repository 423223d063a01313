import type { Cell } from '../domain/estate.ts';
import type { CheckStep } from '../domain/plan.ts';
import { fallbackName } from './fallback.ts';
import { check } from './steps.ts';

/** What is asked before a cell is taken out of service, on whatever path. */
export function isolationGuards(cell: Cell): CheckStep[] {
  const args = { cell: cell.name };
  return [
    check('cell-is-not-protected', `${cell.name} may be taken out of service`, args, 'never'),
    check('region-keeps-a-healthy-cell', `${cell.region} keeps enough healthy cells`, args),
    check('isolations-below-cap', 'Not too many cells are out of service', args),
    check('pool-is-not-the-default', 'The gateway sends no other traffic to this pool', args),
    check('fallback-has-capacity', `${fallbackName(cell)} can take the load`, args),
  ];
}
