import { detailsModal } from '../blocks/details-modal.ts';
import { actionIds } from '../blocks/run-buttons.ts';
import { runDetails as draw } from '../blocks/run-details.ts';
import type { ActionHandler } from './interaction.ts';
import { runValue } from './run-value.ts';

/** In a channel for the asker alone; in App Home, where nothing can be whispered, as a modal. */
export const runDetails: ActionHandler = {
  actionId: actionIds.details,
  acts: false,

  async run({ incoming, operations, chat }) {
    const run = await operations.run(runValue(incoming.value).runId);
    if (incoming.channel !== undefined) return draw(run);
    await chat.openView(incoming.triggerId, detailsModal(run));
    return undefined;
  },
};
