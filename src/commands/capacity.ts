import type { Command } from './command.ts';
import { anyMember } from './may.ts';

export const capacity: Command = {
  name: 'capacity',
  usage: 'capacity',
  summary: 'Show where the estate stands against its plan, and which limit comes first',
  examples: ['capacity'],
  acts: false,
  may: anyMember,
  meanwhile: 'The report is being made; it appears in this channel.',

  async run(_text, { reports, incoming }) {
    await reports.post({ kind: 'capacity', requestKey: incoming.key, channel: incoming.channel });
    return undefined;
  },
};
