import { pagedNow } from '../blocks/incident-answers.ts';
import { incidentActionIds } from '../blocks/incident-buttons.ts';
import { incidentValue } from './incident-value.ts';
import type { ActionHandler } from './interaction.ts';

export const incidentPage: ActionHandler = {
  actionId: incidentActionIds.page,
  acts: true,
  async run({ incoming, incidents, member, onCall }) {
    const { incident } = await incidents.page(incidentValue(incoming.value), member);
    return pagedNow(incident, onCall.pagesIncidents);
  },
};
