import type { Incident } from '../domain/incident.ts';
import type { MessageContent } from '../ports/chat.ts';
import { cut } from './cut.ts';
import { date } from './date.ts';
import { code, escapeText } from './escape-text.ts';
import { actorName, incidentState, severityWords, stillFiring } from './incident-words.ts';
import { mention } from './mentions.ts';
import { say } from './message.ts';

/** To somebody who declared an incident. */
export function declared(incident: Incident): MessageContent {
  return say(`Declared: ${severityWords[incident.severity]} ${titled(incident)}. Its card is in ${place(incident)}.`);
}

/** To somebody who acknowledged it, whether or not they were the first. */
export function tookIt(incident: Incident, personId: string): MessageContent {
  const { acknowledgedBy, acknowledgedAt } = incident;
  if (acknowledgedBy === undefined || acknowledgedBy === personId) return say(`You have ${titled(incident)}.`);
  const since = acknowledgedAt === undefined ? '' : ` since ${date(acknowledgedAt)}`;
  return say(`${titled(incident)} is acknowledged already${since}, by ${actorName(acknowledgedBy)}.`);
}

export function severitySet(incident: Incident): MessageContent {
  return say(`${titled(incident)} is ${severityWords[incident.severity]} now, and stays so until somebody changes it.`);
}

export function assigned(incident: Incident): MessageContent {
  return say(`${incident.assigneeId === undefined ? 'Nobody' : mention(incident.assigneeId)} has ${titled(incident)}.`);
}

export function noted(incident: Incident): MessageContent {
  return say(`Noted in the timeline of ${titled(incident)}.`);
}

export function mitigatedNow(incident: Incident): MessageContent {
  return say(`${titled(incident)} is mitigated. It stays open until it is resolved.`);
}

/** To somebody who resolved it: what is left behind. */
export function resolvedNow(incident: Incident, cellsOut: readonly string[]): MessageContent {
  const firing = incident.alerts.firing;
  return say(
    `${titled(incident)} is resolved.`,
    ...(firing > 0 ? [`⚠️ ${stillFiring(firing)}.`] : []),
    ...cellsOut.map((cell) => `⏳ ${escapeText(cell)} is still out of service: ${code(`/stamps restore ${cell}`)}`),
  );
}

export function mergedInto(incident: Incident, goneId: string): MessageContent {
  return say(`${code(goneId)} is part of ${titled(incident)} now.`);
}

export function splitOff(incident: Incident): MessageContent {
  return say(`Split off: ${severityWords[incident.severity]} ${titled(incident)}.`);
}

export function incidentStanding(incident: Incident): MessageContent {
  return say(`${severityWords[incident.severity]} ${titled(incident)}: ${incidentState(incident)}`);
}

export function titled({ id, title }: Incident): string {
  return `${code(id)} “${cut(escapeText(title), 150)}”`;
}

function place({ channel }: Incident): string {
  return /^[CG][A-Z0-9]{1,30}$/.test(channel) ? `<#${channel}>` : 'the incident channel';
}

/** To somebody who asked to wake the on-call. */
export function pagedNow(incident: Incident, pages: boolean): MessageContent {
  return say(
    pages
      ? `The on-call is called for ${titled(incident)}. Its card shows how far that is.`
      : `⚠️ Nobody is called for ${titled(incident)}: PagerDuty is not configured. Call them by phone.`,
  );
}

/** To somebody who changed several things at once, or nothing. */
export function updated(incident: Incident, changed: readonly string[]): MessageContent {
  return say(
    changed.length === 0 ? `Nothing changed in ${titled(incident)}.` : `${titled(incident)}: ${changed.join(', ')}.`,
  );
}

/** To somebody who pinned a message. */
export function pinnedTo(incident: Incident): MessageContent {
  return say(`The message is part of the timeline of ${titled(incident)}.`);
}

/** Where the document will be: an answer at once, the document a moment later. */
export function postmortemWanted(incident: Incident): MessageContent {
  return say(`The post-mortem of ${titled(incident)} is being made; it comes into the thread of its card.`);
}
