import type { AlertPlace } from '../domain/alert.ts';
import type { Incident, IncidentState } from '../domain/incident.ts';
import type { Severity } from '../domain/severity.ts';
import type { AlertLine, CalledGroup } from '../ports/incident-presenter.ts';
import { cut, cutList } from './cut.ts';
import { date } from './date.ts';
import { code, escapeText } from './escape-text.ts';
import { mention, mentionGroup } from './mentions.ts';

/** A severity's mark and its name; the mark never stands alone. */
export const severityWords: Readonly<Record<Severity, string>> = { P0: '🔴 P0', P1: '🟠 P1', P2: '🟡 P2', P3: '🔵 P3' };

const stateMarks: Readonly<Record<IncidentState, string>> = {
  open: '🚨 Nobody has acknowledged it',
  acknowledged: '👀 Acknowledged',
  resolved: '✅ Resolved',
  merged: '🔀 Merged',
};

/** How it stands, for the reader right now; escaped. */
export function incidentState(incident: Incident): string {
  const mitigated = incident.mitigatedAt === undefined ? '' : ` · 🩹 mitigated at ${date(incident.mitigatedAt)}`;
  const { state, acknowledgedBy, acknowledgedAt, assigneeId, resolvedBy, resolvedAt, mergedInto } = incident;
  switch (state) {
    case 'acknowledged': {
      const whose = assigneeId ?? acknowledgedBy;
      const taken = acknowledgedAt === undefined ? '' : ` since ${date(acknowledgedAt)}`;
      return `*${stateMarks.acknowledged}*${taken}${whose === undefined ? '' : `, ${actorName(whose)} has it`}${mitigated}`;
    }
    case 'resolved':
      return `*${stateMarks.resolved}*${resolvedAt === undefined ? '' : ` at ${date(resolvedAt, 'day')}`}${resolvedBy === undefined ? '' : ` by ${actorName(resolvedBy)}`}`;
    case 'merged':
      return `*${stateMarks.merged}* into ${code(mergedInto ?? '')}; the work goes on there`;
    case 'open':
      return `*${stateMarks.open}*${assigneeId === undefined ? '' : `; it is assigned to ${mention(assigneeId)}`}${mitigated}`;
  }
}

/** A person as a mention; Stamps and vendors by their names. */
export function actorName(actor: string): string {
  const names: Readonly<Record<string, string>> = {
    stamps: 'Stamps',
    pagerduty: 'PagerDuty',
    'azure-monitor': 'Azure Monitor',
  };
  return names[actor] ?? mention(actor);
}

/** Where it is, escaped: `cell-banking, eastus`, `eastus`, `the whole estate`. */
export function placeWords(place: AlertPlace): string {
  switch (place.scope) {
    case 'cell':
      return `${short(place.cell)}, ${short(place.region)}`;
    case 'region':
      return short(place.region);
    case 'global':
      return 'the whole estate';
    case 'unknown':
      return 'a resource that the estate file does not have';
  }
}

/** Where an incident is, with its cells when there are several. */
export function whereWords({ place, cells }: Pick<Incident, 'place' | 'cells'>): string {
  const where = placeWords(place);
  return cells.length > 1 ? `${where}: ${cutList(cells.map(short), 5)}` : where;
}

/** One alert as a line; escaped. `told`: the place that the reader knows already. */
export function alertLine(alert: AlertLine, told?: AlertPlace): string {
  const state = alert.resolvedAt === undefined ? '🔥' : '✔️ over:';
  const same = told !== undefined && placeWords(told) === placeWords(alert.place);
  const where = same ? '' : `, ${placeWords(alert.place)}`;
  const measured = alert.measured === undefined ? '' : ` — ${cut(escapeText(alert.measured), 80)}`;
  return `${state} *${cut(escapeText(alert.rule), 100)}*${measured}${where}, ${date(alert.firedAt)}`;
}

/** An incident as one line of a list; escaped. */
export function incidentLine(incident: Incident): string {
  const { id, severity, title, startedAt } = incident;
  return `${severityWords[severity]} ${code(id)} *${cut(escapeText(title), 120)}* — ${whereWords(incident)}, since ${date(startedAt, 'day')}. ${incidentState(incident)}`;
}

/** Groups called by name, so that they are notified; a group that nobody is in says so. */
export function callGroups(groups: readonly CalledGroup[]): string {
  return cutList(
    groups.map(({ group, slackGroup, people }) => {
      if (slackGroup !== undefined) return mentionGroup(slackGroup);
      return people.length > 0 ? cutList(people.map(mention), 5) : `${short(group)} (nobody is in it)`;
    }),
    6,
  );
}

/** `3 of 12 alerts are still firing`. */
export function alertCount({ firing, total }: Incident['alerts']): string {
  if (total === 0) return 'no alerts';
  const all = total === 1 ? '1 alert' : `${total} alerts`;
  if (firing === 0) return total === 1 ? `${all}, over` : `${all}, all over`;
  return firing === total ? `${all} ${are(total)} firing` : `${firing} of ${all} ${are(firing)} still firing`;
}

/** `2 of its alerts are still firing`. */
export function stillFiring(firing: number): string {
  return `${firing} of its alerts ${are(firing)} still firing`;
}

function are(count: number): string {
  return count === 1 ? 'is' : 'are';
}

function short(text: string): string {
  return cut(escapeText(text), 60);
}
