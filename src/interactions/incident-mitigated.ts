import { mitigatedNow } from '../blocks/incident-answers.ts';
import { incidentActionIds } from '../blocks/incident-buttons.ts';
import { incidentValue } from './incident-value.ts';
import type { ActionHandler } from './interaction.ts';

/** The harm is over since the run that the button names. */
export const incidentMitigated: ActionHandler = {
  actionId: incidentActionIds.mitigated,
  acts: true,
  run: async ({ incoming, incidents, member }) => {
    const [id = '', run = ''] = incoming.value.split(' ', 2);
    return mitigatedNow(await incidents.mitigate(incidentValue(id), member, run));
  },
};
