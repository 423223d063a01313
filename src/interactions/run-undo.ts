import { actionIds } from '../blocks/run-buttons.ts';
import { requestUndo } from '../commands/request-run.ts';
import type { ActionHandler } from './interaction.ts';
import { cardChannel, runValue } from './run-value.ts';

export const runUndo: ActionHandler = {
  actionId: actionIds.undo,
  acts: true,

  async run({ incoming, operations, member }) {
    const { runId } = runValue(incoming.value);
    const channel = await cardChannel(operations, incoming.channel, runId);
    return requestUndo({ operations, member, channel, key: incoming.key }, runId);
  },
};
