import { AsyncLocalStorage } from 'node:async_hooks';
import { DBOS } from '@dbos-inc/dbos-sdk';
import type { Run } from '../domain/run.ts';
import { isOpsError, type OpsError } from '../errors.ts';
import type { PageRequest } from '../ports/pager.ts';
import { announce } from './cards.ts';
import type { EngineContext } from './context.ts';

/** Wakes people, durably: a page outlives a crash and PagerDuty's throttling, and its key makes one incident of it. */
export interface Pages {
  /** Resolves when the page is on its way for sure. What becomes of it is said in the run's thread. */
  page(request: PageRequest, run: Pick<Run, 'id' | 'channel'>): Promise<void>;
}

const timeoutMs = 15_000;

/** Registers the workflow that pages; call it before DBOS is launched. */
export function createPages(context: EngineContext): Pages {
  const { pager, database, stopping } = context;

  const deliver = DBOS.registerWorkflow(
    async (request: PageRequest, runId: string, channel: string) => {
      const outcome = await DBOS.runStep(
        async () => {
          if (!pager) return 'PagerDuty is not configured, so nobody was paged: call the manager yourself.';
          try {
            await pager.page(request, AbortSignal.any([stopping, AbortSignal.timeout(timeoutMs)]));
            return 'Paged through PagerDuty.';
          } catch (error) {
            if (isOpsError(error) && !error.transient)
              return `PagerDuty refused the page: ${(error as OpsError).message} Call the manager yourself.`;
            throw error;
          }
        },
        { name: 'page', retriesAllowed: true, maxAttempts: 30, intervalSeconds: 1, backoffRate: 1.5 },
      );
      await DBOS.runStep(
        () => announce(context, database, { id: runId, channel }, 'page', [`${request.summary}. ${outcome}`]),
        { name: 'tell', retriesAllowed: true },
      );
    },
    { name: 'page' },
  );

  const outside = AsyncLocalStorage.snapshot();
  return {
    async page(request, run) {
      await outside(() =>
        DBOS.startWorkflow(deliver, { workflowID: `page:${request.key}` })(request, run.id, run.channel),
      );
    },
  };
}
