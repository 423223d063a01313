import { openScaleId, scaleModal } from '../blocks/scale-modal.ts';
import { findCell } from '../domain/estate.ts';
import { OpsError } from '../errors.ts';
import type { ActionHandler } from './interaction.ts';

/** The button of a report: `cell-banking:8`, `cell-banking:up`. */
export const scaleOpen: ActionHandler = {
  actionId: openScaleId,
  acts: false,

  async run({ incoming, estate, chat, homeChannel }) {
    const [named = '', to = ''] = incoming.value.split(':');
    const channel = incoming.channel ?? homeChannel;
    if (channel === undefined) {
      throw new OpsError('misconfigured', 'There is no channel in which the plan could be shown.', {
        hint: 'Type `/stamps scale` in a channel.',
      });
    }
    const cell = findCell(estate, named).name;
    const what = to === 'up' ? 'sql' : 'replicas';
    await chat.openView(
      incoming.triggerId,
      scaleModal(estate, channel, {
        cell,
        what,
        ...(to === 'up' && { to }),
        ...(/^\d{1,4}$/.test(to) && { to: Number(to) }),
        reason:
          what === 'sql'
            ? `The capacity report foresees that the load of ${cell}’s database reaches its limit.`
            : `The capacity report names the replicas of ${cell} as its first limit.`,
      }),
    );
    return undefined;
  },
};
