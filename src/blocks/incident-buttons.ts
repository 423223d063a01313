import type { ActionsBlock, Button, StaticSelect } from '@slack/types';
import { type Incident, isLive } from '../domain/incident.ts';
import { severities } from '../domain/severity.ts';
import type { IncidentView } from '../ports/incident-presenter.ts';
import { button, plain } from './elements.ts';
import { severityWords, stillFiring } from './incident-words.ts';
import { limits } from './limits.ts';
import { statusActionIds } from './status-update-modal.ts';

/** The action ids of an incident's buttons and lists; `interactions` has a handler for each. */
export const incidentActionIds = {
  acknowledge: 'incident_acknowledge',
  isolate: 'incident_isolate',
  assess: 'incident_assess',
  page: 'incident_page',
  mitigated: 'incident_mitigated',
  resolve: 'incident_resolve',
  severity: 'incident_severity',
  update: 'incident_update',
  details: 'incident_details',
  newerAlerts: 'incident_alerts_newer',
  olderAlerts: 'incident_alerts_older',
} as const;

type Named = Pick<Incident, 'id'>;

/** What is likeliest wanted of an incident that lives: stands high on the card, above all that must be scrolled. */
export function incidentButtons({ incident, fits, page }: IncidentView): ActionsBlock[] {
  if (!isLive(incident.state)) return [];
  return [
    {
      type: 'actions',
      elements: [
        ...(incident.state === 'open' ? [acknowledge(incident)] : []),
        ...(fits === undefined ? [] : [fits.playbook === 'isolate-cell' ? isolate(incident) : assess(incident)]),
        ...(page === undefined ? [pageOnCall(incident)] : []),
        resolve(incident),
      ],
    },
  ];
}

/** All else that can be done, at the card's end. */
export function moreIncidentButtons({ incident, statusPage }: IncidentView): ActionsBlock[] {
  if (!isLive(incident.state)) return [{ type: 'actions', elements: [details(incident)] }];
  return [
    {
      type: 'actions',
      elements: [
        severityList(incident),
        update(incident),
        ...(statusPage ? [tellCustomers(incident)] : []),
        details(incident),
      ],
    },
  ];
}

export function acknowledge({ id }: Named): Button {
  return button({ text: 'Acknowledge', actionId: incidentActionIds.acknowledge, value: id, style: 'primary' });
}

export function details({ id }: Named): Button {
  return button({ text: 'Details', actionId: incidentActionIds.details, value: id });
}

/** Opens the form of the playbook, filled in; nothing happens yet. */
function isolate({ id }: Named): Button {
  return button({ text: 'Isolate…', actionId: incidentActionIds.isolate, value: id });
}

/** Looks at every region side by side, and proposes the failover when the other side can take it. */
function assess({ id }: Named): Button {
  return button({ text: 'Assess…', actionId: incidentActionIds.assess, value: id });
}

function pageOnCall({ id }: Named): Button {
  return button({
    text: 'Page',
    actionId: incidentActionIds.page,
    value: id,
    confirm: { title: 'Wake the on-call?', text: `PagerDuty calls whoever is on call, for ${id}.`, yes: 'Page' },
  });
}

function resolve({ id, alerts }: Pick<Incident, 'id' | 'alerts'>): Button {
  const firing = alerts.firing === 0 ? 'None of its alerts is firing.' : `${stillFiring(alerts.firing)}.`;
  return button({
    text: 'Resolve',
    actionId: incidentActionIds.resolve,
    value: id,
    confirm: { title: `Resolve ${id}?`, text: `${firing} PagerDuty is told as well.`, yes: 'Resolve it' },
  });
}

function update({ id }: Named): Button {
  return button({ text: 'Update…', actionId: incidentActionIds.update, value: id });
}

/** Opens the form with a draft; customers read nothing yet. */
function tellCustomers({ id }: Named): Button {
  return button({ text: 'Status page…', actionId: statusActionIds.open, value: id });
}

/** The incident and the severity that was picked: `i-17:P0`. */
function severityList({ id, severity }: Pick<Incident, 'id' | 'severity'>): StaticSelect {
  const options = severities.map((each) => ({
    text: plain(severityWords[each], limits.optionText),
    value: `${id}:${each}`,
  }));
  const chosen = options.find(({ value }) => value === `${id}:${severity}`);
  return {
    type: 'static_select',
    action_id: incidentActionIds.severity,
    options,
    placeholder: plain('Severity', limits.placeholder),
    ...(chosen && { initial_option: chosen }),
  };
}

/** To the pages of alerts beside this one, where there are any; a button carries the page: `i-17:2`. */
export function alertPageButtons({ id }: Named, { page, pages }: { page: number; pages: number }): Button[] {
  const to = (text: string, actionId: string, there: number) => button({ text, actionId, value: `${id}:${there}` });
  return [
    ...(page > 0 ? [to('Newer alerts', incidentActionIds.newerAlerts, page - 1)] : []),
    ...(page < pages - 1 ? [to('Older alerts', incidentActionIds.olderAlerts, page + 1)] : []),
  ];
}
