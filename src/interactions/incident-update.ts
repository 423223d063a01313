import { incidentActionIds } from '../blocks/incident-buttons.ts';
import { incidentUpdateModal } from '../blocks/incident-update-modal.ts';
import { incidentValue } from './incident-value.ts';
import type { ActionHandler } from './interaction.ts';

export const incidentUpdate: ActionHandler = {
  actionId: incidentActionIds.update,
  acts: false,

  async run({ incoming, incidents, chat }) {
    const incident = await incidents.incident(incidentValue(incoming.value));
    await chat.openView(incoming.triggerId, incidentUpdateModal(incident, incoming.channel ?? incident.channel));
    return undefined;
  },
};
