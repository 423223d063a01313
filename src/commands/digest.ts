import type { Command } from './command.ts';
import { anyMember } from './may.ts';

export const digest: Command = {
  name: 'digest',
  usage: 'digest',
  summary: 'Show the day’s report here: indicators, leases, incidents, runs, cost',
  examples: ['digest'],
  acts: false,
  may: anyMember,
  meanwhile: 'The report is being made; it appears in this channel.',

  async run(_text, { reports, incoming }) {
    await reports.post({ kind: 'daily', requestKey: incoming.key, channel: incoming.channel });
    return undefined;
  },
};
