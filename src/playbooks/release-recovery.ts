import { z } from 'zod';
import { findCell } from '../domain/estate.ts';
import { toNameStores } from '../domain/estate-lines.ts';
import { isOpsError } from '../errors.ts';
import { definePlaybook } from '../ports/playbook.ts';
import { blastRadius } from './blast-radius.ts';
import { asFound } from './found.ts';
import { briefReason, cellName } from './input.ts';
import { copiesAreNotInUse, deletesCopy, heldRecovery, nameOf } from './recovery-parts.ts';
import { change, resources } from './steps.ts';
import { takeBack } from './undo-run.ts';

/**
 * End a recovery. Copies that nobody uses are deleted; after a swap nothing is: the copies are the cell's data now, and
 * the originals, which Stamps did not make, are for people to delete.
 *
 * Runbook: docs/runbooks/release-recovery.md; step ids are its headings, in order.
 * Blast radius: none. Undo: unused copies are restored anew, while the backups reach back that far.
 */
export const releaseRecovery = definePlaybook({
  name: 'release-recovery',
  summary: 'End a recovery: delete copies that nobody uses, or let the originals go',
  risk: 'high',
  input: z.object({ cell: cellName, reason: briefReason('The recovery is over.') }),

  async plan({ cell: named, reason }, context) {
    const cell = findCell(context.estate, named);
    const { lease, run, copies } = await heldRecovery(cell, context);
    const inUse = await context.azure.appData
      .routing(cell, context.signal)
      .then(({ weights }) =>
        Promise.all(
          weights
            .filter(({ revision }) => revision !== 'latest')
            .map(({ revision }) => context.azure.appData.pointers(cell, revision, context.signal)),
        ),
      )
      .then((all) => all.flatMap(({ database = '', account = '' }) => [database, account]))
      // Whose settings cannot be read may use them: the check says so, and nothing is deleted.
      .catch((error: unknown): string[] => {
        if (isOpsError(error, 'refused')) return [];
        throw error;
      });
    const used = copies.filter(({ resource }) => inUse.includes(nameOf(resource.id)));
    const held = resources.lease({ name: lease.subject });
    const found = await asFound(context);
    const steps =
      used.length > 0
        ? [
            change(
              'give-back-lease',
              `Keep the copies; the originals are for people to delete`,
              held,
              await found(held),
              null,
            ),
          ]
        : [copiesAreNotInUse(cell, copies), ...(await takeBack(await context.recordedUndo(run.id), context))];
    const deletes = steps.some((step) => step.kind === 'change' && deletesCopy(step));
    const keptOf = (wanted: string) =>
      used.filter(({ store }) => store === wanted).map(({ resource }) => nameOf(resource.id))[0];
    const kept = { database: keptOf('SQL'), account: keptOf('Cosmos') };
    const originals = used.map(({ from }) => nameOf(from)).join(' and ');
    return {
      playbook: 'release-recovery',
      title:
        used.length > 0
          ? `End the recovery of ${cell.name}: it keeps ${used.map(({ resource }) => nameOf(resource.id)).join(' and ')}`
          : `End the recovery of ${cell.name}${deletes ? ', and delete its copies' : ': its copies are gone already'}`,
      target: { region: cell.region, cell: cell.name },
      reason,
      steps,
      impact: await blastRadius(context, cell, steps),
      locks: [held.id, ...copies.map(({ resource }) => resource.id)],
      onFailure: 'ask',
      undo:
        used.length > 0
          ? `${toNameStores(cell, kept)} ${originals} stay until a person deletes them; nothing here does.`
          : deletes
            ? 'The copies are restored anew, while the backups of the originals reach back that far.'
            : 'Nothing is deleted: only the lease is held again, until the end that it had.',
    };
  },
});
