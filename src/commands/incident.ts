import { incidentDetailsModal } from '../blocks/incident-details-modal.ts';
import type { Command } from './command.ts';
import { onlyIncident } from './incident-arguments.ts';
import { anyMember } from './may.ts';

const usage = 'incident [incident]';

export const incident: Command = {
  name: 'incident',
  usage,
  summary: 'Show an incident in full: all its alerts, and its timeline',
  examples: ['incident', 'incident i-17'],
  acts: false,
  may: anyMember,

  async run(text, { incoming, incidents, chat }) {
    const id = await onlyIncident(incidents, text, incoming.channel, usage);
    await chat.openView(incoming.triggerId, incidentDetailsModal(await incidents.details(id, 0)));
    return undefined;
  },
};
