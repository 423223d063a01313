import type { KnownBlock } from '@slack/types';
import { isLive } from '../domain/incident.ts';
import type { MessageContent } from '../ports/chat.ts';
import type { IncidentView } from '../ports/incident-presenter.ts';
import { hurtLines } from './blast-radius.ts';
import { cut, cutList } from './cut.ts';
import { date } from './date.ts';
import { context, header, picture, section } from './elements.ts';
import { code, escapeText } from './escape-text.ts';
import { incidentButtons, moreIncidentButtons } from './incident-buttons.ts';
import {
  actorName,
  alertCount,
  alertLine,
  callGroups,
  incidentState,
  severityWords,
  whereWords,
} from './incident-words.ts';
import { message } from './message.ts';
import { stateWords } from './run-state.ts';

/**
 * The living card of an incident. Read on a phone at night, so: how bad and what, who has it, where and since when,
 * who is hurt, what can be done; below, where one must scroll, the evidence, the graph, what changed and the runs.
 * All else is in the thread and in Details.
 */
export function incidentCard(view: IncidentView): MessageContent {
  const { incident } = view;
  const live = isLive(incident.state);
  return message(notification(view), [
    header(`${severityWords[incident.severity]} · ${incident.title}`),
    section(`${incidentState(incident)}${clockWords(view)}`, ...where(view), ...hurt(view)),
    ...fits(view),
    ...incidentButtons(view),
    ...(incident.alerts.total > 0 ? [section(...alerts(view))] : []),
    ...(view.graph ? [picture(view.graph.fileId, view.graph.altText)] : []),
    ...(live ? lately(view) : []),
    ...runs(view),
    context(...smallPrint(view)),
    ...moreIncidentButtons(view),
  ]);
}

/** What a locked phone shows. */
function notification({ incident, mentionChannel }: IncidentView): string {
  const called = mentionChannel && incident.state === 'open' ? '<!channel> ' : '';
  return `${called}${severityWords[incident.severity]} ${cut(escapeText(incident.title), 200)} (${escapeText(incident.id)})`;
}

function clockWords({ clock }: IncidentView): string {
  if (clock === undefined) return '';
  const { until, calls } = clock;
  if (calls.length === 0) return `. Somebody must by ${date(until)}.`;
  const groups = cutList(
    calls.map((group) => escapeText(group)),
    6,
  );
  return `. If nobody does by ${date(until)}, ${groups} will be called.`;
}

function where({ incident }: IncidentView): string[] {
  const { ownChannel, startedAt, resolvedAt, state } = incident;
  const ended = state === 'resolved' && resolvedAt !== undefined ? ` to ${date(resolvedAt, 'day')}` : '';
  return [
    `*Where:* ${whereWords(incident)}`,
    `*Since:* ${date(startedAt, 'day')}${ended}`,
    ...(ownChannel !== undefined && /^[CG][A-Z0-9]{1,30}$/.test(ownChannel) ? [`*Talk in:* <#${ownChannel}>`] : []),
  ];
}

function hurt({ incident }: IncidentView): string[] {
  return incident.hurt === undefined ? ['*Tenants:* not known yet'] : hurtLines(incident.hurt);
}

function alerts({ incident, alerts: shown }: IncidentView): string[] {
  const more = incident.alerts.total - shown.length;
  return [
    `*${capital(alertCount(incident.alerts))}*`,
    ...shown.flatMap((alert, index) => [
      alertLine(alert, incident.place),
      ...(index === 0 && alert.description !== '' ? [cut(escapeText(alert.description), 200)] : []),
    ]),
    ...(more > 0 ? [`… and ${more} more, in Details`] : []),
  ];
}

function lately({ lately: changes }: IncidentView): KnownBlock[] {
  if (changes.length === 0) return [];
  return [
    section(
      '*What changed there lately*',
      ...changes.map(({ at, says }) => `• ${date(at, 'day')} ${cut(escapeText(says), 160)}`),
    ),
  ];
}

function runs({ runs: known }: IncidentView): KnownBlock[] {
  if (known.length === 0) return [];
  return [
    section(
      '*Runs there*',
      ...known.map(({ id, state, plan }) => `${stateWords[state]} — ${code(id)} ${cut(escapeText(plan.title), 120)}`),
    ),
  ];
}

function fits({ fits: playbook }: IncidentView): KnownBlock[] {
  return playbook === undefined ? [] : [section(fitWords(playbook))];
}

function fitWords(playbook: NonNullable<IncidentView['fits']>): string {
  switch (playbook.playbook) {
    case 'isolate-cell':
      return `*Fits:* isolate ${cut(escapeText(playbook.cell), 60)}; its traffic goes to its fallback meanwhile.`;
    case 'failover-region':
      return `*Fits:* fail ${cut(escapeText(playbook.region), 60)} over. Assess first: it shows whether the other side can take it.`;
    case 'none-yet':
      return '*First:* assess. It shows every region side by side, and what could be failed over.';
  }
}

function smallPrint({ incident, tell, joined, page }: IncidentView): string[] {
  const { id, declaredBy, severityBy } = incident;
  return [
    code(id),
    declaredBy === undefined ? 'opened by alerts' : `declared by ${actorName(declaredBy)}`,
    ...(severityBy === 'evidence' || severityBy === declaredBy ? [] : [`severity chosen by ${actorName(severityBy)}`]),
    ...(joined === undefined ? [] : [cut(escapeText(joined), 200)]),
    ...(page === undefined ? [] : [`📟 ${cut(escapeText(page), 160)}`]),
    ...(tell.length > 0 && isLive(incident.state) ? [`told: ${callGroups(tell)}`] : []),
  ];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
