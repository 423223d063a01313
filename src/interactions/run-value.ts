import { OpsError } from '../errors.ts';
import type { Operations } from '../ports/operations.ts';

/** The run and the plan code that a button carries: `r-17:1a2b3c4d`. Throws `bad-input` for anything else. */
export function runValue(value: string): { runId: string; seenCode: string } {
  const [, runId, seenCode] = /^(r-\d{1,9}):([0-9a-f]{8})$/.exec(value) ?? [];
  if (runId === undefined || seenCode === undefined) {
    throw new OpsError('bad-input', 'This button is not understood any more; its card is too old.', {
      hint: '`/stamps runs` shows what there is now.',
    });
  }
  return { runId, seenCode };
}

/** Where the card of something new about a run stands: where the click was, or where the run's own card is. */
export async function cardChannel(
  operations: Pick<Operations, 'run'>,
  clickedIn: string | undefined,
  runId: string,
): Promise<string> {
  if (clickedIn !== undefined && !clickedIn.startsWith('D')) return clickedIn;
  return (await operations.run(runId)).channel;
}
