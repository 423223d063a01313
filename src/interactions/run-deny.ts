import { actionIds } from '../blocks/run-buttons.ts';
import { decide } from './decide.ts';
import type { ActionHandler } from './interaction.ts';
import { runValue } from './run-value.ts';

export const runDeny: ActionHandler = {
  actionId: actionIds.deny,
  acts: true,

  async run(context) {
    const { runId, seenCode } = runValue(context.incoming.value);
    return decide(context, runId, seenCode, 'deny');
  },
};
