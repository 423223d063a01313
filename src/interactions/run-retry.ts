import { retried } from '../blocks/answers.ts';
import { actionIds } from '../blocks/run-buttons.ts';
import type { ActionHandler } from './interaction.ts';
import { runValue } from './run-value.ts';

export const runRetry: ActionHandler = {
  actionId: actionIds.retry,
  acts: true,
  run: async ({ incoming, operations, member }) =>
    retried(await operations.retry(runValue(incoming.value).runId, member)),
};
