import { say } from '../blocks/message.ts';
import { mayOperate } from '../domain/approval.ts';
import type { Command } from './command.ts';

export const resume: Command = {
  name: 'resume',
  usage: 'resume',
  summary: 'Let the runs go on after a pause',
  examples: ['resume'],
  acts: true,
  may: (member, policy) => mayOperate(policy, member),

  async run(_text, { operations, member }) {
    await operations.resume(member);
    return say('▶️ *Resumed.* Runs go on where they stopped.');
  },
};
