import { tookIt } from '../blocks/incident-answers.ts';
import { mayRespond } from '../domain/incident-policy.ts';
import type { Command } from './command.ts';
import { onlyIncident } from './incident-arguments.ts';

const usage = 'incident ack [incident]';

export const incidentAck: Command = {
  name: 'incident ack',
  usage,
  summary: 'Say that you have taken an incident; PagerDuty stops calling',
  examples: ['incident ack', 'incident ack i-17'],
  acts: true,
  may: (member, policy) => mayRespond(policy, member),

  async run(text, { incoming, incidents, member }) {
    const id = await onlyIncident(incidents, text, incoming.channel, usage);
    return tookIt(await incidents.acknowledge(id, member), member.id);
  },
};
