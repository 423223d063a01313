import { silenceMade } from '../blocks/silence-card.ts';
import { mayRespond } from '../domain/incident-policy.ts';
import { OpsError } from '../errors.ts';
import type { Command } from './command.ts';
import { parseSilence } from './silence-arguments.ts';

const usage = 'silence <cell|region|rule "<name>" [in <cell|region>]> for <duration> because <reason>';

export const silence: Command = {
  name: 'silence',
  usage,
  summary: 'Keep alerts of a cell, a region or a rule silent for a while',
  examples: [
    'silence cell-banking for 2h because its database is being moved',
    'silence rule "Container-Apps-High-Memory" in eastus for 1h because the cache is being filled',
  ],
  acts: true,
  may: (member, policy) => mayRespond(policy, member),

  async run(text, { silences, estate, incoming, member }) {
    const { match, lastsMs, reason, from } = parseSilence(text, estate, usage);
    if (from) {
      throw new OpsError('bad-input', 'A silence begins at once.', {
        hint: 'For one that begins later, use `/stamps maintenance-window`.',
      });
    }
    const wanted = { requestKey: incoming.key, match, reason, lastsMs, channel: incoming.channel };
    return silenceMade(await silences.silence(wanted, member));
  },
};
