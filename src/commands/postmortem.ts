import { postmortemMade } from '../blocks/incident-answers.ts';
import { mayRespond } from '../domain/incident-policy.ts';
import { isOpsError } from '../errors.ts';
import type { ChatPort } from '../ports/chat.ts';
import type { Postmortem } from '../ports/incidents.ts';
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

  async run(text, { incoming, incidents, member, chat }) {
    const id = await onlyIncident(incidents, text, incoming.channel, usage);
    const made = await incidents.postmortem(id, member);
    return postmortemMade(made.incident, await publish(chat, made));
  },
};

/** As a canvas, or where the workspace has none as a file in the incident's thread; the address of the canvas. */
async function publish(
  chat: Pick<ChatPort, 'createCanvas' | 'upload'>,
  { place, title, markdown, incident }: Postmortem,
): Promise<string | undefined> {
  try {
    return await chat.createCanvas(place.channel, title, markdown);
  } catch (error) {
    if (!isOpsError(error) || error.transient) throw error;
    await chat.upload(place, { name: `postmortem-${incident.id}.md`, title, text: markdown });
    return undefined;
  }
}
