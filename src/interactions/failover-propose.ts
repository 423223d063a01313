import { actionIds } from '../blocks/run-buttons.ts';
import { requestRun } from '../commands/request-run.ts';
import { findRegion } from '../domain/estate.ts';
import { OpsError } from '../errors.ts';
import type { ActionHandler } from './interaction.ts';

/** The button of an assessment: `eastus:westus::what was seen`, with `loss` between where SQL or storage would lose data. */
export const failoverPropose: ActionHandler = {
  actionId: actionIds.proposeFailover,
  acts: true,

  async run({ incoming, operations, member, estate }) {
    const [from = '', to = '', loss, ...seen] = incoming.value.split(':');
    const reason = seen.join(':');
    const { channel, key } = incoming;
    if (channel === undefined) {
      throw new OpsError('misconfigured', 'There is no channel in which the plan could be shown.', {
        hint: `Type \`/stamps failover ${from} to ${to} because …\` in the incident channel.`,
      });
    }
    return requestRun({ operations, member, channel, key }, 'failover-region', {
      from: findRegion(estate, from).name,
      to: findRegion(estate, to).name,
      ...(reason !== '' && { reason }),
      ...(loss === 'loss' && { acceptLoss: true }),
    });
  },
};
