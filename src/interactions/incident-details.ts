import { incidentActionIds } from '../blocks/incident-buttons.ts';
import { incidentDetailsModal } from '../blocks/incident-details-modal.ts';
import { incidentValue } from './incident-value.ts';
import type { ActionHandler } from './interaction.ts';

export const incidentDetails: ActionHandler = {
  actionId: incidentActionIds.details,
  acts: false,

  async run({ incoming, incidents, chat }) {
    const details = await incidents.details(incidentValue(incoming.value), 0);
    await chat.openView(incoming.triggerId, incidentDetailsModal(details));
    return undefined;
  },
};
