import { recoverModal, swapModal } from '../blocks/recover-modal.ts';
import { actionIds } from '../blocks/run-buttons.ts';
import { findCell } from '../domain/estate.ts';
import { OpsError } from '../errors.ts';
import type { ActionHandler } from './interaction.ts';

/** The button of a card of restore points, and of a recovery that is done. Both only ask for the rest. */
const opens = (actionId: string, view: typeof recoverModal): ActionHandler => ({
  actionId,
  acts: false,

  async run({ incoming, estate, chat, homeChannel }) {
    const channel = incoming.channel ?? homeChannel;
    if (channel === undefined) {
      throw new OpsError('misconfigured', 'There is no channel in which the plan could be shown.', {
        hint: 'Type `/stamps recover` in the incident channel.',
      });
    }
    await chat.openView(incoming.triggerId, view(findCell(estate, incoming.value).name, channel));
    return undefined;
  },
});

export const recoverOpen = opens(actionIds.openRecover, recoverModal);
export const swapOpen = opens(actionIds.openSwap, swapModal);
