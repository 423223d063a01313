import { findRegion } from '../domain/estate.ts';
import { only, parseArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { mayAskFor } from './may.ts';
import { requestRun } from './request-run.ts';

const usage = 'failback <region> [because <reason>]';

export const failback: Command = {
  name: 'failback',
  usage,
  summary: 'Bring the clients and the data of a region back, once it has caught up',
  examples: ['failback eastus', 'failback eastus because the power is back'],
  acts: true,
  may: mayAskFor('failback-region'),

  async run(text, { incoming, member, operations, estate }) {
    const { words, because } = parseArguments(text);
    const region = findRegion(estate, only(words, 'region', usage));
    const asking = { operations, member, channel: incoming.channel, key: incoming.key };
    return requestRun(asking, 'failback-region', {
      region: region.name,
      ...(because !== undefined && { reason: because }),
    });
  },
};
