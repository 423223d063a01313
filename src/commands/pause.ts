import { say } from '../blocks/message.ts';
import { mayOperate } from '../domain/approval.ts';
import { restOfLine } from './arguments.ts';
import type { Command } from './command.ts';

export const pause: Command = {
  name: 'pause',
  usage: 'pause [reason]',
  summary: 'Stop every run at its next step, and start no new ones',
  examples: ['pause', 'pause Azure has an incident in eastus'],
  acts: true,
  may: (member, policy) => mayOperate(policy, member),

  async run(text, { operations, member }) {
    await operations.pause(member, restOfLine(text).slice(0, 500));
    return say('⏸️ *Everything is paused.* Runs stop at their next step; `/stamps resume` lets them go on.');
  },
};
