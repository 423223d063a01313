import { planCode } from '../domain/plan.ts';
import type { Run, RunState } from '../domain/run.ts';
import type { RunView } from '../ports/presenter.ts';
import { date } from './date.ts';
import { code } from './escape-text.ts';
import { groupNames, mention } from './mentions.ts';

/** A state's mark and its words; the mark never stands alone. */
export const stateWords: Readonly<Record<RunState, string>> = {
  refused: '⛔ Refused',
  waiting: '✋ Waiting for approval',
  queued: '🕒 In line',
  running: '▶️ Running',
  stopped: '⚠️ Stopped: a person decides',
  succeeded: '✅ Done',
  undone: '↩️ Undone',
  denied: '🚫 Denied',
  expired: '⌛ Expired',
  cancelled: '⏹️ Cancelled',
};

/** `r-17 · plan 1a2b3c4d`: what people read out to each other. */
export function runName(run: Pick<Run, 'id' | 'planHash'>): string {
  return `${code(run.id)} · plan ${code(planCode(run.planHash))}`;
}

/** A run's button carries the run and the plan that the person saw. */
export function runValue(run: Pick<Run, 'id' | 'planHash'>): string {
  return `${run.id}:${planCode(run.planHash)}`;
}

/** What the state means for the reader right now, escaped; undefined when the state says it all. */
export function stateDetail({ run, approvers, approvals, paused }: RunView): string | undefined {
  const denier = run.decisions.findLast(({ verdict }) => verdict === 'deny');
  switch (run.state) {
    case 'waiting': {
      const count = approvals.needed === 1 ? '1 approval' : `${approvals.given} of ${approvals.needed} approvals`;
      return `${count} from ${groupNames(approvers)}, until ${date(run.expiresAt)}`;
    }
    case 'queued':
      if (paused) return 'everything is paused';
      return run.behind.length > 0 ? `behind ${run.behind.slice(0, 5).map(code).join(', then ')}` : 'starts next';
    case 'running':
      if (run.cancelRequestedBy !== undefined)
        return `${mention(run.cancelRequestedBy)} asked it to stop at the next step`;
      return paused ? 'paused: it stops at the next step' : `${progress(run)}`;
    case 'denied':
      return denier && `by ${mention(denier.personId)}`;
    case 'expired':
      return `nothing was changed; approvals ended at ${date(run.expiresAt)}`;
    case 'cancelled':
      return run.cancelRequestedBy === undefined ? undefined : `by ${mention(run.cancelRequestedBy)}`;
    case 'succeeded':
    case 'undone':
      return run.finishedAt === undefined ? undefined : `at ${date(run.finishedAt)}`;
    default:
      return undefined;
  }
}

function progress(run: Run): string {
  const over = new Set(run.steps.filter(({ state }) => state !== 'running').map(({ stepId }) => stepId));
  return `step ${Math.min(over.size + 1, run.plan.steps.length)} of ${run.plan.steps.length}`;
}
