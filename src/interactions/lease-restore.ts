import { actionIds } from '../blocks/run-buttons.ts';
import { heldLease, wayBack } from '../commands/held-lease.ts';
import { requestRun } from '../commands/request-run.ts';
import type { ActionHandler } from './interaction.ts';
import { cardChannel } from './run-value.ts';

export const leaseRestore: ActionHandler = {
  actionId: actionIds.restoreNow,
  acts: true,

  async run({ incoming, operations, member, estate }) {
    const lease = await heldLease(estate, operations, incoming.value);
    const channel = await cardChannel(operations, incoming.channel, lease.runId);
    const { playbook, input } = wayBack(estate, lease);
    return requestRun({ operations, member, channel, key: incoming.key }, playbook, input);
  },
};
