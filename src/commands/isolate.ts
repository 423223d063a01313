import { isolateModal } from '../blocks/isolate-modal.ts';
import { parseDuration } from '../domain/duration.ts';
import { findCell } from '../domain/estate.ts';
import { OpsError } from '../errors.ts';
import { only, parseArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { mayAskFor } from './may.ts';
import { requestRun } from './request-run.ts';

const usage = 'isolate <cell> [for <duration>] because <reason>';

export const isolate: Command = {
  name: 'isolate',
  usage,
  summary: 'Take a cell out of service for a while; its traffic goes to its fallback',
  examples: ['isolate cell-banking for 4h because card payments time out', 'isolate'],
  acts: true,
  may: mayAskFor('isolate-cell'),

  async run(text, { incoming, member, operations, estate, chat }) {
    if (text.trim() === '') {
      await chat.openView(incoming.triggerId, isolateModal(estate, incoming.channel));
      return undefined;
    }
    const { words, because, ...given } = parseArguments(text, ['for']);
    const cell = findCell(estate, only(words, 'cell', usage));
    const lease = given.for ?? '4h';
    parseDuration(lease);
    if (because === undefined) {
      throw new OpsError('bad-input', 'Say why: whoever approves wants to know.', {
        hint: `Type \`/stamps ${usage}\`.`,
      });
    }
    const asking = { operations, member, channel: incoming.channel, key: incoming.key };
    return requestRun(asking, 'isolate-cell', { cell: cell.name, for: lease, reason: because });
  },
};
