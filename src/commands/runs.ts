import { runsList } from '../blocks/runs-list.ts';
import type { Command } from './command.ts';
import { anyMember } from './may.ts';

export const runs: Command = {
  name: 'runs',
  usage: 'runs',
  summary: 'List the newest runs',
  examples: ['runs'],
  acts: false,
  may: anyMember,
  run: async (_text, { operations }) => runsList(await operations.runs({ limit: 20 })),
};
