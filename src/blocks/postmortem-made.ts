import type { Incident } from '../domain/incident.ts';
import type { MessageContent } from '../ports/chat.ts';
import type { Graph } from '../ports/incident-presenter.ts';
import { picture } from './elements.ts';
import { titled } from './incident-answers.ts';
import { say } from './message.ts';

/** Where the document is: a canvas at this address, or a file in the thread, with the pictures that it speaks of. */
export function postmortemMade(
  incident: Incident,
  { url, graphs = [] }: { url?: string | undefined; graphs?: readonly Graph[] },
): MessageContent {
  if (url !== undefined) {
    const link = /^https?:\/\/[^\s<>|]+$/.test(url) ? `<${url}|canvas>` : 'canvas';
    return say(`The post-mortem of ${titled(incident)} is a ${link}.`);
  }
  const { text, blocks } = say(
    `The post-mortem of ${titled(incident)} is a file in this thread${graphs.length > 0 ? '; its graphs stand here' : ''}.`,
  );
  return { text, blocks: [...blocks, ...graphs.map(({ fileId, altText }) => picture(fileId, altText))] };
}
