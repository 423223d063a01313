import { noted } from '../blocks/incident-answers.ts';
import { mayRespond } from '../domain/incident-policy.ts';
import type { Command } from './command.ts';
import { noteText, parseIncident, whichIncident } from './incident-arguments.ts';

export const incidentNote: Command = {
  name: 'incident note',
  usage: 'incident note [incident] <what you saw or did>',
  summary: 'Write something into an incident’s timeline',
  examples: ['incident note the bank restarted its side at 03:20', 'incident note i-17 scaled SQL to S4'],
  acts: true,
  may: (member, policy) => mayRespond(policy, member),

  async run(text, { incoming, incidents, member }) {
    const { named, rest } = parseIncident(text);
    const note = noteText(rest);
    const id = await whichIncident(incidents, named, incoming.channel);
    return noted(await incidents.note(id, note, member, incoming.key));
  },
};
