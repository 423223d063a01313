import { incidentActionIds } from '../blocks/incident-buttons.ts';
import { incidentDetailsModal } from '../blocks/incident-details-modal.ts';
import { incidentValue } from './incident-value.ts';
import type { ActionHandler } from './interaction.ts';

/** Another page of the alerts, in the modal that is open. */
function turnPage(actionId: string): ActionHandler {
  return {
    actionId,
    acts: false,

    async run({ incoming, incidents, chat }) {
      const [id = '', page = ''] = incoming.value.split(':');
      const details = await incidents.details(incidentValue(id), Number.parseInt(page, 10) || 0);
      const modal = incidentDetailsModal(details);
      if (incoming.viewId === undefined) await chat.openView(incoming.triggerId, modal);
      else await chat.updateView(incoming.viewId, modal);
      return undefined;
    },
  };
}

export const incidentAlerts: readonly ActionHandler[] = [
  turnPage(incidentActionIds.newerAlerts),
  turnPage(incidentActionIds.olderAlerts),
];
