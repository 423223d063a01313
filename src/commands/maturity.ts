import type { Command } from './command.ts';
import { anyMember } from './may.ts';

export const maturity: Command = {
  name: 'maturity',
  usage: 'maturity',
  summary: 'Show at which level the estate was run in the last 30 days, with the evidence',
  examples: ['maturity'],
  acts: false,
  may: anyMember,
  meanwhile: 'The report is being made; it appears in this channel.',

  async run(_text, { reports, incoming }) {
    await reports.post({ kind: 'maturity', requestKey: incoming.key, channel: incoming.channel });
    return undefined;
  },
};
