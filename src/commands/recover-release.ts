import { findCell } from '../domain/estate.ts';
import { only, parseArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { mayAskFor } from './may.ts';
import { requestRun } from './request-run.ts';

const usage = 'recover release <cell> [because <reason>]';

export const recoverRelease: Command = {
  name: 'recover release',
  usage,
  summary: 'End a recovery: delete copies that nobody uses; data in use, and originals, never',
  examples: ['recover release cell-banking because the copy was only looked at'],
  acts: true,
  may: mayAskFor('release-recovery'),

  async run(text, { incoming, member, operations, estate }) {
    const { words, because } = parseArguments(text);
    const cell = findCell(estate, only(words, 'cell', usage));
    const asking = { operations, member, channel: incoming.channel, key: incoming.key };
    return requestRun(asking, 'release-recovery', {
      cell: cell.name,
      ...(because !== undefined && { reason: because }),
    });
  },
};
