import { cancelled } from '../blocks/answers.ts';
import { only, parseArguments, runId } from './arguments.ts';
import type { Command } from './command.ts';
import { anyMember } from './may.ts';

export const cancel: Command = {
  name: 'cancel',
  usage: 'cancel <run>',
  summary: 'Cancel a run, or stop it before its next step',
  examples: ['cancel r-17'],
  acts: true,
  may: anyMember,
  run: async (text, { operations, member }) =>
    cancelled(await operations.cancel(runId(only(parseArguments(text).words, 'run', 'cancel <run>')), member)),
};
