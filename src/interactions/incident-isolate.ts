import { incidentActionIds } from '../blocks/incident-buttons.ts';
import { isolateModal } from '../blocks/isolate-modal.ts';
import { incidentValue } from './incident-value.ts';
import type { ActionHandler } from './interaction.ts';

/** The form of the playbook that fits, filled in; its submission requests it, and that is where the right is asked. */
export const incidentIsolate: ActionHandler = {
  actionId: incidentActionIds.isolate,
  acts: false,

  async run({ incoming, incidents, estate, chat }) {
    const { id, title, place, channel } = await incidents.incident(incidentValue(incoming.value));
    const filled = { ...(place.scope === 'cell' && { cell: place.cell }), reason: `${id}: ${title}` };
    await chat.openView(incoming.triggerId, isolateModal(estate, incoming.channel ?? channel, filled));
    return undefined;
  },
};
