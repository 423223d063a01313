import { parseDuration } from '../domain/duration.ts';
import { OpsError } from '../errors.ts';
import { only, parseArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { heldLease } from './held-lease.ts';
import { mayAskFor } from './may.ts';
import { requestRun } from './request-run.ts';

const usage = 'lease extend <cell, region or recovery/cell> <duration> [because <reason>]';

export const leaseExtend: Command = {
  name: 'lease extend',
  usage,
  summary: 'Keep a cell or a region out of service, or the copies of a recovery, for longer',
  examples: [
    'lease extend cell-banking 2h',
    'lease extend eastus 4h',
    'lease extend recovery/cell-banking 2d because the copy is still being compared',
    'lease extend cell-banking for 2h because the database is still being repaired',
  ],
  acts: true,
  may: mayAskFor('extend-lease'),

  async run(text, { incoming, member, operations, estate }) {
    const { words, because, ...given } = parseArguments(text, ['for']);
    const [cell, ...rest] = words;
    const longer = given.for ?? rest.join(' ');
    if (longer === '') throw new OpsError('bad-input', 'For how much longer?', { hint: `Type \`/stamps ${usage}\`.` });
    const named = only(given.for === undefined ? [cell ?? ''] : words, 'cell, region or recovery', usage);
    parseDuration(longer);
    const lease = await heldLease(estate, operations, named);
    const asking = { operations, member, channel: incoming.channel, key: incoming.key };
    return requestRun(asking, 'extend-lease', {
      cell: lease.subject,
      for: longer,
      ...(because !== undefined && { reason: because }),
    });
  },
};
