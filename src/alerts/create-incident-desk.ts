import type { Incidents } from '../ports/incidents.ts';
import type { Loop } from './create-alerts.ts';
import { refreshStaleIncidents } from './incident-cards.ts';
import type { IncidentDeskContext } from './incident-context.ts';
import { createIncidents } from './incidents.ts';
import { watchResponseClocks } from './response-clocks.ts';

const cardsEveryMs = 250;
const clocksEveryMs = 1_000;

/** Incidents with the loops that keep them moving. */
export function createIncidentDesk(context: IncidentDeskContext): { incidents: Incidents; loops: readonly Loop[] } {
  return {
    incidents: createIncidents(context),
    loops: [
      { name: 'incident cards', everyMs: cardsEveryMs, work: () => refreshStaleIncidents(context) },
      { name: 'response clocks', everyMs: clocksEveryMs, work: () => watchResponseClocks(context) },
    ],
  };
}
