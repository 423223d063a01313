import { anomalyActionIds } from '../blocks/anomaly-card.ts';
import { say } from '../blocks/message.ts';
import type { ActionHandler } from './interaction.ts';

export const anomalySnooze: ActionHandler = {
  actionId: anomalyActionIds.snooze,
  acts: true,
  async run({ incoming, reports, member }) {
    await reports.snoozeAnomaly(incoming.value, member);
    return say('There is no new card of this indicator for a day. The digest goes on telling of it.');
  },
};
