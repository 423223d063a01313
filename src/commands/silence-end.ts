import { silenceOver } from '../blocks/silence-card.ts';
import { mayRespond } from '../domain/incident-policy.ts';
import { only, parseArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { silenceId } from './silence-arguments.ts';

const usage = 'silence end <id>';

export const silenceEnd: Command = {
  name: 'silence end',
  usage,
  summary: 'End a silence or a planned window now',
  examples: ['silence end s-4'],
  acts: true,
  may: (member, policy) => mayRespond(policy, member),
  run: async (text, { silences, member }) =>
    silenceOver(await silences.end(silenceId(only(parseArguments(text).words, 'silence', usage)), member)),
};
