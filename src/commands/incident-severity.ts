import { severitySet } from '../blocks/incident-answers.ts';
import { mayRespond } from '../domain/incident-policy.ts';
import { only, parseArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { parseIncident, parseSeverity, whichIncident } from './incident-arguments.ts';

const usage = 'incident severity [incident] <P0|P1|P2|P3>';

export const incidentSeverity: Command = {
  name: 'incident severity',
  usage,
  summary: 'Change how severe an incident is; your choice stays',
  examples: ['incident severity P0', 'incident severity i-17 P2'],
  acts: true,
  may: (member, policy) => mayRespond(policy, member),

  async run(text, { incoming, incidents, member }) {
    const { named, rest } = parseIncident(text);
    const severity = parseSeverity(only(parseArguments(rest).words, 'severity', usage));
    const id = await whichIncident(incidents, named, incoming.channel);
    return severitySet(await incidents.setSeverity(id, severity, member));
  },
};
