import { incidentActionIds } from '../blocks/incident-buttons.ts';
import { resolveIncident } from '../commands/resolve-incident.ts';
import { incidentValue } from './incident-value.ts';
import type { ActionHandler } from './interaction.ts';

export const incidentResolve: ActionHandler = {
  actionId: incidentActionIds.resolve,
  acts: true,
  run: (context) => resolveIncident(context, incidentValue(context.incoming.value)),
};
