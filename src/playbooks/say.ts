import { z } from 'zod';
import type { Act } from '../ports/checks.ts';
import type { NoticePart } from '../ports/presenter.ts';

const argsSchema = z.object({ says: z.string().min(1) });

/** The act `say`: tells something in the run's thread that was known when it was planned; `…` marks what can be copied. */
export function createSay(tell: (runId: string, says: readonly NoticePart[]) => Promise<void>): Act {
  return async (args, key) => {
    const { says } = argsSchema.parse(args);
    await tell(key.slice(0, key.indexOf(':')), [{ sentence: says }]);
    return says;
  };
}
