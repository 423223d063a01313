import { z } from 'zod';
import { dayMs } from '../domain/duration.ts';
import { cellByName } from '../domain/estate.ts';
import { impactOf } from '../domain/impact.ts';
import type { Json } from '../domain/json.ts';
import { type ChangeStep, undoPlaybook } from '../domain/plan.ts';
import { oppositeDirection } from '../domain/scaling.ts';
import { OpsError } from '../errors.ts';
import { definePlaybook, type PlanContext, type RecordedChange } from '../ports/playbook.ts';
import { blastRadius } from './blast-radius.ts';
import { asFound, kindOf } from './found.ts';
import { nameOf } from './recovery-parts.ts';
import { regionImpact } from './region-parts.ts';
import { change } from './steps.ts';

/**
 * Take back what a run did, in reverse: exactly what each of its changes found comes back. What must hold before, the
 * run's own plan says.
 *
 * Runbook: docs/runbooks/undo-run.md. Blast radius: that of the run. Undo: the run's changes are made again.
 */
export const undoRun = definePlaybook({
  name: undoPlaybook,
  summary: 'Take back what a run did',
  risk: 'high',
  input: z.object({ run: z.string('Name a run, such as r-17.').trim().min(1, 'Name a run, such as r-17.') }),

  async plan({ run: id }, context) {
    const run = await context.run(id);
    const steps = await takeBack(await context.recordedUndo(run.id), context);
    if (steps.length === 0) {
      throw new OpsError('refused', `There is nothing to take back: everything is as it was before ${run.id}.`);
    }
    refuseEndedLease(steps, context);
    await refuseForeignLease(run.id, steps, context);

    const { target } = run.plan;
    const cell = target.cell === undefined ? undefined : cellByName(context.estate, target.cell);
    const region = context.estate.regions.find(({ name }) => name === target.region);
    return {
      playbook: undoPlaybook,
      title: `Take back ${run.id}, ${run.playbook}${cell || region ? ` on ${(cell ?? region)?.name}` : ''}`,
      target,
      takesBack: run.plan.takesBack ?? run.playbook,
      // Taking a scale-out back is a scale-in, and needs whom that needs.
      ...(run.plan.scale !== undefined && { scale: oppositeDirection[run.plan.scale] }),
      reason: `Takes back ${run.id}: ${run.plan.reason}`,
      steps: [...(run.plan.beforeUndo ?? []), ...steps],
      impact: cell
        ? await blastRadius(context, cell, steps)
        : region
          ? await regionImpact(context, region, steps.some(takesLease))
          : impactOf([], { healthyCellsLeft: [], cellsOut: run.plan.impact.cellsOut }),
      locks: run.plan.locks,
      onFailure: 'ask',
      undo: `Taking this back makes the changes of ${run.id} again.`,
      beforeUndo: run.plan.steps.filter((step) => step.kind === 'check'),
    };
  },
});

/**
 * Recorded changes in reverse, from what is there now to what each of them found. What is so already is left out.
 * Knows no kind of resource in particular.
 */
export async function takeBack(
  recorded: readonly RecordedChange[],
  context: Pick<PlanContext, 'kinds' | 'recordedUndo' | 'runId' | 'signal'>,
): Promise<ChangeStep[]> {
  const found = await asFound(context);
  const steps = await Promise.all(
    recorded.map(async ({ stepId, resource, before: wanted, after: left }) => {
      const kind = kindOf(context.kinds, resource);
      const now = await found(resource);
      if (kind.equals(now, wanted)) return [];
      const meanwhile = kind.equals(now, left) ? '' : ` Changed since by somebody: ${kind.describe(left, now)}.`;
      const forGood = left === null ? undefined : kind.lost?.(left);
      const between = now !== null && wanted !== null ? (kind.via?.(now, wanted) ?? []) : [];
      const ways = [now, ...between, wanted];
      return ways.slice(1).map((next, index) => {
        const here = ways[index] as Json;
        return index === between.length
          ? change(
              opposite(stepId),
              `Put back ${nameOf(resource.id)}: ${kind.describe(here, next)}.${meanwhile}${forGood === undefined ? '' : ` ${forGood}`}`,
              { ...resource },
              here,
              next,
            )
          : change(
              `prepare-${opposite(stepId)}`,
              `First, ${nameOf(resource.id)}: ${kind.describe(here, next)}.`,
              { ...resource },
              here,
              next,
              preparationMs,
            );
      });
    }),
  );
  return steps.reverse().flat();
}

/** What must be there before something can be put back may be a copy of everything. */
const preparationMs = dayMs;

/** `route-around-cell` ↔ `undo-route-around-cell`. */
function opposite(stepId: string): string {
  return stepId.startsWith('undo-') ? stepId.slice('undo-'.length) : `undo-${stepId}`;
}

function takesLease({ resource, after }: ChangeStep): boolean {
  return resource.kind === 'lease' && after !== null;
}

/** A lease that has run out would end the moment it is taken. */
function refuseEndedLease(steps: readonly ChangeStep[], { requestedAt }: PlanContext): void {
  for (const { after } of steps.filter(takesLease)) {
    const { until } = after as { until: string };
    if (Date.parse(until) > Date.parse(requestedAt)) continue;
    throw new OpsError('refused', 'This would take a lease again that has ended by now.', {
      hint: 'Isolate the cell anew, with an end of its own.',
    });
  }
}

/** What a later run holds is that run's to give back, not an earlier one's. */
async function refuseForeignLease(runId: string, steps: readonly ChangeStep[], context: PlanContext): Promise<void> {
  const givenBack = steps
    .filter(({ resource, after }) => resource.kind === 'lease' && after === null)
    .map(({ resource }) => resource.id);
  const foreign = (await context.leases()).find(
    (lease) => lease.runId !== runId && givenBack.includes(`lease/${lease.subject}`),
  );
  if (!foreign) return;
  throw new OpsError('refused', `${foreign.subject} is held by ${foreign.runId} now, not by ${runId}.`, {
    hint: `\`/stamps status\` shows it; giving it back takes back what ${foreign.runId} did.`,
  });
}
