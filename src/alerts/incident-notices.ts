import type { Incident } from '../domain/incident.ts';
import type { Queries } from '../engine/database.ts';
import { digest, incidentCardKey, wantMessage } from '../engine/messages.ts';
import type { CalledGroup, IncidentPresenter } from '../ports/incident-presenter.ts';
import type { NoticePart, Presenter } from '../ports/presenter.ts';

/** Severe ones go out before everything else of their channel. */
export function priorityOf({ severity }: Pick<Incident, 'severity'>): 0 | 1 | 2 {
  return severity === 'P0' || severity === 'P1' ? 0 : severity === 'P2' ? 1 : 2;
}

/** Says something that people must notice in the incident's thread, once for its name; what may wait has a priority of its own. */
export async function tellIncident(
  context: { readonly presenter: Pick<Presenter, 'notice'> },
  tx: Queries,
  incident: Pick<Incident, 'id' | 'channel' | 'severity'>,
  name: string,
  parts: readonly NoticePart[],
  priority: 0 | 1 | 2 = priorityOf(incident),
): Promise<void> {
  const card = incidentCardKey(incident.id);
  await wantMessage(tx, {
    key: `${card}:${name}:${digest(parts)}`,
    channel: incident.channel,
    threadOf: card,
    priority,
    content: context.presenter.notice(parts),
  });
}

/** Asks there whether the harm is over since a run, with a button to say so, once for its name. */
export async function askIncident(
  context: { readonly presenter: Pick<IncidentPresenter, 'harmQuestion'> },
  tx: Queries,
  incident: Pick<Incident, 'id' | 'channel' | 'severity'>,
  name: string,
  question: { readonly says: string; readonly run: string },
): Promise<void> {
  const card = incidentCardKey(incident.id);
  await wantMessage(tx, {
    key: `${card}:${name}:${digest(question)}`,
    channel: incident.channel,
    threadOf: card,
    priority: priorityOf(incident),
    content: context.presenter.harmQuestion(incident.id, question),
  });
}

/** The groups as mentions, each followed by a blank. */
export function calling(groups: readonly CalledGroup[]): NoticePart[] {
  return groups.flatMap(({ group, slackGroup, people }): NoticePart[] => {
    if (slackGroup !== undefined) return [{ slackGroup }, ' '];
    return people.length > 0 ? people.flatMap((person): NoticePart[] => [{ person }, ' ']) : [`${group} `];
  });
}
