import { AsyncLocalStorage } from 'node:async_hooks';
import type { Plan, Step, WaitStep } from '../domain/plan.ts';
import type { StepReport } from '../domain/run.ts';
import { isOpsError, OpsError } from '../errors.ts';
import type { Act, Check, CheckAnswer } from '../ports/checks.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { ResourceKind } from '../ports/resource-kind.ts';
import { applyChange, explained, type Outcome } from './change-step.ts';
import { type Database, patiently } from './database.ts';
import { DBOS } from './dbos.ts';
import { type Attempt, createChangeRecords } from './fence.ts';
import type { Journal } from './journal.ts';
import type { Replica } from './replica.ts';
import { withinDeadline } from './within-deadline.ts';

/** What a claimed attempt is to do. */
export interface Work {
  readonly plan: Plan;
  /** Break-glass: a guard that says no is noted, and gone past where its step allows it. */
  readonly overrides: boolean;
}

export interface InterpreterParts {
  readonly database: Database;
  readonly replica: Replica;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Aborted when the process is about to end: work stops where it is, and is resumed elsewhere. */
  readonly stopping: AbortSignal;
  readonly kinds: Readonly<Record<string, ResourceKind>>;
  readonly checks: Readonly<Record<string, Check>>;
  readonly acts: Readonly<Record<string, Act>>;
  /** Makes this replica the attempt's owner; undefined: there is nothing left to do. */
  claim(attempt: Attempt): Promise<Work | undefined>;
  /** Ends the attempt by how its last step went; undefined: all went well. Repeats change nothing. */
  settle(attempt: Attempt, last: StepReport | undefined): Promise<void>;
  /** This replica was taken over: it must end. */
  onFenced(): void;
  /** What a person said meanwhile, as far as this process has heard: seen within a second. */
  heard(runId: string): 'paused' | 'cancelled' | undefined;
  observe(runId: string, step: Step, report: StepReport): void;
}

const checkTimeoutMs = 20_000;
const actTimeoutMs = 120_000;
const lookEveryMs = 5_000;

/** Starts or resumes attempts. The same attempt started twice is one workflow. */
export interface Interpreter {
  start(attempt: Attempt): Promise<void>;
  resume(attempt: Attempt): Promise<void>;
}

/**
 * Where resumed workflows wait for a replica. DBOS looks at a queue first when an interval has passed since the launch,
 * and at its own only once a second: a run that a restart cut off would stand still for as long again as a start takes.
 */
export const resumed = { queueName: 'stamps-resumed', everyMs: 250 } as const;

export const workflowId = ({ runId, attempt }: Attempt): string => `${runId}:${attempt}`;

/** Registers the one workflow that runs every plan; call it before DBOS is launched. */
export function createInterpreter(parts: InterpreterParts): Interpreter {
  const { journal, clock, stopping, logger } = parts;

  const apply = DBOS.registerWorkflow(
    async (runId: string, number: number) => {
      const attempt = { runId, attempt: number };
      const work = await parts.claim(attempt);
      if (!work) return;
      for (const turn of inTurns(work.plan.steps)) {
        const reports = await carriedOut(attempt, turn, work);
        const stoppedBy = reports.find((report) => !passed(report));
        if (stoppedBy) return DBOS.runStep(() => settle(attempt, stoppedBy), { name: 'settle' });
      }
      await DBOS.runStep(() => settle(attempt, undefined), { name: 'settle' });
    },
    { name: 'apply', maxRecoveryAttempts: 100 },
  );

  /** A turn has one checkpoint: what only reads costs nothing to do again, and a person waits for what comes after it. */
  async function carriedOut(attempt: Attempt, turn: Turn, work: Work): Promise<StepReport[]> {
    const [first] = turn;
    const until =
      first.kind === 'wait'
        ? await DBOS.runStep(async () => clock.now() + first.forMs, { name: `${first.id}.until` })
        : 0;
    const reports = await DBOS.runStep(() => Promise.all(turn.map((step) => carryOut(attempt, step, work, until))), {
      name: turn.map(({ id }) => id).join(' + '),
    });
    for (const report of reports) journal.note(attempt, report);
    return reports;
  }

  async function settle(attempt: Attempt, last: StepReport | undefined): Promise<void> {
    await guarded(async () => {
      await journal.flush();
      await parts.settle(attempt, last);
    });
  }

  /** Runs the work, and never comes back when the process is ending or fenced: another one takes it from there. */
  async function guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (isOpsError(error, 'fenced')) parts.onFenced();
      else if (!stopping.aborted) throw error;
      return new Promise<never>(() => undefined);
    }
  }

  async function carryOut(attempt: Attempt, step: Step, work: Work, until: number): Promise<StepReport> {
    const startedAt = new Date(clock.now()).toISOString();
    if (step.kind !== 'check') journal.note(attempt, { stepId: step.id, state: 'running', says: step.says, startedAt });
    const outcome = await guarded(async () => {
      if ((await unpaused(attempt.runId)) === 'cancelled')
        return { state: 'skipped', says: 'Cancelled before it began.' } as const;
      return interpret(attempt, step, work, until);
    });
    const report = { stepId: step.id, ...outcome, startedAt, finishedAt: new Date(clock.now()).toISOString() };
    parts.observe(attempt.runId, step, report);
    return report;
  }

  async function unpaused(runId: string): Promise<'cancelled' | undefined> {
    for (;;) {
      const heard = parts.heard(runId);
      if (heard !== 'paused') return heard;
      await clock.sleep(1_000, stopping);
    }
  }

  async function interpret(attempt: Attempt, step: Step, work: Work, until: number): Promise<Outcome> {
    try {
      switch (step.kind) {
        case 'check':
          return judged(await ask(step.check, step.args), work.overrides && step.override === 'break-glass');
        case 'wait':
          return await soak(attempt.runId, step, until);
        case 'act':
          return { state: 'done', says: await perform(attempt, step.act, step.args, step.id) };
        case 'change': {
          const kind = parts.kinds[step.resource.kind];
          if (!kind) throw new OpsError('misconfigured', `Nothing here can change a ${step.resource.kind}.`);
          const records = createChangeRecords(parts.database, parts.replica, clock, stopping, attempt, step);
          return await applyChange(step, kind, records, { clock, signal: stopping, runId: attempt.runId });
        }
      }
    } catch (error) {
      if (stopping.aborted || isOpsError(error, 'fenced')) throw error;
      if (error instanceof OpsError) return { state: 'failed', says: explained(error) };
      logger.error({ err: error, run: attempt.runId, step: step.id }, 'a step met a bug');
      return { state: 'failed', says: 'A fault in Stamps itself; the log has it under this run and step.' };
    }
  }

  async function ask(name: string, args: Parameters<Check>[0]): Promise<CheckAnswer> {
    const check = parts.checks[name];
    if (!check) return { ok: false, says: `There is no check “${name}”.` };
    return orNotKnown(stopping, () =>
      outlasting(() => retrying(clock, stopping, clock.now() + checkTimeoutMs, (signal) => check(args, signal))),
    );
  }

  /** Our own database away is no answer: nothing can be noted down either, so the step waits until it is back. */
  function outlasting<T>(work: () => Promise<T>): Promise<T> {
    return patiently(work, stopping);
  }

  async function soak(runId: string, step: WaitStep, until: number): Promise<Outcome> {
    for (;;) {
      if (parts.heard(runId) === 'cancelled') return { state: 'skipped', says: 'Cancelled while waiting.' };
      for (const { check, args } of step.watch) {
        const answer = await ask(check, args);
        if (!answer.ok) return { state: 'failed', says: answer.says };
      }
      const left = until - clock.now();
      if (left <= 0) return { state: 'done', says: step.says };
      await clock.sleep(Math.min(left, lookEveryMs), stopping);
    }
  }

  async function perform(attempt: Attempt, name: string, args: Parameters<Act>[0], stepId: string): Promise<string> {
    const act = parts.acts[name];
    if (!act) throw new OpsError('misconfigured', `Nothing here can do “${name}”.`);
    const key = `${attempt.runId}:${stepId}`;
    return outlasting(() => retrying(clock, stopping, clock.now() + actTimeoutMs, (signal) => act(args, key, signal)));
  }

  // The end of one run may start the next: as a workflow of its own, not as a child of the step that ended.
  const outside = AsyncLocalStorage.snapshot();

  return {
    async start(attempt) {
      if (stopping.aborted) return;
      await outside(() =>
        DBOS.startWorkflow(apply, { workflowID: workflowId(attempt) })(attempt.runId, attempt.attempt),
      );
    },
    async resume(attempt) {
      if (stopping.aborted) return;
      const known = await outside(() => DBOS.getWorkflowStatus(workflowId(attempt)));
      if (known) await outside(() => DBOS.resumeWorkflow(workflowId(attempt), { queueName: resumed.queueName }));
      else await this.start(attempt);
    },
  };
}

type Turn = [Step, ...Step[]];

/** Checks that follow on one another only read, and are asked side by side; all else goes step by step. */
function inTurns(steps: readonly Step[]): Turn[] {
  const turns: Turn[] = [];
  for (const step of steps) {
    const turn = turns.at(-1);
    if (step.kind === 'check' && turn?.[0].kind === 'check') turn.push(step);
    else turns.push([step]);
  }
  return turns;
}

function passed(report: StepReport): boolean {
  return report.state === 'done' || report.state === 'already';
}

function judged(answer: CheckAnswer, overridden: boolean): Outcome {
  if (answer.ok) return { state: 'done', says: answer.says };
  return overridden
    ? { state: 'done', says: `Gone past by break-glass: ${answer.says}` }
    : { state: 'failed', says: answer.says };
}

/** Asks a check, patiently with an outside that falters; what can't be known is a no. */
export async function askCheck(
  check: Check,
  args: Parameters<Check>[0],
  clock: Clock,
  stopping: AbortSignal,
): Promise<CheckAnswer> {
  return orNotKnown(stopping, () =>
    retrying(clock, stopping, clock.now() + checkTimeoutMs, (signal) => check(args, signal)),
  );
}

async function orNotKnown(stopping: AbortSignal, work: () => Promise<CheckAnswer>): Promise<CheckAnswer> {
  try {
    return await work();
  } catch (error) {
    if (stopping.aborted || !(error instanceof OpsError)) throw error;
    return { ok: false, says: `Not known: ${explained(error)}` };
  }
}

/** Tries again while the fault may pass and there is time; honours Retry-After. */
async function retrying<T>(
  clock: Clock,
  stopping: AbortSignal,
  endsAt: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  for (let waitMs = 200; ; waitMs *= 2) {
    try {
      return await withinDeadline(endsAt - clock.now(), stopping, work);
    } catch (error) {
      const pause = Math.max(waitMs, (error instanceof OpsError && error.retryAfterMs) || 0);
      if (!(error instanceof OpsError) || !error.transient || clock.now() + pause > endsAt) throw error;
      await clock.sleep(pause, stopping);
    }
  }
}
