import { z } from 'zod';
import { type Cell, findCell } from '../domain/estate.ts';
import type { ScalingDirection } from '../domain/scaling.ts';
import type { FloorState } from '../domain/scaling-floor.ts';
import { OpsError } from '../errors.ts';
import type { ScaleState } from '../ports/azure.ts';
import { definePlaybook } from '../ports/playbook.ts';
import { blastRadius } from './blast-radius.ts';
import { asFound } from './found.ts';
import { briefReason, cellName } from './input.ts';
import { change, check, resources } from './steps.ts';

const replicas = z
  .int('Give the replicas as a whole number, such as 6.')
  .min(0, 'Give the replicas as a whole number, such as 6.')
  .max(1_000, 'Azure takes at most 1,000 replicas.');

/**
 * Let a cell keep more replicas, or fewer.
 *
 * Runbook: docs/runbooks/scale-cell.md; step ids are its headings, in order. What it keeps at least is set; what it may
 * have at most is raised where that is less, and lowered only when somebody says so.
 * Blast radius: every tenant on the cell. Undo: the replicas that were found come back.
 */
export const scaleCell = definePlaybook({
  name: 'scale-cell',
  summary: 'Let a cell keep more replicas, or fewer',
  risk: 'medium',
  input: z.object({
    cell: cellName,
    /** At least so many. */
    to: replicas.optional(),
    /** So many more, or fewer, than it keeps now. */
    by: z.int('Give a whole number, such as +2.').min(-1_000).max(1_000).optional(),
    /** At most so many. */
    most: replicas.optional(),
    reason: briefReason('Its load asks for it.'),
    /** The proposal that it comes from; absent: it is a person's own wish, and becomes the cell's floor. */
    proposal: z.string().optional(),
  }),

  async plan({ cell: named, to, by, most, reason, proposal }, context) {
    const cell = findCell(context.estate, named);
    const found = await asFound(context);
    const [scale, floor] = await Promise.all([
      found(resources.scale(cell)) as Promise<ScaleState | null>,
      found(resources.floor(cell)) as Promise<FloorState | null>,
    ]);
    if (!scale) throw new OpsError('not-found', `${cell.name} has no container app to scale.`);
    const after = scaleAfter(scale, { to, by, most });
    const direction = directionOf(scale, after);
    const wanted: FloorState = { replicas: after.minReplicas };
    const kept = proposal === undefined ? wanted : floor;
    if (direction === undefined && floor?.replicas === kept?.replicas) {
      throw new OpsError('refused', `${cell.name} keeps ${words(scale)} replicas already.`, {
        hint: `Another number changes it, such as \`/stamps scale ${cell.name} by +1\`.`,
      });
    }

    const args = { cell: cell.name };
    const size = { ...args, least: after.minReplicas, most: after.maxReplicas };
    const steps = [
      check('cell-is-in-service', `${cell.name} is in service`, args),
      check('scale-reaches-traffic', 'A new scale reaches its traffic', args, 'never'),
      check('replicas-within-policy', 'The policy allows so many', size),
      ...(direction === 'in'
        ? [
            check('fewer-replicas-suffice', 'Fewer replicas can take its load', size),
            check('above-floor', 'Not below what a person set', { ...size, own: proposal === undefined }, 'never'),
          ]
        : []),
      ...(proposal === undefined && floor?.replicas !== wanted.replicas
        ? [
            change(
              'set-floor',
              `Propose no fewer than ${after.minReplicas} replicas of ${cell.name} from now on`,
              resources.floor(cell),
              floor,
              wanted,
            ),
          ]
        : []),
      ...(direction === undefined
        ? []
        : [change('scale', saysOf(cell, scale, after), resources.scale(cell), scale, after)]),
    ];
    return {
      playbook: 'scale-cell',
      title: `Scale ${cell.name} ${direction ?? ''} to ${words(after)} replicas`.replace('  ', ' '),
      target: { region: cell.region, cell: cell.name },
      ...(direction !== undefined && { scale: direction }),
      reason,
      steps,
      impact: await blastRadius(context, cell, steps),
      // The region too: two could pass its limit side by side.
      locks: [cell.containerAppId, `scaling/${cell.region}`],
      onFailure: 'ask',
      undo: `/stamps undo of this run lets ${cell.name} keep ${words(scale)} replicas again.`,
    };
  },
});

function scaleAfter(
  scale: ScaleState,
  { to, by, most }: { to?: number | undefined; by?: number | undefined; most?: number | undefined },
): ScaleState {
  if ((to === undefined) === (by === undefined))
    throw new OpsError('bad-input', 'Say either to how many replicas, or by how many.', {
      hint: '`/stamps scale cell-banking to 6` or `/stamps scale cell-banking by +2`.',
    });
  const minReplicas = to ?? scale.minReplicas + (by ?? 0);
  const maxReplicas = most ?? Math.max(scale.maxReplicas, minReplicas);
  if (minReplicas < 1)
    throw new OpsError('refused', 'A cell that serves tenants keeps at least one replica.', {
      hint: '`/stamps isolate` takes a cell out of service.',
    });
  if (maxReplicas < minReplicas)
    throw new OpsError('bad-input', `At most ${maxReplicas} is less than at least ${minReplicas}.`, {
      hint: 'Give a larger number behind `most`.',
    });
  return { minReplicas, maxReplicas };
}

/** More at least, or more at most with as many at least, is out; anything less is in. Undefined: nothing changes. */
export function directionOf(before: ScaleState, after: ScaleState): ScalingDirection | undefined {
  if (after.minReplicas < before.minReplicas) return 'in';
  if (after.minReplicas > before.minReplicas) return 'out';
  if (after.maxReplicas === before.maxReplicas) return undefined;
  return after.maxReplicas > before.maxReplicas ? 'out' : 'in';
}

function saysOf(cell: Cell, before: ScaleState, after: ScaleState): string {
  const room = (count: number) => Math.round(count * cell.requestsPerSecondPerReplica).toLocaleString('en-GB');
  const more = after.minReplicas - before.minReplicas;
  const paid =
    more === 0
      ? ''
      : `; ${Math.abs(more)} replica${Math.abs(more) === 1 ? '' : 's'} ${more > 0 ? 'more' : 'fewer'} paid for all the time`;
  return `Keep ${words(after)} replicas of ${cell.name}, not ${words(before)}: always room for ${room(after.minReplicas)} requests/s, not ${room(before.minReplicas)}${paid}`;
}

function words({ minReplicas, maxReplicas }: ScaleState): string {
  return `${minReplicas} to ${maxReplicas}`;
}
