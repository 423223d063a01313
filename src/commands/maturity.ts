import { say } from '../blocks/message.ts';
import type { Command } from './command.ts';
import { anyMember } from './may.ts';

export const maturity: Command = {
  name: 'maturity',
  usage: 'maturity',
  summary: 'Show at which level the estate was run in the last 30 days, with the evidence',
  examples: ['maturity'],
  acts: false,
  may: anyMember,

  async run(_text, { reports, incoming }) {
    await reports.post({ kind: 'maturity', requestKey: incoming.key, channel: incoming.channel });
    return say('The report is made; it appears in this channel in a moment.');
  },
};
