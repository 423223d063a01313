import { mayRespond } from '../domain/incident-policy.ts';
import type { Command } from './command.ts';
import { onlyIncident } from './incident-arguments.ts';
import { resolveIncident } from './resolve-incident.ts';

const usage = 'incident resolve [incident]';

export const incidentResolve: Command = {
  name: 'incident resolve',
  usage,
  summary: 'Say that the trouble is over',
  examples: ['incident resolve', 'incident resolve i-17'],
  acts: true,
  may: (member, policy) => mayRespond(policy, member),

  async run(text, context) {
    const id = await onlyIncident(context.incidents, text, context.incoming.channel, usage);
    return resolveIncident(context, id);
  },
};
