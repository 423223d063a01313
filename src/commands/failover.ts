import { parseDuration } from '../domain/duration.ts';
import { findRegion, shown } from '../domain/estate.ts';
import { OpsError } from '../errors.ts';
import { parseArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { mayAskFor } from './may.ts';
import { requestRun } from './request-run.ts';

const usage = 'failover <region> to <region> [accepting loss] [for <duration>] because <reason>';

export const failover: Command = {
  name: 'failover',
  usage,
  summary: 'Serve the clients of a region from another: capacity, data, then clients',
  examples: [
    'failover eastus to westus because the power is out in two zones',
    'failover eastus to westus accepting loss because the region is lost',
  ],
  acts: true,
  may: mayAskFor('failover-region'),

  async run(text, { incoming, member, operations, estate }) {
    const { words, because, to, accepting, ...given } = parseArguments(text, ['to', 'accepting', 'for']);
    const [from, ...rest] = words;
    const hint = `Type \`/stamps ${usage}\`.`;
    if (from === undefined || to === undefined || rest.length > 0)
      throw new OpsError('bad-input', 'Say from which region to which.', { hint });
    if (accepting !== undefined && accepting.toLowerCase() !== 'loss')
      throw new OpsError('bad-input', `Accepting what? “${shown(accepting)}” is not understood.`, { hint });
    if (given.for !== undefined) parseDuration(given.for);
    const asking = { operations, member, channel: incoming.channel, key: incoming.key };
    return requestRun(asking, 'failover-region', {
      from: findRegion(estate, from).name,
      to: findRegion(estate, to).name,
      ...(accepting !== undefined && { acceptLoss: true }),
      ...(given.for !== undefined && { for: given.for }),
      ...(because !== undefined && { reason: because }),
    });
  },
};
