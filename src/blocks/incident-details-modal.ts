import type { KnownBlock, ModalView } from '@slack/types';
import type { TimelineEntry, TimelineKind } from '../domain/incident.ts';
import type { AlertLine, IncidentDetails } from '../ports/incident-presenter.ts';
import { cut } from './cut.ts';
import { date } from './date.ts';
import { actions, context, cutBlocks, divider, header, plain, section } from './elements.ts';
import { code, escapeText } from './escape-text.ts';
import { alertPageButtons } from './incident-buttons.ts';
import { actorName, alertCount, alertLine, incidentState, severityWords, whereWords } from './incident-words.ts';
import { limits } from './limits.ts';

const entriesShown = 25;

/** An incident in full: how it stands, all its alerts by the page, and the end of its timeline. */
export function incidentDetailsModal({ view, alerts, timeline }: IncidentDetails): ModalView {
  const { incident } = view;
  const blocks: KnownBlock[] = [
    header(`${severityWords[incident.severity]} · ${incident.title}`),
    section(incidentState(incident), `*Where:* ${whereWords(incident)}`, `*Since:* ${date(incident.startedAt, 'day')}`),
    section(
      `*Alerts:* ${alertCount(incident.alerts)}${alerts.pages > 1 ? `, page ${alerts.page + 1} of ${alerts.pages}` : ''}`,
    ),
    ...alerts.lines.map(alertSection),
    ...actions(...alertPageButtons(incident, alerts)),
    divider,
    ...timelineSections(timeline),
    context(code(incident.id), `${code(`/stamps postmortem ${incident.id}`)} makes a document of it`),
  ];
  return {
    type: 'modal',
    title: plain(`Incident ${incident.id}`, limits.modalTitle),
    close: plain('Close', limits.modalTitle),
    blocks: cutBlocks(blocks, limits.viewBlocks),
  };
}

function alertSection(alert: AlertLine): KnownBlock {
  const link = alert.link === undefined ? [] : [code(cut(alert.link, 300))];
  return section(
    alertLine(alert),
    ...(alert.description === '' ? [] : [cut(escapeText(alert.description), 300)]),
    ...link,
  );
}

function timelineSections(timeline: readonly TimelineEntry[]): KnownBlock[] {
  if (timeline.length === 0) return [section('*Timeline:* nothing yet')];
  const newest = timeline.slice(-entriesShown).reverse();
  const more = timeline.length - newest.length;
  // A section each few lines: one alone would cut what is long.
  const lines = newest.map(timelineLine);
  const groups = Array.from({ length: Math.ceil(lines.length / 8) }, (_, n) => lines.slice(n * 8, n * 8 + 8));
  return [
    section(
      `*Timeline*, newest first${more > 0 ? `; ${more} older ${more === 1 ? 'line is' : 'lines are'} in the post-mortem` : ''}`,
    ),
    ...groups.map((group) => section(...group)),
  ];
}

/** One line of a timeline; escaped. */
export function timelineLine({ at, kind, actor, says }: TimelineEntry): string {
  return `${date(at, 'day')} ${marks[kind]} ${cut(escapeText(says), 240)} — ${actor === 'stamps' ? 'Stamps' : actorName(actor)}`;
}

const marks: Readonly<Record<TimelineKind, string>> = {
  opened: '🚨',
  'alert-fired': '🔥',
  'alert-resolved': '✔️',
  joined: '➕',
  split: '✂️',
  merged: '🔀',
  severity: '🎚️',
  acknowledged: '👀',
  unacknowledged: '⏰',
  assigned: '👤',
  note: '📝',
  message: '💬',
  page: '📟',
  escalated: '📣',
  'status-page': '📢',
  run: '▶️',
  mitigated: '🩹',
  resolved: '✅',
  reopened: '🔁',
};
