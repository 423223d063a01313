import { actionIds } from '../blocks/run-buttons.ts';
import { decide } from './decide.ts';
import type { ActionHandler } from './interaction.ts';
import { runValue } from './run-value.ts';

export const runApprove: ActionHandler = {
  actionId: actionIds.approve,
  acts: true,

  async run(context) {
    const { runId, seenCode } = runValue(context.incoming.value);
    return decide(context, runId, seenCode, 'approve');
  },
};
