import { extendModal } from '../blocks/extend-modal.ts';
import { actionIds } from '../blocks/run-buttons.ts';
import { heldLease } from '../commands/held-lease.ts';
import { findHeld } from '../domain/find-held.ts';
import type { ActionHandler } from './interaction.ts';
import { cardChannel } from './run-value.ts';

/** Asks for how long; the modal's submission requests it. */
export const leaseExtend: ActionHandler = {
  actionId: actionIds.extendLease,
  acts: false,

  async run({ incoming, operations, estate, chat }) {
    const lease = await heldLease(estate, operations, incoming.value);
    const channel = await cardChannel(operations, incoming.channel, lease.runId);
    await chat.openView(incoming.triggerId, extendModal(lease, findHeld(estate, lease.subject), channel));
    return undefined;
  },
};
