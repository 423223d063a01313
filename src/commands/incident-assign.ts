import { assigned } from '../blocks/incident-answers.ts';
import { mayRespond } from '../domain/incident-policy.ts';
import { only, parseArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { findResponder } from './find-responder.ts';
import { parseIncident, whichIncident } from './incident-arguments.ts';

const usage = 'incident assign [incident] <@person or me>';

export const incidentAssign: Command = {
  name: 'incident assign',
  usage,
  summary: 'Give an incident to somebody',
  examples: ['incident assign @ben', 'incident assign i-17 me'],
  acts: true,
  may: (member, policy) => mayRespond(policy, member),

  async run(text, { incoming, incidents, member, people, policy }) {
    const { named, rest } = parseIncident(text);
    const whom = only(parseArguments(rest).words, 'person', usage);
    const assignee = await findResponder({ people, policy, member }, whom);
    const id = await whichIncident(incidents, named, incoming.channel);
    return assigned(await incidents.assign(id, assignee.id, member));
  },
};
