import type { Json } from '../domain/json.ts';
import { type Plan, planHash } from '../domain/plan.ts';
import type { CheckReport } from '../domain/run.ts';
import { OpsError } from '../errors.ts';
import type { EngineContext } from './context.ts';
import { askCheck } from './interpreter.ts';
import { getRun, openLeases, recordedUndo } from './run-store.ts';
import { withinDeadline } from './within-deadline.ts';

/** A plan with its guards' answers of this moment. */
export interface Planned {
  readonly plan: Plan;
  readonly hash: string;
  readonly checks: readonly CheckReport[];
}

export interface PlanQuestion {
  readonly playbook: string;
  readonly input: Json;
  readonly runId: string;
  /** ISO 8601. */
  readonly requestedAt: string;
}

/** How long a playbook may read before it gives up; Slack's answer URLs live much longer. */
const planningTimeoutMs = 30_000;

/** Lets the playbook read live state and build its plan, and asks the plan's checks, side by side. */
export async function makePlan(context: EngineContext, question: PlanQuestion): Promise<Planned> {
  const { database, clock, stopping, azure } = context;
  const playbook = context.playbooks.find(({ name }) => name === question.playbook);
  if (!playbook) throw new OpsError('not-found', `There is no playbook “${question.playbook}”.`);
  if (!azure) {
    throw new OpsError('misconfigured', 'Azure is not configured here, so nothing can be planned.', {
      hint: 'Set AZURE_SUBSCRIPTION_ID and the credentials, or try the sandbox.',
    });
  }
  const input = playbook.input.safeParse(question.input);
  if (!input.success) {
    throw new OpsError('bad-input', input.error.issues.map((issue) => issue.message).join(' '), {
      hint: `\`/stamps help\` shows how it is asked for.`,
    });
  }
  const plan = await withinDeadline(planningTimeoutMs, stopping, (signal) =>
    playbook.plan(input.data, {
      estate: context.estate,
      policy: context.policy,
      azure,
      alertRules: context.alertRules,
      kinds: context.kinds,
      runId: question.runId,
      requestedAt: question.requestedAt,
      signal,
      leases: () => openLeases(database),
      run: (id) => getRun(database, id),
      recordedUndo: (runId) => recordedUndo(database, runId),
    }),
  );

  const checks = await Promise.all(
    plan.steps
      .filter((step) => step.kind === 'check')
      .map(async (step): Promise<CheckReport> => {
        const check = context.checks[step.check];
        const answer = check
          ? await askCheck(check, step.args, clock, stopping)
          : { ok: false, says: `There is no check “${step.check}”.` };
        return { stepId: step.id, override: step.override, ...answer };
      }),
  );
  return { plan, hash: planHash(plan), checks };
}
