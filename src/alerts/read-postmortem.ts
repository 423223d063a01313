import { postmortem } from '../blocks/postmortem.ts';
import type { PostmortemParts } from '../blocks/postmortem-parts.ts';
import { databaseNow } from '../engine/database.ts';
import { incidentCardKey } from '../engine/messages.ts';
import type { MessagePlace } from '../ports/chat.ts';
import type { PeoplePort } from '../ports/people.ts';
import { alertPage } from './incident-alerts.ts';
import { latelyOf, runsOf } from './incident-cards.ts';
import type { IncidentDeskContext } from './incident-context.ts';
import { getIncident } from './incident-store.ts';
import { readWholeTimeline } from './incident-timeline.ts';

/** So many alerts stand in the document; all of them are in the details. */
const alertsInDocument = 200;

export interface Postmortem {
  readonly title: string;
  /** With names in place of Slack ids. */
  readonly markdown: string;
  /** Where it belongs: the thread of the incident's card. */
  readonly place: MessagePlace;
}

/** Gathers everything and writes the document, with these graphs. Throws `not-found`. */
export async function readPostmortem(
  { database, policy, people }: IncidentDeskContext,
  id: string,
  graphs: PostmortemParts['graphs'],
): Promise<Postmortem> {
  const incident = await getIncident(database, id);
  const timeline = await readWholeTimeline(database, incident);
  const runs = (await runsOf(database, incident)).reverse();
  const { alerts, total } = await alertPage(database, id, 0, alertsInDocument);
  const [card] = await database.query<{ channel: string; ts: string | null }>(
    'select channel, ts from stamps.messages where key = $1',
    [incidentCardKey(id)],
  );
  const ids = [
    ...timeline.flatMap(({ actor, says }) => [actor, ...(says.match(/[UW][A-Z0-9]{4,30}/g) ?? [])]),
    ...runs.flatMap(({ requesterId, decisions, breakGlass }) => [
      requesterId,
      ...decisions.map(({ personId }) => personId),
      ...(breakGlass ? [breakGlass.by] : []),
    ]),
  ];
  return {
    title: `Post-mortem of ${id}: ${incident.title}`.slice(0, 200),
    markdown: postmortem({
      incident,
      timeline,
      runs,
      graphs,
      lately: await latelyOf(database, id),
      alerts: { lines: alerts, total },
      names: await namesOf(people, ids),
      acknowledgeWithinMs: policy.incidents.severities[incident.severity].acknowledgeWithinMs,
      madeAt: await databaseNow(database),
    }),
    place: {
      channel: card?.channel ?? incident.channel,
      ...(card?.ts ? { threadTs: card.ts } : {}),
    },
  };
}

/** Whoever Slack does not name keeps their id. */
async function namesOf(people: Pick<PeoplePort, 'member'>, ids: readonly string[]): Promise<Map<string, string>> {
  const known = [...new Set(ids)].filter((id) => /^[UW][A-Z0-9]{2,30}$/.test(id)).slice(0, 200);
  const named = await Promise.all(
    known.map(async (id) => {
      const person = await people.member(id, { fresh: false }).catch(() => undefined);
      return [id, person?.name ?? id] as const;
    }),
  );
  return new Map(named);
}
