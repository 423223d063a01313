import { say } from '../blocks/message.ts';
import type { Command } from './command.ts';
import { anyMember } from './may.ts';

export const digest: Command = {
  name: 'digest',
  usage: 'digest',
  summary: 'Show the day’s report here: indicators, leases, incidents, runs, cost',
  examples: ['digest'],
  acts: false,
  may: anyMember,

  async run(_text, { reports, incoming }) {
    await reports.post({ kind: 'daily', requestKey: incoming.key, channel: incoming.channel });
    return say('The report is made; it appears in this channel in a moment.');
  },
};
