import { silencesList } from '../blocks/silence-card.ts';
import type { Command } from './command.ts';
import { anyMember } from './may.ts';

export const silences: Command = {
  name: 'silences',
  usage: 'silences',
  summary: 'List what is silent now or will be, until when and why',
  examples: ['silences'],
  acts: false,
  may: anyMember,
  run: async (_text, context) => silencesList(await context.silences.silences()),
};
