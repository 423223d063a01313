import { code } from '../blocks/escape-text.ts';
import { say } from '../blocks/message.ts';
import { mayBreakGlass } from '../domain/approval.ts';
import { only, parseFirst, reason, runId } from './arguments.ts';
import type { Command } from './command.ts';

const usage = 'break-glass <run> <reason>';

export const breakGlass: Command = {
  name: 'break-glass',
  usage,
  summary: 'Go ahead without approval; the manager is told and somebody reviews it afterwards',
  examples: ['break-glass r-17 nobody else is awake and payments are down'],
  acts: true,
  may: (member, policy) => mayBreakGlass(policy, member),

  async run(text, { operations, member }) {
    const { first, rest } = parseFirst(text);
    const id = runId(only(first, 'run', usage));
    const run = await operations.breakGlass(id, member, reason(rest));
    return say(`🔨 ${code(run.id)} goes ahead without approval. A review is now owed by somebody else.`);
  },
};
