import { incidentsList } from '../blocks/incidents-list.ts';
import { OpsError } from '../errors.ts';
import type { Command } from './command.ts';
import { anyMember } from './may.ts';

export const incidents: Command = {
  name: 'incidents',
  usage: 'incidents [ended]',
  summary: 'List the open incidents, or those that are over',
  examples: ['incidents', 'incidents ended'],
  acts: false,
  may: anyMember,

  async run(text, { incidents: known }) {
    const wanted = text.trim().toLowerCase();
    if (wanted !== '' && wanted !== 'ended')
      throw new OpsError('bad-input', 'There are open incidents, and ended ones.', {
        hint: 'Type `/stamps incidents` or `/stamps incidents ended`.',
      });
    const ended = wanted === 'ended';
    return incidentsList(await known.incidents({ ended, limit: 20 }), ended);
  },
};
