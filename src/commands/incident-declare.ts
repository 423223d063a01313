import { declared } from '../blocks/incident-answers.ts';
import { mayRespond } from '../domain/incident-policy.ts';
import { OpsError } from '../errors.ts';
import type { Command } from './command.ts';
import { parseDeclaration } from './incident-arguments.ts';

export const incidentDeclare: Command = {
  name: 'incident declare',
  usage: 'incident declare "<what is wrong>" <P0|P1|P2|P3> [in <cell or region>]',
  summary: 'Open an incident by hand',
  examples: [
    'incident declare "Card payments time out" P1 in cell-banking',
    'incident declare "Nobody can sign in" P0',
  ],
  acts: true,
  may: (member, policy) => mayRespond(policy, member),

  async run(text, { incoming, incidents, member, estate, policy }) {
    const declaration = parseDeclaration(text, estate);
    if (policy.incidents.channel === undefined && incoming.channel.startsWith('D')) {
      throw new OpsError('refused', 'An incident’s card must stand in a channel, where others see it.', {
        hint: 'Type the same in the incident channel.',
      });
    }
    return declared(
      await incidents.declare({ ...declaration, requestKey: incoming.key, channel: incoming.channel }, member),
    );
  },
};
