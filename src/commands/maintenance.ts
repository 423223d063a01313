import type { Command } from './command.ts';
import { anyMember } from './may.ts';

/** The report of a week or a month, now. */
function maintenance(kind: 'weekly' | 'monthly', summary: string): Command {
  const name = `maintenance ${kind}`;
  return {
    name,
    usage: name,
    summary,
    examples: [name],
    acts: false,
    may: anyMember,
    meanwhile: 'The report is being made; it appears in this channel.',
    async run(_text, { reports, incoming }) {
      await reports.post({ kind, requestKey: incoming.key, channel: incoming.channel });
      return undefined;
    },
  };
}

export const maintenanceWeekly = maintenance(
  'weekly',
  'Show what needs care: resources, cost, security, backups, certificates',
);
export const maintenanceMonthly = maintenance('monthly', 'The same, with baselines and who may do what');
