import { statusActionIds } from '../blocks/status-update-modal.ts';
import { openStatusUpdate } from '../commands/open-status-update.ts';
import type { StatusPurpose } from '../domain/status-update.ts';
import { incidentValue } from './incident-value.ts';
import type { ActionHandler } from './interaction.ts';

/** Opens the form from a card or from the request for the last words; its submission asks for the right. */
function opens(actionId: string, purpose: StatusPurpose): ActionHandler {
  return {
    actionId,
    acts: false,
    async run({ incoming, incidents, statusPage, chat }) {
      const { id, channel } = await incidents.incident(incidentValue(incoming.value));
      const from = { triggerId: incoming.triggerId, channel: incoming.channel ?? channel };
      return openStatusUpdate({ statusPage, chat }, from, purpose, id);
    },
  };
}

/** From a global outage: the components of what was found broken are filled in. Regions that the estate lost since are left out. */
const opensOutage: ActionHandler = {
  actionId: statusActionIds.outage,
  acts: false,
  async run({ incoming, incidents, statusPage, chat, estate }) {
    const [incident = '', regions = ''] = incoming.value.split(':');
    const { id, channel } = await incidents.incident(incidentValue(incident));
    const known = regions.split(',').filter((name) => estate.regions.some((region) => region.name === name));
    const from = { triggerId: incoming.triggerId, channel: incoming.channel ?? channel };
    return openStatusUpdate({ statusPage, chat }, from, 'draft', id, known);
  },
};

export const statuspageOpens: readonly ActionHandler[] = [
  opens(statusActionIds.open, 'draft'),
  opens(statusActionIds.resolve, 'resolve'),
  opensOutage,
];
