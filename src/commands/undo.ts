import { only, parseArguments, runId } from './arguments.ts';
import type { Command } from './command.ts';
import { anyMember } from './may.ts';
import { requestUndo } from './request-run.ts';

export const undo: Command = {
  name: 'undo',
  usage: 'undo <run>',
  summary: 'Put back what a run changed; planned and approved like any other run',
  examples: ['undo r-17'],
  acts: true,
  may: anyMember,

  async run(text, { incoming, member, operations }) {
    const id = runId(only(parseArguments(text).words, 'run', 'undo <run>'));
    return requestUndo({ operations, member, channel: incoming.channel, key: incoming.key }, id);
  },
};
