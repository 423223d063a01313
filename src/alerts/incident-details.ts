import type { IncidentDetails } from '../ports/incident-presenter.ts';
import { alertPage } from './incident-alerts.ts';
import { incidentView } from './incident-cards.ts';
import type { IncidentContext } from './incident-context.ts';
import { readWholeTimeline } from './incident-timeline.ts';

const alertsOnPage = 10;

/** An incident in full, with one page of its alerts; a page beyond the last is the last. Throws `not-found`. */
export async function readDetails(context: IncidentContext, id: string, page: number): Promise<IncidentDetails> {
  const { database } = context;
  const view = await database.transaction((tx) => incidentView(tx, context, id));
  const pages = Math.max(1, Math.ceil(view.incident.alerts.total / alertsOnPage));
  const wanted = Math.min(Math.max(0, page), pages - 1);
  const { alerts } = await alertPage(database, id, wanted, alertsOnPage);
  return {
    view,
    alerts: { page: wanted, pages, lines: alerts },
    timeline: await readWholeTimeline(database, view.incident),
  };
}
