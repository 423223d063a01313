import { cancelled } from '../blocks/answers.ts';
import { actionIds } from '../blocks/run-buttons.ts';
import type { ActionHandler } from './interaction.ts';
import { runValue } from './run-value.ts';

export const runCancel: ActionHandler = {
  actionId: actionIds.cancel,
  acts: true,
  run: async ({ incoming, operations, member }) =>
    cancelled(await operations.cancel(runValue(incoming.value).runId, member)),
};
