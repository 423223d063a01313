import { actionIds } from '../blocks/run-buttons.ts';
import { requestRun } from '../commands/request-run.ts';
import { findCell } from '../domain/estate.ts';
import { OpsError } from '../errors.ts';
import type { ActionHandler } from './interaction.ts';

export const recoverRelease: ActionHandler = {
  actionId: actionIds.releaseRecovery,
  acts: true,

  async run({ incoming, operations, member, estate, homeChannel }) {
    const cell = findCell(estate, incoming.value).name;
    const channel = incoming.channel ?? homeChannel;
    if (channel === undefined) {
      throw new OpsError('misconfigured', 'There is no channel in which the plan could be shown.', {
        hint: `Type \`/stamps recover release ${cell}\` in the incident channel.`,
      });
    }
    return requestRun({ operations, member, channel, key: incoming.key }, 'release-recovery', { cell });
  },
};
