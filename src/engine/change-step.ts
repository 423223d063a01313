import type { ChangeStep } from '../domain/plan.ts';
import type { StepReport } from '../domain/run.ts';
import { isOpsError, OpsError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Reading, ResourceKind } from '../ports/resource-kind.ts';

/** What became of a step, before times are added. */
export type Outcome = Pick<StepReport, 'state' | 'says' | 'found'>;

/** What the engine keeps of one change, in the database, so that a repeat knows. */
export interface ChangeRecords {
  /**
   * What an earlier try of this step left: whether it was about to write, on which version and how long ago (of this very
   * attempt), and the operation it had started.
   */
  earlier(): Promise<{ intended: boolean; version?: string; agoMs?: number; operation?: string }>;
  /**
   * Records the way back and the version it stands on and, in the same transaction, asks whether this process may write now: it holds the run,
   * its replica's lease is good, nobody cancelled, nothing is paused (then it waits). Called before every write.
   */
  intend(version?: string): Promise<'go' | 'cancelled'>;
  /** Does the gate's last word still hold, by this machine's own clock? Asked after whatever came between it and the write. */
  holds(): boolean;
  /** Forgets the way back that this very step recorded: nothing was sent, and what is there now is somebody else's. */
  withdraw(): Promise<void>;
  /** Keeps the operation of an accepted write, or forgets it. */
  operation(operation: string | null): Promise<void>;
}

interface Surroundings {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly runId: string;
}

const slowestPollMs = 15_000;

/**
 * Brings a resource from its known state to the wanted one. Reads first, every time: as wanted → nothing to do,
 * as planned → write, anything else → drift. After the write it reads until the effect is there. Safe to repeat at
 * any point; ends within the step's `timeoutMs`, apart from time spent paused.
 */
export async function applyChange(
  step: ChangeStep,
  kind: ResourceKind,
  records: ChangeRecords,
  world: Surroundings,
): Promise<Outcome> {
  const { clock, signal, runId } = world;
  const endsAt = clock.now() + step.timeoutMs;
  const earlier = await records.earlier();
  let wrote = false;
  let intended = false;
  /** A write went out that may have been taken. */
  let sent = earlier.intended;
  /** On which version of what was there; a failover that names no target must not be sent again on another. */
  let sentOn = earlier.version;
  /** By `clock`. */
  let sentAt = earlier.agoMs === undefined ? undefined : clock.now() - earlier.agoMs;
  let busy = 'Azure is still at work on it';

  if (earlier.operation !== undefined) {
    const failure = await follow(earlier.operation);
    if (failure) return failure;
    wrote = true;
  }

  for (let waitMs = 50; clock.now() < endsAt; waitMs = Math.min(waitMs * 2, slowestPollMs)) {
    const attempt = await compareAndWrite();
    if (attempt.outcome) return attempt.outcome;
    if (attempt.again) {
      waitMs = 25;
      continue;
    }
    await clock.sleep(Math.max(attempt.waitMs ?? 0, waitMs), signal);
  }
  return {
    state: 'failed',
    says: `Not done within ${minutes(step.timeoutMs)}: ${busy}. What Azure makes of it is not known.`,
  };

  /** One look, and one write when it is due. Nothing in the answer: wait, then look again. */
  async function compareAndWrite(): Promise<{ outcome?: Outcome; again?: true; waitMs?: number | undefined }> {
    try {
      const reading = await kind.read(step.resource, signal);
      if (kind.equals(reading.state, step.after)) return reading.busy ? {} : { outcome: await verify() };
      if (!kind.equals(reading.state, step.before)) return { outcome: await drift(reading) };
      if (reading.busy) return {};
      if (sentOn !== undefined && reading.version !== undefined && reading.version !== sentOn)
        return { outcome: thereAndBack(reading) };
      if (sentAt !== undefined && clock.now() - sentAt >= (reading.roundTripMs ?? Number.POSITIVE_INFINITY))
        return { outcome: notKnown(clock.now() - sentAt) };
      if (wrote) return {};
      if ((await records.intend(reading.version)) === 'cancelled')
        return { outcome: { state: 'skipped', says: 'Cancelled before it was written.' } };
      intended = true;
      if (!(await isStill(reading)) || !records.holds()) return { again: true };

      const receipt = await write(reading);
      wrote = true;
      if (receipt.operation === undefined) return { again: true };
      await records.operation(receipt.operation);
      const failure = await follow(receipt.operation);
      return failure ? { outcome: failure } : { again: true };
    } catch (error) {
      if (!(error instanceof OpsError) || error.service === 'PostgreSQL' || error.code === 'fenced') throw error;
      if (error.code === 'precondition-failed') return { again: true };
      if (!error.transient && error.code !== 'conflict')
        return { outcome: { state: 'failed', says: explained(error) } };
      busy = error.message;
      return { waitMs: error.retryAfterMs };
    }
  }

  /**
   * Is there what was compared? The gate may have held for long: a pause, our own database away. An ETag tells at the
   * write itself; where the service takes none, this second look is the last thing before it.
   */
  async function isStill({ state, etag, version }: Reading): Promise<boolean> {
    if (etag !== undefined) return true;
    const now = await kind.read(step.resource, signal);
    return !now.busy && now.version === version && kind.equals(now.state, state);
  }

  async function write({ etag, version }: Reading) {
    const earlier = { sent, sentOn, sentAt };
    sent = true;
    sentOn = version;
    sentAt = clock.now();
    try {
      return await kind.write(step.resource, step.after, { etag, signal, runId });
    } catch (error) {
      // Azure refused it, for what it is at work on or has another version of.
      if (isOpsError(error, 'precondition-failed') || isOpsError(error, 'conflict'))
        ({ sent, sentOn, sentAt } = earlier);
      throw error;
    }
  }

  /** Polls a long-running operation to its end; answers with the outcome when it failed. */
  async function follow(operation: string): Promise<Outcome | undefined> {
    if (!kind.poll) return undefined;
    for (let waitMs = 100; clock.now() < endsAt; waitMs = Math.min(waitMs * 2, slowestPollMs)) {
      try {
        const status = await kind.poll(operation, signal);
        if (status.state === 'succeeded') return void (await records.operation(null));
        if (status.state === 'failed') {
          await records.operation(null);
          return { state: 'failed', says: `Azure took the change and then gave up: ${status.says}` };
        }
        await clock.sleep(Math.min(Math.max(status.retryAfterMs, 50), slowestPollMs), signal);
      } catch (error) {
        // An operation that Azure no longer knows has ended: what is there now decides.
        if (isOpsError(error, 'not-found')) return void (await records.operation(null));
        if (!(error instanceof OpsError) || !error.transient || error.service === 'PostgreSQL') throw error;
        await clock.sleep(Math.max(error.retryAfterMs ?? 0, waitMs), signal);
      }
    }
    return {
      state: 'failed',
      says: `Azure took the change and has not finished it within ${minutes(step.timeoutMs)}. It may still happen: retry looks again, and does not send it twice.`,
    };
  }

  async function verify(): Promise<Outcome> {
    let missing: string | null = null;
    for (let waitMs = 100; ; waitMs = Math.min(waitMs * 2, slowestPollMs)) {
      try {
        missing = (await kind.pending?.(step.resource, step.after, signal)) ?? null;
      } catch (error) {
        if (!(error instanceof OpsError) || !error.transient) throw error;
        missing = error.message;
      }
      if (missing === null) break;
      if (clock.now() + waitMs >= endsAt)
        return { state: 'failed', says: `It is set, but has no effect yet: ${missing}.` };
      await clock.sleep(waitMs, signal);
    }
    return wrote || sent
      ? { state: 'done', says: kind.describe(step.before, step.after) }
      : { state: 'already', says: `Was so already: ${kind.describe(step.before, step.after)}` };
  }

  /** What was sent was taken, and is no longer: who undid it has decided so, and is not overruled unasked. */
  function thereAndBack({ state }: Reading): Outcome {
    return {
      state: 'failed',
      says: `Changed and changed back since it was sent (${kind.describe(step.after, state)}): somebody put it back, or Azure gave up. It was not sent again; retry sends it once more.`,
    };
  }

  /** It is where it was, and enough time has passed for more than nothing. */
  function notKnown(agoMs: number): Outcome {
    return {
      state: 'failed',
      says: `Sent ${minutes(agoMs)} ago, and no answer came. It is as it was: Azure does not tell whether it never changed, or changed and was put back. It was not sent again; look at the activity log, then retry sends it once more.`,
    };
  }

  async function drift(reading: Reading): Promise<Outcome> {
    if (intended && !sent) await records.withdraw();
    return {
      state: 'drifted',
      says: `Changed since the plan: ${kind.describe(step.before, reading.state)}`,
      found: reading.state,
    };
  }
}

export function explained(error: OpsError): string {
  return error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
}

function minutes(ms: number): string {
  return ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}
