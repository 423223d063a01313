import { isolateModal } from '../blocks/isolate-modal.ts';
import { actionIds } from '../blocks/run-buttons.ts';
import { OpsError } from '../errors.ts';
import type { ActionHandler } from './interaction.ts';

export const isolateOpen: ActionHandler = {
  actionId: actionIds.openIsolate,
  acts: false,

  async run({ incoming, estate, chat, homeChannel }) {
    const channel = incoming.channel ?? homeChannel;
    if (channel === undefined) {
      throw new OpsError('misconfigured', 'There is no channel in which the plan could be shown.', {
        hint: 'Type `/stamps isolate` in the incident channel.',
      });
    }
    await chat.openView(incoming.triggerId, isolateModal(estate, channel));
    return undefined;
  },
};
