import { runDetails } from '../blocks/run-details.ts';
import { only, parseArguments, runId } from './arguments.ts';
import type { Command } from './command.ts';
import { anyMember } from './may.ts';

export const run: Command = {
  name: 'run',
  usage: 'run <id>',
  summary: 'Show one run in full: plan, steps, decisions',
  examples: ['run r-17'],
  acts: false,
  may: anyMember,
  run: async (text, { operations }) =>
    runDetails(await operations.run(runId(only(parseArguments(text).words, 'run', 'run <id>')))),
};
