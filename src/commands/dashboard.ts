import { findCell } from '../domain/estate.ts';
import { only, parseArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { anyMember } from './may.ts';

const usage = 'dashboard [global | cell <cell>]';

export const dashboard: Command = {
  name: 'dashboard',
  usage,
  summary: 'Show the estate or a cell as a picture: availability, traffic, response times, errors',
  examples: ['dashboard', 'dashboard cell cell-banking'],
  acts: false,
  may: anyMember,
  meanwhile: 'The picture is being drawn; it appears in this channel.',

  async run(text, { reports, incoming, estate }) {
    const { words } = parseArguments(text);
    const [first = 'global', ...rest] = words;
    const named = first.toLowerCase() === 'cell' ? rest : words;
    const global = first.toLowerCase() === 'global' && rest.length === 0;
    const cell = global ? undefined : findCell(estate, only(named, 'cell', usage)).name;
    await reports.post({
      kind: 'dashboard',
      requestKey: incoming.key,
      channel: incoming.channel,
      ...(cell !== undefined && { cell }),
    });
    return undefined;
  },
};
