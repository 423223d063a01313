import { pagedNow } from '../blocks/incident-answers.ts';
import { incidentActionIds } from '../blocks/incident-buttons.ts';
import { incidentValue } from './incident-value.ts';
import type { ActionHandler } from './interaction.ts';

export const incidentPage: ActionHandler = {
  actionId: incidentActionIds.page,
  acts: true,
  run: async ({ incoming, incidents, member }) =>
    pagedNow((await incidents.page(incidentValue(incoming.value), member)).incident),
};
