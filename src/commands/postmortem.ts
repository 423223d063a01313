import { postmortemWanted } from '../blocks/incident-answers.ts';
import { mayRespond } from '../domain/incident-policy.ts';
import type { Command } from './command.ts';
import { onlyIncident } from './incident-arguments.ts';

const usage = 'postmortem [incident]';

export const postmortem: Command = {
  name: 'postmortem',
  usage,
  summary: 'Make a document of an incident: timeline, times, runs, alerts, open questions',
  examples: ['postmortem i-17'],
  acts: true,
  may: (member, policy) => mayRespond(policy, member),

  async run(text, { incoming, incidents, member }) {
    const id = await onlyIncident(incidents, text, incoming.channel, usage);
    return postmortemWanted(await incidents.postmortem(id, member, incoming.key));
  },
};
