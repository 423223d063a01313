import { tookIt } from '../blocks/incident-answers.ts';
import { incidentActionIds } from '../blocks/incident-buttons.ts';
import { incidentValue } from './incident-value.ts';
import type { ActionHandler } from './interaction.ts';

export const incidentAcknowledge: ActionHandler = {
  actionId: incidentActionIds.acknowledge,
  acts: true,
  run: async ({ incoming, incidents, member }) =>
    tookIt(await incidents.acknowledge(incidentValue(incoming.value), member), member.id),
};
