import { z } from 'zod';
import { findCell } from '../domain/estate.ts';
import { toNameStores } from '../domain/estate-lines.ts';
import { blobsAt, clock } from '../domain/recovery.ts';
import { OpsError } from '../errors.ts';
import type { DataPointers } from '../ports/app-data.ts';
import { definePlaybook } from '../ports/playbook.ts';
import { blastRadius } from './blast-radius.ts';
import { asFound } from './found.ts';
import { cellName, reason } from './input.ts';
import { copyArgs, heldRecovery, nameOf, servingRevision, suffixOf } from './recovery-parts.ts';
import { act, change, check, resources, wait } from './steps.ts';

/**
 * Let a cell work on the data that a recovery restored. A second revision of its app is started on the copies, its blobs
 * are put back to the same moment, over what is there, and traffic goes there; the other originals stay as they are.
 *
 * Runbook: docs/runbooks/swap-data.md; step ids are its headings, in order.
 * Blast radius: every tenant on the cell: what they wrote after the moment is not in the copies. Undo: back to the originals.
 */
export const swapData = definePlaybook({
  name: 'swap-data',
  summary: 'Let a cell work on its restored data',
  risk: 'high',
  input: z.object({ cell: cellName, withoutBlobs: z.boolean().default(false), reason }),

  async plan({ cell: named, withoutBlobs, reason }, context) {
    const { azure, estate, signal } = context;
    const cell = findCell(estate, named);
    const { run, copies, lease } = await heldRecovery(cell, context);
    const [first] = copies;
    if (!first) throw new OpsError('refused', `${run.id} restored nothing, so there is nothing to swap.`);
    const found = await asFound(context);
    const trafficRef = resources.appTraffic(cell);
    const weights = (await found(trafficRef)) as { weights: { revision: string; weight: number }[] } | null;
    const mine = (await context.recordedUndo(context.runId)).length > 0;
    // A run that has moved the traffic, and is planned anew, must not take its own revision for the old one.
    const serving = mine && weights ? (weights.weights[0]?.revision ?? '') : await servingRevision(cell, context);
    const now = await azure.appData.pointers(cell, serving, signal);

    const wanted: DataPointers = { ...now };
    for (const { store, from, resource } of copies) {
      const pointer = store === 'SQL' ? 'database' : 'account';
      if (now[pointer] === undefined)
        throw new OpsError(
          'refused',
          `The estate file does not say how the app of ${cell.name} is told its ${store}.`,
          {
            hint: `Add \`${store === 'SQL' ? 'sqlVariable' : 'cosmosVariable'}\` to \`data\` of the cell, or swap by hand: docs/runbooks/swap-data.md.`,
          },
        );
      if (now[pointer] === nameOf(resource.id))
        throw new OpsError('refused', `${cell.name} works on ${now[pointer]} already.`, {
          hint: 'Taking the swap back is `/stamps undo` of its run.',
        });
      if (now[pointer] !== nameOf(from))
        throw new OpsError('refused', `The app of ${cell.name} works on ${now[pointer]}, not on ${nameOf(from)}.`, {
          hint: `${toNameStores(cell, now)} Then recover it anew.`,
        });
      wanted[pointer] = nameOf(resource.id);
    }

    const blobsRef = resources.blobs(cell);
    const { name: account, left } = blobsAt(await azure.recovery.blobRange(cell, signal), first.at);
    // Once they are back, the window may move past the moment.
    const blobs = !withoutBlobs && (left === undefined || found.own(blobsRef) !== undefined);
    const revision = `${nameOf(cell.containerAppId)}--${suffixOf(first.at)}`;
    const revisionRef = resources.dataRevision(cell, revision);
    const others = (await azure.containerApps.revisions(cell.containerAppId, signal)).filter(
      ({ name }) => name !== revision,
    );
    const active = (
      await Promise.all(
        others.map(async (it) => ({
          ...it,
          was: await found(resources.revision(cell, it.name), { active: it.active }),
        })),
      )
    ).filter(({ was }) => (was as { active?: boolean } | null)?.active);
    const { drainMs } = estate;
    const args = { cell: cell.name, revision, database: wanted.database ?? '', account: wanted.account ?? '' };
    const cosmos = copies.find(({ store }) => store === 'Cosmos');
    const steps = [
      check(
        'copies-are-ready',
        `The copies are there and take connections${blobs ? '' : withoutBlobs ? '; blobs stay as they are, as was asked for' : `. ${left}`}`,
        { copies: copyArgs(copies) },
        'never',
      ),
      ...(blobs
        ? [
            check(
              'blobs-can-go-back',
              `All blobs of ${account} can go back to ${clock(first.at)}`,
              { cell: cell.name, at: first.at },
              'never',
            ),
          ]
        : []),
      ...(cosmos
        ? [
            check(
              'app-may-use-the-copy',
              'Whoever may use the Cosmos account may use its copy',
              { from: cosmos.from, copy: cosmos.resource.id },
              'never',
            ),
          ]
        : []),
      change(
        'start-revision-on-copies',
        `Start ${revision}, like ${serving} but on ${[wanted.database, wanted.account].filter(Boolean).join(' and ')}`,
        revisionRef,
        await found(revisionRef),
        { ...wanted },
      ),
      ...(blobs
        ? [
            change(
              'restore-blobs',
              `Put all block blobs of ${account} back to ${clock(first.at)}, over what is there: what was written since is undone, and nobody reads or writes them while it lasts`,
              blobsRef,
              await found(blobsRef),
              { at: first.at },
            ),
          ]
        : []),
      change('send-traffic-to-copies', `Send the traffic to it; ${serving} gets none`, trafficRef, weights, {
        weights: [{ revision, weight: 100 }],
      }),
      ...(drainMs > 0
        ? [
            wait('watch-copies', 'Let requests that have begun end, and watch the cell', drainMs, [
              { check: 'cell-serves-on-copies', args, says: `${cell.name} serves on its copies` },
            ]),
          ]
        : []),
      ...active.map(({ name }) =>
        change(
          `deactivate-${name}`,
          `Stop ${name}, so that nothing writes to the originals`,
          resources.revision(cell, name),
          { active: true },
          { active: false },
        ),
      ),
      act('name-copies', 'Tell which lines of the estate file name the copies', 'say', {
        says: `${toNameStores(cell, wanted)} Until then it refuses to recover ${cell.name} again. \`/stamps undo ${context.runId}\` still goes back, and \`/stamps recover release ${cell.name}\` still ends the recovery; who goes back changes the lines back.`,
      }),
    ];
    return {
      playbook: 'swap-data',
      title: `Let ${cell.name} work on its data as of ${clock(first.at)}`,
      target: { region: cell.region, cell: cell.name },
      reason,
      steps,
      impact: await blastRadius(context, cell, steps),
      locks: [
        cell.containerAppId,
        `lease/${lease.subject}`,
        ...(blobs ? [cell.storageId] : []),
        ...copies.map(({ resource }) => resource.id),
      ],
      onFailure: 'undo',
      undo: `/stamps undo of this run: back to the originals, without what is written meanwhile. What was written after ${clock(first.at)} is only in the originals.${blobs ? ' Blobs go back to the moment before this run restored them, while Azure keeps that.' : ''}`,
    };
  },
});
