import { z } from 'zod';
import { findCell } from '../domain/estate.ts';
import { besideOf, chooseMoment, clock, parseMoment, recoverySubject } from '../domain/recovery.ts';
import type { LeaseState } from '../domain/run.ts';
import { isOpsError, OpsError } from '../errors.ts';
import { definePlaybook, type PlanContext } from '../ports/playbook.ts';
import { blastRadius } from './blast-radius.ts';
import { asFound, type Found, kindOf } from './found.ts';
import { cellName, duration, reason } from './input.ts';
import { after, atClock } from './moment.ts';
import {
  type Copy,
  copiesAreNotInUse,
  copyArgs,
  cosmosCopyOf,
  nameOf,
  refuseIfRecovering,
  sqlCopyOf,
} from './recovery-parts.ts';
import { refuseOldOriginals } from './serving-stores.ts';
import { act, change, check, resources } from './steps.ts';

const moment = z.string('Name a moment.').transform((text, context) => {
  try {
    const at = parseMoment(text);
    if (at !== 'latest') return at;
    // What is the latest moves on: whoever asks says which it was, so that the plan stays the same.
    context.addIssue({ code: 'custom', message: 'Name the moment itself.' });
  } catch (error) {
    if (!isOpsError(error)) throw error;
    context.addIssue({ code: 'custom', message: `${error.message} ${error.hint}` });
  }
  return z.NEVER;
});

/**
 * Restore a cell's stores beside the originals, all to one moment. Nothing that serves is touched: the swap is a run of
 * its own.
 *
 * Runbook: docs/runbooks/recover-cell.md; step ids are its headings, in order.
 * Blast radius: none yet. Undo: the copies are deleted.
 */
export const recoverCell = definePlaybook({
  name: 'recover-cell',
  summary: 'Restore a cell’s data beside the original, to one moment',
  risk: 'high',
  input: z.object({ cell: cellName, at: moment, reason, for: duration.prefault('7d') }),

  async plan({ cell: named, at: wanted, reason, for: forMs }, context) {
    const cell = findCell(context.estate, named);
    await refuseIfRecovering(cell, context);
    await refuseOldOriginals(cell, context.azure, context.signal);
    const findings = await context.azure.recovery.ranges(cell, context.signal);
    const at = chooseMoment(findings, wanted);
    const able = new Set(besideOf(findings).map(({ store }) => store));
    const accountId = cell.data?.cosmosAccountId;
    const copies = [
      ...(able.has('SQL') ? [sqlCopyOf(cell, at)] : []),
      ...(able.has('Cosmos') && accountId !== undefined ? [cosmosCopyOf(accountId, at)] : []),
    ];
    const found = await asFound(context);
    await refuseTaken(copies, found, context);

    const until = after(context.requestedAt, forMs);
    const lease: LeaseState = { until, onExpiry: 'remind', reason };
    const held = resources.lease({ name: recoverySubject(cell.name) });
    const steps = [
      check('moment-can-be-restored', `All of it can be restored to ${clock(at)}`, { cell: cell.name, at }, 'never'),
      change(
        'hold-lease',
        `Keep copies and originals until ${atClock(until, context.requestedAt)}; then somebody is asked`,
        held,
        null,
        lease,
      ),
      ...copies.map(({ store, resource, from }) =>
        change(
          `restore-${store.toLowerCase()}`,
          `Restore ${store} as ${nameOf(resource.id)}, beside ${nameOf(from)}`,
          resource,
          null,
          { from, at },
        ),
      ),
      act('compare-copies', 'Compare the copies with the originals, and offer the swap', 'compare-copies', {
        cell: cell.name,
        copies: copyArgs(copies),
      }),
    ];
    return {
      playbook: 'recover-cell',
      title: `Restore the data of ${cell.name} as of ${clock(at)}, beside the original`,
      target: { region: cell.region, cell: cell.name },
      reason,
      steps,
      impact: await blastRadius(context, cell, steps),
      locks: [held.id, ...copies.map(({ resource }) => resource.id)],
      onFailure: 'ask',
      undo: `/stamps recover release ${cell.name} deletes the copies; the original was never touched.`,
      beforeUndo: [copiesAreNotInUse(cell, copies)],
    };
  },
});

/** Something of that name that is not this very copy is somebody's. */
async function refuseTaken(copies: readonly Copy[], found: Found, { kinds }: PlanContext): Promise<void> {
  for (const { resource } of copies) {
    const there = await found(resource);
    if (there === null) continue;
    const says = kindOf(kinds, resource).describe(null, there);
    throw new OpsError('refused', `${nameOf(resource.id)} is there already (${says}).`, {
      hint: 'Choose another moment, a second earlier or later, or delete it by hand.',
    });
  }
}
