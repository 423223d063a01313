import type { Estate } from '../domain/estate.ts';
import { findHeld } from '../domain/find-held.ts';
import type { JsonObject } from '../domain/json.ts';
import { recoverySubject } from '../domain/recovery.ts';
import type { Lease } from '../domain/run.ts';
import { OpsError } from '../errors.ts';
import type { Operations } from '../ports/operations.ts';

/** The lease on what a person named: a cell, a region or a recovery. Throws `not-found` when nobody holds it. */
export async function heldLease(estate: Estate, operations: Pick<Operations, 'leases'>, named: string): Promise<Lease> {
  const { of, subject, cell } = findHeld(estate, named);
  const leases = await operations.leases();
  const lease = leases.find((one) => one.subject === subject);
  if (lease) return lease;
  if (of === 'recovery') {
    throw new OpsError('not-found', `No recovery of ${cell.name} is open: nothing is kept for it.`, {
      hint: '`/stamps status` lists the leases.',
    });
  }
  const recovery = cell && leases.find((one) => one.subject === recoverySubject(cell.name));
  throw new OpsError('not-found', `${subject} has no lease: nobody holds it out of service.`, {
    hint: recovery
      ? `The copies of its data are kept by another: \`/stamps lease extend ${recovery.subject} 1d\`.`
      : '`/stamps status` lists the leases.',
  });
}

/** What gives back that which a lease holds: a region fails back, a cell is restored, a recovery is ended. */
export function wayBack(estate: Estate, lease: Lease): { playbook: string; input: JsonObject } {
  const held = findHeld(estate, lease.subject);
  switch (held.of) {
    case 'region':
      return { playbook: 'failback-region', input: { region: held.region.name } };
    case 'cell':
      return { playbook: 'restore-cell', input: { cell: held.cell.name } };
    case 'recovery':
      return { playbook: 'release-recovery', input: { cell: held.cell.name } };
  }
}
