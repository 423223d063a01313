import { mitigatedNow } from '../blocks/incident-answers.ts';
import { mayRespond } from '../domain/incident-policy.ts';
import type { Command } from './command.ts';
import { onlyIncident } from './incident-arguments.ts';

const usage = 'incident mitigate [incident]';

export const incidentMitigate: Command = {
  name: 'incident mitigate',
  usage,
  summary: 'Say that the harm is over, though the cause may not be',
  examples: ['incident mitigate', 'incident mitigate i-17'],
  acts: true,
  may: (member, policy) => mayRespond(policy, member),

  async run(text, { incoming, incidents, member }) {
    return mitigatedNow(await incidents.mitigate(await onlyIncident(incidents, text, incoming.channel, usage), member));
  },
};
