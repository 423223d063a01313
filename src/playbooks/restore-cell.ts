import { z } from 'zod';
import { findCell } from '../domain/estate.ts';
import { OpsError } from '../errors.ts';
import { definePlaybook } from '../ports/playbook.ts';
import { blastRadius } from './blast-radius.ts';
import { briefReason, cellName } from './input.ts';
import { isolationGuards } from './isolation-guards.ts';
import { check } from './steps.ts';
import { takeBack } from './undo-run.ts';

/**
 * Bring an isolated cell back into service, exactly as it was.
 *
 * Runbook: docs/runbooks/restore-cell.md; step ids are its headings, in order.
 * Blast radius: every tenant on the cell, for they come back to it. Undo: the cell is isolated again.
 */
export const restoreCell = definePlaybook({
  name: 'restore-cell',
  summary: 'Bring an isolated cell back into service',
  risk: 'high',
  input: z.object({ cell: cellName, reason: briefReason('The isolation is over.') }),

  async plan({ cell: named, reason }, context) {
    const cell = findCell(context.estate, named);
    const lease = (await context.leases()).find(({ subject }) => subject === cell.name);
    if (!lease) {
      throw new OpsError('refused', `${cell.name} is not isolated, at least not by Stamps.`, {
        hint: '`/stamps status` shows what is; what was isolated by hand is brought back by hand.',
      });
    }
    const isolation = await context.run(lease.runId);
    const steps = [
      check('restored-cell-can-serve', `${cell.name} is able to serve`, { cell: cell.name }),
      // Revisions come first and are healthy before the gateway sends traffic; the lease goes last.
      ...(await takeBack(await context.recordedUndo(lease.runId), context)),
    ];
    return {
      playbook: 'restore-cell',
      title: `Restore ${cell.name}`,
      target: { region: cell.region, cell: cell.name },
      reason,
      steps,
      impact: await blastRadius(context, cell, steps),
      locks: isolation.plan.locks,
      onFailure: 'ask',
      undo: `/stamps undo of this run isolates ${cell.name} again, until the end that its lease had.`,
      beforeUndo: isolationGuards(cell),
    };
  },
});
