import { findingActionIds } from '../blocks/findings-message.ts';
import { findingPlace } from './finding-place.ts';
import type { ActionHandler } from './interaction.ts';

export const findingAssign: ActionHandler = {
  actionId: findingActionIds.assign,
  acts: true,
  async run({ incoming, reports, member }) {
    await reports.assignFinding(incoming.value, member, findingPlace(incoming));
    return undefined;
  },
};
