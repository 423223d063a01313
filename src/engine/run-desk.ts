import type { Run } from '../domain/run.ts';
import { OpsError } from '../errors.ts';
import type { EngineContext } from './context.ts';
import type { Lifecycle } from './lifecycle.ts';

/** What the operations on runs share. */
export interface RunDesk {
  readonly context: EngineContext;
  lifecycle(): Lifecycle;
  /** After a transition: shows it, and starts what may start. */
  moved(runId: string): Promise<Run>;
}

/** Says for whom it is. */
export function notYours(groups: readonly string[] | undefined): OpsError {
  return new OpsError('not-allowed', 'The policy does not let you do this.', {
    hint:
      groups && groups.length > 0
        ? `It is for ${[...new Set(groups)].join(', ')}.`
        : 'No rule of the policy covers it, so nobody may.',
  });
}
