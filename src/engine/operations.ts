import { mayDecide, mayOperate, ruleFor } from '../domain/approval.ts';
import { undoPlaybook } from '../domain/plan.ts';
import { isOpen, type Run } from '../domain/run.ts';
import { OpsError } from '../errors.ts';
import type { Operations, RunRequest } from '../ports/operations.ts';
import { appendAudit, exportChain } from './audit.ts';
import { createBreakGlass } from './break-glass.ts';
import { refreshCard } from './cards.ts';
import type { EngineContext } from './context.ts';
import { createDecide } from './decide-run.ts';
import { engineMember } from './engine-member.ts';
import type { Lifecycle } from './lifecycle.ts';
import { createPause } from './pause.ts';
import { createRequest } from './request-run.ts';
import { notYours, type RunDesk } from './run-desk.ts';
import { findRuns, getRun, openLeases } from './run-store.ts';
import { createSteering } from './steer-run.ts';

export interface EngineOperations extends Operations {
  /** A run that nobody has to approve, because the plan that was approved says that it comes. */
  requestAsDeclared(request: RunRequest, undoes: string): Promise<Run>;
  /**
   * A run that nobody asked for by name. It waits for at least two approvals, as two people stand behind every run; a
   * policy that wants fewer is `refused`. People have this long to give them.
   */
  requestByCalendar(request: Omit<RunRequest, 'requester'>, expiresAfterMs: number): Promise<Run>;
}

export function createOperations(context: EngineContext, lifecycle: () => Lifecycle): EngineOperations {
  const { database, policy } = context;
  const desk: RunDesk = { context, lifecycle, moved };
  const request = createRequest(desk);

  async function moved(runId: string): Promise<Run> {
    const started = await lifecycle().dispatch();
    if (!started.includes(runId)) await refreshCard(context, runId);
    return getRun(database, runId);
  }

  return {
    request: (wanted) => request(wanted),
    requestAsDeclared: (wanted, undoes) => request(wanted, { undoes, declared: true }),
    requestByCalendar: (wanted, calendarMs) => request({ ...wanted, requester: engineMember }, { calendarMs }),
    decide: createDecide(desk),
    ...createSteering(desk),
    ...createBreakGlass(desk),
    ...createPause(desk),
    async undo(runId, member, requestKey, channel) {
      const run = await getRun(database, runId);
      if (['waiting', 'queued', 'running', 'refused', 'denied', 'expired', 'undone'].includes(run.state)) {
        throw new OpsError('conflict', `${runId} can’t be taken back: it is ${run.state}.`, {
          hint: isOpen(run.state) ? `\`/stamps cancel ${runId}\` stops it first.` : 'There is nothing to undo.',
        });
      }
      const wanted = { requestKey, playbook: undoPlaybook, input: { run: runId }, requester: member, channel };
      return request(wanted, { undoes: runId });
    },
    run: (id) => getRun(database, id),
    runs: (filter) => findRuns(database, filter),
    async awaiting(member) {
      const runs = await findRuns(database, { states: ['waiting'] });
      return runs.filter(
        (run) =>
          mayDecide(ruleFor(policy, run.plan), run.requesterId, member) &&
          !run.decisions.some((decision) => decision.personId === member.id && decision.planHash === run.planHash),
      );
    },
    leases: () => openLeases(database),
    async exportAudit(member) {
      if (!mayOperate(policy, member)) throw notYours(policy.operators);
      await database.transaction((tx) => appendAudit(tx, [{ kind: 'audit-exported', actor: member.id, body: {} }]));
      return exportChain(database);
    },
  };
}
