import { incidentActionIds } from '../blocks/incident-buttons.ts';
import { readAssessmentCard } from '../commands/assess.ts';
import type { ActionHandler } from './interaction.ts';

/** What `/stamps assess` shows, to the one who pressed; its own button proposes the failover. */
export const incidentAssess: ActionHandler = {
  actionId: incidentActionIds.assess,
  acts: false,
  run: (context) => readAssessmentCard(context),
};
