import { type Estate, findPart } from '../domain/estate.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Lease } from '../domain/run.ts';
import { OpsError } from '../errors.ts';
import type { Operations } from '../ports/operations.ts';

/** The lease on the cell or region that a person named. Throws `not-found` when nobody holds it. */
export async function heldLease(estate: Estate, operations: Pick<Operations, 'leases'>, named: string): Promise<Lease> {
  const { region, cell } = findPart(estate, named);
  const { name } = cell ?? region;
  const lease = (await operations.leases()).find(({ subject }) => subject === name);
  if (lease) return lease;
  throw new OpsError('not-found', `${name} has no lease: nobody holds it out of service.`, {
    hint: '`/stamps status` lists the leases.',
  });
}

/** What gives back that which a lease holds: a region fails back, a cell is restored. */
export function wayBack(estate: Estate, { subject }: Lease): { playbook: string; input: JsonObject } {
  return estate.regions.some(({ name }) => name === subject)
    ? { playbook: 'failback-region', input: { region: subject } }
    : { playbook: 'restore-cell', input: { cell: subject } };
}
