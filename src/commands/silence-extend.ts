import { silenceMade } from '../blocks/silence-card.ts';
import { parseDuration } from '../domain/duration.ts';
import { mayRespond } from '../domain/incident-policy.ts';
import { OpsError } from '../errors.ts';
import { parseArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { silenceId } from './silence-arguments.ts';

const usage = 'silence extend <id> <duration>';

export const silenceExtend: Command = {
  name: 'silence extend',
  usage,
  summary: 'Let a silence last longer',
  examples: ['silence extend s-4 1h'],
  acts: true,
  may: (member, policy) => mayRespond(policy, member),

  async run(text, { silences, incoming, member }) {
    const { words, ...said } = parseArguments(text, ['for']);
    const [id = '', ...rest] = words;
    const longer = said.for ?? rest.join(' ');
    if (longer === '') throw new OpsError('bad-input', 'For how much longer?', { hint: `Type \`/stamps ${usage}\`.` });
    return silenceMade(await silences.extend(silenceId(id), parseDuration(longer), member, incoming.key));
  },
};
