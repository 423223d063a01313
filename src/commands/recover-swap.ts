import { findCell, shown } from '../domain/estate.ts';
import { OpsError } from '../errors.ts';
import { only, parseArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { mayAskFor } from './may.ts';
import { requestRun } from './request-run.ts';

const usage = 'recover swap <cell> [without blobs] because <reason>';

export const recoverSwap: Command = {
  name: 'recover swap',
  usage,
  summary: 'Let a cell work on its restored data; its blobs go back in place, the other originals stay',
  examples: [
    'recover swap cell-banking because the copy has every account',
    'recover swap cell-banking without blobs because only accounts were lost',
  ],
  acts: true,
  may: mayAskFor('swap-data'),

  async run(text, { incoming, member, operations, estate }) {
    const { words, because, without } = parseArguments(text, ['without']);
    const cell = findCell(estate, only(words, 'cell', usage));
    if (without !== undefined && without.toLowerCase() !== 'blobs')
      throw new OpsError('bad-input', `Without what? “${shown(without)}” is not understood.`, {
        hint: `Type \`/stamps ${usage}\`.`,
      });
    if (because === undefined)
      throw new OpsError('bad-input', 'Say why, for whoever approves.', { hint: `Type \`/stamps ${usage}\`.` });
    const asking = { operations, member, channel: incoming.channel, key: incoming.key };
    return requestRun(asking, 'swap-data', {
      cell: cell.name,
      ...(without !== undefined && { withoutBlobs: true }),
      reason: because,
    });
  },
};
