import type { Loop } from './create-alerts.ts';
import { refreshStaleIncidents } from './incident-cards.ts';
import type { IncidentContext } from './incident-context.ts';
import { createIncidents, type IncidentDesk } from './incidents.ts';

const cardsEveryMs = 250;

/** Incidents with the loops that keep them moving. */
export function createIncidentDesk(context: IncidentContext): { incidents: IncidentDesk; loops: readonly Loop[] } {
  return {
    incidents: createIncidents(context),
    loops: [{ name: 'incident cards', everyMs: cardsEveryMs, work: () => refreshStaleIncidents(context) }],
  };
}
