import { z } from 'zod';
import { describeAlertRule, summary } from '../domain/alert-rule-difference.ts';
import { findCell } from '../domain/estate.ts';
import { impactOf } from '../domain/impact.ts';
import type { ChangeStep } from '../domain/plan.ts';
import { OpsError } from '../errors.ts';
import { definePlaybook, type PlanContext } from '../ports/playbook.ts';
import { type AlertRuleDrift, alertRuleDrift, needDeclared } from './alert-rule-drift.ts';
import { asFound } from './found.ts';
import { briefReason, cellName } from './input.ts';
import { change, check } from './steps.ts';

/** More would be no plan that a person can read; the rest is for the next run. */
const mostRules = 60;

/**
 * Make the alert rules in Azure be as alert-rules.yml says: those that are missing are made, those that differ are
 * changed. Rules that the file does not know are left alone.
 *
 * Runbook: docs/runbooks/sync-alert-rules.md; step ids are its headings, in order.
 * Blast radius: who is told of trouble, no tenant. Undo: each rule is what it was, or gone again.
 */
export const syncAlertRules = definePlaybook({
  name: 'sync-alert-rules',
  summary: 'Make the alert rules be as declared',
  risk: 'medium',
  input: z.object({ cell: cellName.optional(), reason: briefReason('Alert rules must be as declared.') }),

  async plan({ cell: named, reason }, context) {
    const declared = needDeclared(context.alertRules);
    const cell = named === undefined ? undefined : findCell(context.estate, named);
    const all = await driftAsFound(context, cell?.name);
    if (all.length === 0) {
      throw new OpsError(
        'refused',
        `The alert rules${cell ? ` of ${cell.name}` : ''} are as declared: nothing to do.`,
        {
          hint: '`/stamps alerts check` shows all of them, and rules that the file does not know.',
        },
      );
    }
    const drift = all.slice(0, mostRules);
    const { length } = drift;
    const count = length < all.length ? `the first ${length} of ${all.length} alert rules` : rules(length);
    return {
      playbook: 'sync-alert-rules',
      title: `Sync ${count}${cell ? ` of ${cell.name}` : ''}`,
      target: cell ? { region: cell.region, cell: cell.name } : {},
      reason,
      steps: [
        check(
          'action-group-exists',
          'The action group that the rules tell exists',
          { id: declared.actionGroupId },
          'never',
        ),
        ...drift.map(stepOf),
      ],
      impact: impactOf([], { healthyCellsLeft: [], cellsOut: (await context.leases()).length }),
      // One sync at a time; rules are nobody else's to write.
      locks: ['alert-rules'],
      onFailure: 'ask',
      undo: 'Each rule becomes what it was before; those that were made are removed.',
    };
  },
});

/** What was mended by this very run is taken as it was before, so that a plan made anew is the same plan. */
async function driftAsFound(context: PlanContext, cell: string | undefined): Promise<AlertRuleDrift[]> {
  const declared = needDeclared(context.alertRules);
  const { alertRules } = context.azure;
  const mine = new Set((await context.recordedUndo(context.runId)).map(({ resource }) => resource.id.toLowerCase()));
  const [drift, found] = await Promise.all([
    alertRuleDrift(declared, alertRules, context.signal, (id) => mine.has(id.toLowerCase())),
    asFound(context),
  ]);
  const ours = drift.filter(({ kind, cell: of }) => kind !== 'extra' && (cell === undefined || of === cell));
  const before = await Promise.all(
    ours.map(async (one) => ({
      ...one,
      found: (await found(resourceOf(one.id), one.found)) as AlertRuleDrift['found'],
    })),
  );
  const left = before.filter(({ found, wanted }) => !alertRules.equals(found, wanted));
  // What exists is mended before more is made of it.
  return [...left.filter(({ found }) => found !== null), ...left.filter(({ found }) => found === null)];
}

function stepOf({ id, name, found, wanted }: AlertRuleDrift): ChangeStep {
  const makes = found === null;
  return change(
    `${makes ? 'make' : 'change'}-${name}`,
    makes ? `Make ${name}: ${summary(wanted)}` : `Change ${name}: ${describeAlertRule(found, wanted)}`,
    resourceOf(id),
    found,
    wanted,
  );
}

function resourceOf(id: string) {
  return { kind: 'alert-rule', id };
}

function rules(count: number): string {
  return count === 1 ? 'an alert rule' : `${count} alert rules`;
}
