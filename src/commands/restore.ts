import { findCell } from '../domain/estate.ts';
import { only, parseArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { mayAskFor } from './may.ts';
import { requestRun } from './request-run.ts';

const usage = 'restore <cell> [because <reason>]';

export const restore: Command = {
  name: 'restore',
  usage,
  summary: 'Put an isolated cell back into service, exactly as it was',
  examples: ['restore cell-banking', 'restore cell-banking because the database is back'],
  acts: true,
  may: mayAskFor('restore-cell'),

  async run(text, { incoming, member, operations, estate }) {
    const { words, because } = parseArguments(text);
    const cell = findCell(estate, only(words, 'cell', usage));
    const asking = { operations, member, channel: incoming.channel, key: incoming.key };
    return requestRun(asking, 'restore-cell', { cell: cell.name, ...(because !== undefined && { reason: because }) });
  },
};
