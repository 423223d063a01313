import { parseDuration } from '../domain/duration.ts';
import { findRegion, shown } from '../domain/estate.ts';
import { OpsError } from '../errors.ts';
import { only, parseArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { mayAskFor } from './may.ts';
import { requestRun } from './request-run.ts';

const usage = 'drill <region> [to <region>] [with data] [for <duration>] [because <reason>]';

export const drill: Command = {
  name: 'drill',
  usage,
  summary: 'Serve a region from another for a while, measure it, and put it back whatever happens',
  examples: ['drill eastus for 15m', 'drill eastus to westus with data for 30m because it is the monthly test'],
  acts: true,
  may: mayAskFor('drill-region'),

  async run(text, { incoming, member, operations, estate }) {
    const { words, because, to, ...given } = parseArguments(text, ['to', 'with', 'for']);
    const region = only(words, 'region', usage);
    if (given.with !== undefined && given.with.toLowerCase() !== 'data') {
      throw new OpsError('bad-input', `With what? “${shown(given.with)}” is not understood.`, {
        hint: `Type \`/stamps ${usage}\`.`,
      });
    }
    if (given.for !== undefined) parseDuration(given.for);
    const asking = { operations, member, channel: incoming.channel, key: incoming.key };
    return requestRun(asking, 'drill-region', {
      region: findRegion(estate, region).name,
      ...(to !== undefined && { to: findRegion(estate, to).name }),
      ...(given.with !== undefined && { withData: true }),
      ...(given.for !== undefined && { for: given.for }),
      ...(because !== undefined && { reason: because }),
    });
  },
};
