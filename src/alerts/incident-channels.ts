import { z } from 'zod';
import type { Policy } from '../domain/approval.ts';
import { type Incident, isLive } from '../domain/incident.ts';
import type { Database } from '../engine/database.ts';
import type { EffectHandler } from '../engine/effects.ts';
import type { ChatPort } from '../ports/chat.ts';
import type { IncidentPresenter } from '../ports/incident-presenter.ts';
import type { PeoplePort } from '../ports/people.ts';
import { tellIncident } from './incident-notices.ts';
import { addToTimeline, getIncident, updateIncident } from './incident-store.ts';

export interface ChannelContext {
  readonly database: Database;
  readonly policy: Policy;
  readonly chat: Pick<ChatPort, 'createChannel' | 'invite' | 'setTopic'>;
  readonly people: PeoplePort;
  readonly presenter: IncidentPresenter;
}

const args = z.object({ incident: z.string(), archived: z.int().default(0) });

/**
 * Makes the channel of an incident, with whom its severity calls. A repeat finds the channel that is there. Effect
 * `incident-channel`.
 */
export function createChannelEffects({
  database,
  policy,
  chat,
  people,
  presenter,
}: ChannelContext): Record<string, EffectHandler> {
  const make: EffectHandler = {
    async perform(given) {
      const { incident: id, archived } = args.parse(given);
      const incident = await getIncident(database, id);
      if (!isLive(incident.state)) return 'It ended before it got a channel of its own.';
      if (incident.ownChannel !== undefined) return 'It has a channel of its own already.';
      const channel = await chat.createChannel(channelName(incident, archived));
      const { tell } = policy.incidents.severities[incident.severity];
      const { declaredBy, acknowledgedBy, assigneeId } = incident;
      const named = [declaredBy, acknowledgedBy, assigneeId].filter((id) => id !== undefined && /^[UW]/.test(id));
      const invited = [...new Set([...(await people.inGroups(tell)), ...(named as string[])])];
      if (invited.length > 0) await chat.invite(channel, invited);
      await chat.setTopic(channel, `${incident.severity} ${incident.id}: ${incident.title}`);
      await database.transaction(async (tx) => {
        await updateIncident(tx, incident.id, { own_channel: channel });
        await addToTimeline(tx, incident.id, [
          { key: `${incident.id}/channel`, kind: 'message', actor: 'stamps', says: 'It has a channel of its own' },
        ]);
      });
      return 'It has a channel of its own.';
    },
    async tell(tx, given, _key, outcome) {
      if (outcome.done) return;
      const incident = await getIncident(tx, args.parse(given).incident);
      await tellIncident({ presenter }, tx, incident, 'channel', [
        `It could not get a channel of its own: ${outcome.says} Talk in this thread.`,
      ]);
    },
  };
  return { 'incident-channel': make };
}

/**
 * Slack takes small letters, digits and dashes, 80 characters at most (conversations.create). An archived channel keeps
 * its name, so the next one has a number.
 */
export function channelName({ id, title }: Pick<Incident, 'id' | 'title'>, archived = 0): string {
  const words = title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  const name = `inc-${id.replace(/^i-/, '')}${words === '' ? '' : `-${words}`}`.slice(0, 60).replace(/-+$/, '');
  return archived === 0 ? name : `${name}-${archived + 1}`;
}
