import type { Button } from '@slack/types';
import { type Incident, isLive } from '../domain/incident.ts';
import type { IncidentView } from '../ports/incident-presenter.ts';
import { button } from './elements.ts';

/** The action ids of an incident's buttons; `interactions` has a handler for each. Their value is the incident's id. */
export const incidentActionIds = {
  acknowledge: 'incident_acknowledge',
  resolve: 'incident_resolve',
} as const;

type Named = Pick<Incident, 'id'>;

/** What can be done with an incident as it stands, the likeliest first. */
export function incidentButtons({ incident }: IncidentView): Button[] {
  if (!isLive(incident.state)) return [];
  return [...(incident.state === 'open' ? [acknowledge(incident)] : []), resolve(incident)];
}

export function acknowledge({ id }: Named): Button {
  return button({ text: 'Acknowledge', actionId: incidentActionIds.acknowledge, value: id, style: 'primary' });
}

export function resolve({ id, alerts }: Pick<Incident, 'id' | 'alerts'>): Button {
  const firing = alerts.firing === 0 ? 'No alert of it fires.' : `${alerts.firing} of its alerts still fire.`;
  return button({
    text: 'Resolve',
    actionId: incidentActionIds.resolve,
    value: id,
    confirm: { title: `Resolve ${id}?`, text: `${firing} PagerDuty is told as well.`, yes: 'Resolve it' },
  });
}
