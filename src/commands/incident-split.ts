import { splitOff } from '../blocks/incident-answers.ts';
import { findCell } from '../domain/estate.ts';
import { mayRespond } from '../domain/incident-policy.ts';
import { only, parseArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { parseIncident, whichIncident } from './incident-arguments.ts';

const usage = 'incident split [incident] <cell>';

export const incidentSplit: Command = {
  name: 'incident split',
  usage,
  summary: 'Take one cell out of an incident, into one of its own',
  examples: ['incident split i-17 cell-banking'],
  acts: true,
  may: (member, policy) => mayRespond(policy, member),

  async run(text, { incoming, incidents, member, estate }) {
    const { named, rest } = parseIncident(text);
    const cell = findCell(estate, only(parseArguments(rest).words, 'cell', usage)).name;
    const id = await whichIncident(incidents, named, incoming.channel);
    return splitOff(await incidents.split(id, cell, member));
  },
};
