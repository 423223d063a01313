import type { NoticePart } from '../ports/presenter.ts';
import { announce } from './cards.ts';
import type { EngineContext } from './context.ts';
import { getRun } from './run-store.ts';

/** Says something in a run's thread, once for its name and words, however often it is repeated. */
export function createTell(
  context: Pick<EngineContext, 'database' | 'presenter'>,
  name: string,
): (runId: string, says: readonly NoticePart[]) => Promise<void> {
  return async (runId, says) => {
    const { database } = context;
    await announce(
      context,
      database,
      await getRun(database, runId),
      name,
      says.flatMap((part, index) => (index === 0 ? [part] : [' ', part])),
    );
  };
}
