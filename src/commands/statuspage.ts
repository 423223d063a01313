import { mayRespond } from '../domain/incident-policy.ts';
import type { StatusPurpose } from '../domain/status-update.ts';
import type { Command } from './command.ts';
import { onlyIncident } from './incident-arguments.ts';
import { openStatusUpdate } from './open-status-update.ts';

/** Opens the form; what it says is published when somebody submits it. */
function statuspage(purpose: StatusPurpose, summary: string): Command {
  const name = `statuspage ${purpose}`;
  const usage = `${name} [incident]`;
  return {
    name,
    usage,
    summary,
    examples: [name, `${name} i-17`],
    acts: false,
    may: (member, policy) => mayRespond(policy, member),

    async run(text, { incoming, incidents, statusPage, chat }) {
      const id = await onlyIncident(incidents, text, incoming.channel, usage);
      return openStatusUpdate({ statusPage, chat }, incoming, purpose, id);
    },
  };
}

export const statuspageDraft = statuspage('draft', 'Tell customers of an incident; you edit the text first');
export const statuspageUpdate = statuspage('update', 'Tell customers more of an incident');
export const statuspageResolve = statuspage('resolve', 'Tell customers that an incident is over');
