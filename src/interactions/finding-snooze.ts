import { findingActionIds, snoozeDays } from '../blocks/findings-message.ts';
import { say } from '../blocks/message.ts';
import { findingPlace } from './finding-place.ts';
import type { ActionHandler } from './interaction.ts';

export const findingSnooze: ActionHandler = {
  actionId: findingActionIds.snooze,
  acts: true,
  async run({ incoming, reports, member }) {
    await reports.snoozeFinding(incoming.value, snoozeDays, member, findingPlace(incoming));
    return say(`Reports leave it out for ${snoozeDays} days; then it comes back if it is still there.`);
  },
};
