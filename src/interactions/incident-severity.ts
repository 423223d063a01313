import { severitySet } from '../blocks/incident-answers.ts';
import { incidentActionIds } from '../blocks/incident-buttons.ts';
import { parseSeverity } from '../commands/incident-arguments.ts';
import { incidentValue } from './incident-value.ts';
import type { ActionHandler } from './interaction.ts';

export const incidentSeverity: ActionHandler = {
  actionId: incidentActionIds.severity,
  acts: true,

  async run({ incoming, incidents, member }) {
    const [id = '', severity = ''] = incoming.value.split(':');
    return severitySet(await incidents.setSeverity(incidentValue(id), parseSeverity(severity), member));
  },
};
