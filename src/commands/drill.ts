import { parseDuration } from '../domain/duration.ts';
import { findRegion } from '../domain/estate.ts';
import { OpsError } from '../errors.ts';
import { parseArguments } from './arguments.ts';
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
    const { words, because, ...given } = parseArguments(text);
    const [region, ...rest] = words;
    const [, to, data] = /^(?:to (\S+))? ?(with data)?$/iu.exec(rest.join(' ')) ?? [undefined, undefined, undefined];
    if (region === undefined || (rest.length > 0 && to === undefined && data === undefined)) {
      throw new OpsError('bad-input', 'Which region, and how?', { hint: `Type \`/stamps ${usage}\`.` });
    }
    if (given.for !== undefined) parseDuration(given.for);
    const asking = { operations, member, channel: incoming.channel, key: incoming.key };
    return requestRun(asking, 'drill-region', {
      region: findRegion(estate, region).name,
      ...(to !== undefined && { to: findRegion(estate, to).name }),
      ...(data !== undefined && { withData: true }),
      ...(given.for !== undefined && { for: given.for }),
      ...(because !== undefined && { reason: because }),
    });
  },
};
