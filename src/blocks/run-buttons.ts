import type { Button } from '@slack/types';
import { heldKind } from '../domain/find-held.ts';
import { changes, type Plan, sameState } from '../domain/plan.ts';
import { recoveredCell } from '../domain/recovery.ts';
import type { Lease, Run } from '../domain/run.ts';
import { blastRadiusInShort } from './blast-radius.ts';
import { button } from './elements.ts';
import { runValue } from './run-state.ts';

/** The action ids of every button, select and row that we make; `interactions` has a handler for each. */
export const actionIds = {
  approve: 'run_approve',
  deny: 'run_deny',
  cancel: 'run_cancel',
  undo: 'run_undo',
  retry: 'run_retry',
  details: 'run_details',
  extendLease: 'lease_extend',
  restoreNow: 'lease_restore',
  reviewDone: 'review_done',
  openIsolate: 'isolate_open',
  proposeFailover: 'failover_propose',
  openRecover: 'recover_open',
  openSwap: 'recover_swap_open',
  releaseRecovery: 'recover_release',
} as const;

type Held = Pick<Lease, 'subject' | 'of'>;

/** What a plan holds until its lease ends. */
function heldBy(plan: Plan): Held | undefined {
  // A plan may give back by itself what it took.
  const lease = changes(plan).findLast(({ resource }) => resource.kind === 'lease');
  if (!lease || lease.after === null) return undefined;
  const subject = lease.resource.id.replace(/^lease\//, '');
  return { subject, of: heldKind(subject, plan.target) };
}

/** Has it put back everything that it changed, as a drill does? Then there is nothing to undo. */
function leavesAsFound(plan: Plan): boolean {
  return [...Map.groupBy(changes(plan), ({ resource }) => resource.id).values()].every((steps) =>
    sameState(steps[0]?.before ?? null, steps.at(-1)?.after ?? null),
  );
}

/** What can be done with a run in its state, the likeliest first. */
export function runButtons(run: Run): Button[] {
  const held = heldBy(run.plan);
  switch (run.state) {
    case 'waiting':
    case 'queued':
      return [details(run), cancel(run)];
    case 'running':
      return run.cancelRequestedBy === undefined ? [details(run), cancel(run)] : [details(run)];
    case 'stopped':
      return [retry(run), undo(run), details(run)];
    case 'succeeded':
      if (held) return [...leaseButtons(held), details(run)];
      return leavesAsFound(run.plan) ? [details(run)] : [undo(run), details(run)];
    case 'cancelled':
      return run.steps.some(({ state }) => state === 'done') ? [undo(run), details(run)] : [details(run)];
    default:
      return [details(run)];
  }
}

export function approvalButtons(run: Run): Button[] {
  const { plan } = run;
  const value = runValue(run);
  const says = `${plan.title}. It affects ${blastRadiusInShort(plan.impact)}.`;
  return [
    button({
      text: 'Approve',
      actionId: actionIds.approve,
      value,
      style: 'primary',
      confirm: { title: `Approve plan ${value.split(':')[1]}?`, text: says, yes: 'Approve' },
    }),
    button({
      text: 'Deny',
      actionId: actionIds.deny,
      value,
      style: 'danger',
      confirm: { title: 'Deny this plan?', text: `${says} One denial ends it, for everybody.`, yes: 'Deny' },
    }),
  ];
}

export function details(run: Run): Button {
  return button({ text: 'Details', actionId: actionIds.details, value: runValue(run) });
}

function cancel(run: Run): Button {
  const running = run.state === 'running';
  return button({
    text: running ? 'Stop' : 'Cancel',
    actionId: actionIds.cancel,
    value: runValue(run),
    confirm: running
      ? { title: 'Stop this run?', text: 'It stops before its next step. What is done stays done.', yes: 'Stop it' }
      : {
          title: 'Cancel this run?',
          text: 'It changes nothing any more. To do it after all, somebody asks anew.',
          yes: 'Cancel it',
        },
  });
}

function retry(run: Run): Button {
  return button({ text: 'Try again', actionId: actionIds.retry, value: runValue(run), style: 'primary' });
}

function undo(run: Run): Button {
  return button({
    text: 'Undo',
    actionId: actionIds.undo,
    value: runValue(run),
    confirm: {
      title: 'Undo this run?',
      text: `A new run puts back what was there before. It is planned and approved like any other. ${run.plan.undo}`,
      yes: 'Plan the undo',
    },
  });
}

function restoreCell(cell: string): Button {
  return comeBack('Restore now', 'restore', cell, `Restore ${cell}?`);
}

export function failBack(region: string): Button {
  return comeBack('Fail back', 'failback', region, `Fail back to ${region}?`);
}

function comeBack(text: string, what: string, held: string, title: string): Button {
  return button({
    text,
    actionId: actionIds.restoreNow,
    value: held,
    style: 'primary',
    confirm: {
      title,
      text: `The plan says what comes back to ${held}; it is shown and approved like any other.`,
      yes: `Plan the ${what}`,
    },
  });
}

/** What can be done with what a lease holds. */
export function leaseButtons({ subject, of }: Held): Button[] {
  switch (of) {
    case 'cell':
      return [restoreCell(subject), extendLease(subject)];
    case 'region':
      return [failBack(subject), extendLease(subject)];
    case 'recovery': {
      const cell = recoveredCell(subject) ?? subject;
      return [swapData(cell), extendLease(subject), releaseRecovery(cell)];
    }
  }
}

function swapData(cell: string): Button {
  return button({ text: 'Swap…', actionId: actionIds.openSwap, value: cell, style: 'primary' });
}

function releaseRecovery(cell: string): Button {
  return button({
    text: 'End the recovery',
    actionId: actionIds.releaseRecovery,
    value: cell,
    confirm: {
      title: `End the recovery of ${cell}?`,
      text: 'Copies that nobody uses are deleted; data in use is never. The plan is shown and approved like any other.',
      yes: 'Plan it',
    },
  });
}

export function recoverCell(cell: string): Button {
  return button({ text: 'Recover…', actionId: actionIds.openRecover, value: cell });
}

/** `held`: what the lease is on. */
export function extendLease(held: string): Button {
  return button({ text: 'Extend…', actionId: actionIds.extendLease, value: held });
}
