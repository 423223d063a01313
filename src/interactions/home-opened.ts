import { homeView } from '../blocks/home-view.ts';
import { mayAskFor } from '../commands/may.ts';
import { readEstateStatus } from '../commands/read-estate-status.ts';
import type { Incident } from '../domain/incident.ts';
import { severities } from '../domain/severity.ts';
import type { HomeContext } from './interaction.ts';

/** Slack shows the old Home meanwhile; live figures that take longer are shown as not known. */
const deadlineMs = 4_000;

export async function publishHome(context: HomeContext): Promise<void> {
  const { operations, incidents, member, policy, estate, azure, clock, chat, homeChannel } = context;
  const sources = { estate, operations, clock, ...(azure && { azure }) };
  const [awaiting, open, status] = await Promise.all([
    operations.awaiting(member),
    incidents.incidents({ limit: 50 }),
    readEstateStatus(sources, estate.cells, { deadlineMs }),
  ]);
  const mayIsolate = homeChannel !== undefined && mayAskFor('isolate-cell')(member, policy);
  const readAt = new Date(clock.now()).toISOString();
  await chat.publishHome(member.id, homeView({ awaiting, incidents: worstFirst(open), status, mayIsolate, readAt }));
}

/** The most severe first, the newest of those before the others. */
function worstFirst(incidents: readonly Incident[]): Incident[] {
  return incidents.toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
}
