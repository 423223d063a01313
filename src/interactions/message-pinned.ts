import { pinnedTo } from '../blocks/incident-answers.ts';
import { mayRespond } from '../domain/incident-policy.ts';
import type { MessageContent } from '../ports/chat.ts';
import type { IncomingPin } from '../ports/incoming.ts';
import type { Context } from './interaction.ts';

/** A message pinned in an incident's thread, or in its channel, is evidence. Any other pin is no concern of ours. */
export async function messagePinned({
  incoming,
  incidents,
  member,
  policy,
  threadIncident,
}: Context<IncomingPin>): Promise<MessageContent | undefined> {
  if (member.barred !== undefined || !mayRespond(policy, member)) return undefined;
  const { channel, ts, threadTs = ts, authorId, text } = incoming;
  const id = (await threadIncident(channel, threadTs)) ?? (await ofChannel(incidents, channel));
  if (id === undefined || text.trim() === '') return undefined;
  return pinnedTo(await incidents.pin(id, { channel, ts, authorId, text }, member));
}

async function ofChannel(incidents: Context<IncomingPin>['incidents'], channel: string): Promise<string | undefined> {
  const known = [...(await incidents.incidents({})), ...(await incidents.incidents({ ended: true }))];
  return known.find(({ ownChannel }) => ownChannel === channel)?.id;
}
