import { findCell } from '../domain/estate.ts';
import { OpsError } from '../errors.ts';
import { parseArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { mayAskFor } from './may.ts';
import { requestRun } from './request-run.ts';

const usage = 'alerts sync [<cell>] [because <reason>]';

export const alertsSync: Command = {
  name: 'alerts sync',
  usage,
  summary: 'Make and mend alert rules that are not as declared',
  examples: ['alerts sync', 'alerts sync cell-banking because its rules were changed by hand'],
  acts: true,
  may: mayAskFor('sync-alert-rules'),

  async run(text, { incoming, member, operations, estate }) {
    const { words, because, ...given } = parseArguments(text, ['for']);
    const [named, extra] = words;
    if (extra !== undefined || given.for !== undefined) {
      throw new OpsError('bad-input', 'That is more than one cell.', { hint: `Type \`/stamps ${usage}\`.` });
    }
    const asking = { operations, member, channel: incoming.channel, key: incoming.key };
    return requestRun(asking, 'sync-alert-rules', {
      ...(named !== undefined && { cell: findCell(estate, named).name }),
      ...(because !== undefined && { reason: because }),
    });
  },
};
