import { type Estate, findCell } from '../domain/estate.ts';
import type { Lease } from '../domain/run.ts';
import { OpsError } from '../errors.ts';
import type { Operations } from '../ports/operations.ts';

/** The lease on the cell that a person named. Throws `not-found` when nobody holds it. */
export async function heldLease(estate: Estate, operations: Pick<Operations, 'leases'>, named: string): Promise<Lease> {
  const cell = findCell(estate, named);
  const lease = (await operations.leases()).find(({ subject }) => subject === cell.name);
  if (lease) return lease;
  throw new OpsError('not-found', `${cell.name} has no lease: nobody holds it out of service.`, {
    hint: '`/stamps status` lists the leases.',
  });
}
