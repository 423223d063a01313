import type { Loop } from '../engine/loops.ts';
import type { Incidents } from '../ports/incidents.ts';
import type { Logger } from '../ports/logger.ts';
import { archiveOldChannels } from './archive-channels.ts';
import { createChangeWatch } from './change-watch.ts';
import { askAfterRuns } from './helpful-runs.ts';
import { refreshStaleIncidents } from './incident-cards.ts';
import type { IncidentDeskContext } from './incident-context.ts';
import { createIncidents } from './incidents.ts';
import type { ChangeSources } from './recent-changes.ts';
import { watchResponseClocks } from './response-clocks.ts';

const cardsEveryMs = 250;
const clocksEveryMs = 1_000;
const runsEveryMs = 1_000;
const changesEveryMs = 500;
const archiveEveryMs = 60_000;

/** Incidents with the loops that keep them moving. */
export function createIncidentDesk(
  context: IncidentDeskContext,
  { azure, logger }: { azure: ChangeSources['azure']; logger: Logger },
): { incidents: Incidents; loops: readonly Loop[] } {
  const { database, estate } = context;
  const changes = createChangeWatch({ database, estate, azure }, logger);
  return {
    incidents: createIncidents(context),
    loops: [
      { name: 'incident cards', everyMs: cardsEveryMs, work: () => refreshStaleIncidents(context) },
      { name: 'response clocks', everyMs: clocksEveryMs, work: () => watchResponseClocks(context) },
      { name: 'helpful runs', everyMs: runsEveryMs, work: () => askAfterRuns(context) },
      { name: 'old channels', everyMs: archiveEveryMs, work: () => archiveOldChannels(context) },
      { name: 'what changed lately', everyMs: changesEveryMs, work: () => changes.look() },
    ],
  };
}
