import { silenceMade } from '../blocks/silence-card.ts';
import { mayRespond } from '../domain/incident-policy.ts';
import { OpsError } from '../errors.ts';
import type { Command } from './command.ts';
import { parseSilence } from './silence-arguments.ts';

const usage =
  'maintenance-window <cell|region|rule "<name>"> <from <moment>|in <duration>> for <duration> because <reason>';

export const maintenanceWindow: Command = {
  name: 'maintenance-window',
  usage,
  summary: 'Plan ahead when alerts of a cell, a region or a rule are to be silent',
  examples: [
    'maintenance-window cell-banking from 2026-12-01T22:00Z for 2h because its database gets a new version',
    'maintenance-window eastus in 3h for 90m because the gateway’s certificate is changed',
  ],
  acts: true,
  may: (member, policy) => mayRespond(policy, member),

  async run(text, { silences, estate, incoming, member, clock }) {
    const { match, lastsMs, reason, from } = parseSilence(text, estate, usage);
    if (!from) {
      throw new OpsError('bad-input', 'From when? A maintenance window is planned ahead.', {
        hint: 'Write `from 2026-12-01T22:00Z` or `in 3h`; from now on, it is `/stamps silence`.',
      });
    }
    const startsAt = 'at' in from ? from.at : new Date(clock.now() + from.inMs).toISOString();
    const wanted = { requestKey: incoming.key, match, reason, startsAt, lastsMs, channel: incoming.channel };
    return silenceMade(await silences.silence(wanted, member));
  },
};
