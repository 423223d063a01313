import type { Incident } from '../domain/incident.ts';
import type { MessageContent } from '../ports/chat.ts';
import { context, section } from './elements.ts';
import { code } from './escape-text.ts';
import { incidentLine } from './incident-words.ts';
import { message, say } from './message.ts';

/** Incidents that somebody still has to do something about, or the newest that ended; newest first. */
export function incidentsList(incidents: readonly Incident[], ended: boolean): MessageContent {
  if (incidents.length === 0) return say(ended ? 'No incident has ended yet.' : '✅ No incident is open.');
  const title = ended
    ? 'Ended incidents'
    : incidents.length === 1
      ? 'One open incident'
      : `${incidents.length} open incidents`;
  return message(title, [
    section(`*${title}*, newest first`, ...incidents.map(incidentLine)),
    context(
      `${code('/stamps incident <id>')} shows one in full`,
      ...(ended ? [] : [`${code('/stamps incidents ended')} lists those that are over`]),
    ),
  ]);
}
