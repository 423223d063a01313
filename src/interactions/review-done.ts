import { reviewed } from '../blocks/answers.ts';
import { actionIds } from '../blocks/run-buttons.ts';
import type { ActionHandler } from './interaction.ts';
import { runValue } from './run-value.ts';

export const reviewDone: ActionHandler = {
  actionId: actionIds.reviewDone,
  acts: true,
  run: async ({ incoming, operations, member }) =>
    reviewed(await operations.reviewBreakGlass(runValue(incoming.value).runId, member)),
};
