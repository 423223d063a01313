import { z } from 'zod';
import { isLive } from '../domain/incident.ts';
import type { Database, Queries } from '../engine/database.ts';
import { type EffectHandler, wantEffect } from '../engine/effects.ts';
import { incidentCardKey } from '../engine/messages.ts';
import { isOpsError } from '../errors.ts';
import type { ChatPort } from '../ports/chat.ts';
import type { IncidentContext } from './incident-context.ts';
import { archiveKind, channelStream } from './incident-effects.ts';
import { addToTimeline, lockIncident, updateIncident } from './incident-store.ts';

const args = z.object({ incident: z.string(), channel: z.string() });
const notNow = 'It is open again.';

/** Wants the channels of incidents archived that ended so long ago as the policy says, each once an end. */
export async function archiveOldChannels({ database, policy }: Pick<IncidentContext, 'database' | 'policy'>) {
  const { archiveAfterMs } = policy.incidents;
  if (archiveAfterMs === undefined) return;
  await database.transaction(async (tx) => {
    const old = await tx.query<{ id: string; channel: string; key: string }>(
      `select i.id, i.own_channel as channel, k.key from stamps.incidents i,
         lateral (select 'incident-channel/' || i.id || '/archive-'
                         || coalesce(extract(epoch from i.resolved_at)::bigint::text, 'merged') as key) k
       where i.state in ('resolved', 'merged') and i.own_channel is not null
         and coalesce(i.resolved_at, i.touched_at) < clock_timestamp() - make_interval(secs => $1)
         and not exists (select 1 from stamps.effects e where e.key = k.key)
       order by i.number limit 20 for update of i skip locked`,
      [archiveAfterMs / 1_000],
    );
    for (const { id, channel, key } of old) {
      const stream = channelStream(id);
      await wantEffect(tx, { key, stream, kind: archiveKind, args: { incident: id, channel } });
    }
  });
}

/**
 * Archives them; one that is gone is as good as archived. The incident lets go of its channel before Slack is asked, so
 * that one that is opened again meanwhile gets another: nobody can look whether a lost archiving happened.
 */
export function createArchiveEffect(parts: {
  readonly database: Database;
  readonly chat: Pick<ChatPort, 'archiveChannel'>;
}): Record<string, EffectHandler> {
  const archive: EffectHandler = {
    async perform(given) {
      const { incident, channel } = args.parse(given);
      if (!(await parts.database.transaction((tx) => letGo(tx, incident, channel)))) return notNow;
      await parts.chat.archiveChannel(channel).catch((error: unknown) => {
        if (!isOpsError(error, 'not-found')) throw error;
      });
      return 'Its channel is archived.';
    },
    async tell(tx, given, key, { done, says }) {
      if (says === notNow) return;
      const { incident: id, channel } = args.parse(given);
      const line = done ? says : `Its channel could not be archived: ${says}`;
      await addToTimeline(tx, id, [{ key, kind: 'message', actor: 'stamps', says: line }]);
      if (!done) await keepOn(tx, id, channel);
    },
  };
  return { [archiveKind]: archive };
}

/** False: it is open again, and keeps its channel. One that was let go by an earlier try stays so. */
async function letGo(tx: Queries, id: string, channel: string): Promise<boolean> {
  const { state, ownChannel } = await lockIncident(tx, id);
  if (ownChannel !== channel) return true;
  if (isLive(state)) return false;
  await updateIncident(tx, id, { own_channel: null });
  // Its card stands there for good; a channel that comes after it gets a card of its own.
  await renameCard(tx, ownCard(id), `${ownCard(id)}:${channel}`);
  return true;
}

async function keepOn(tx: Queries, id: string, channel: string): Promise<void> {
  const { ownChannel } = await lockIncident(tx, id);
  if (ownChannel !== undefined) return;
  await updateIncident(tx, id, { own_channel: channel });
  await renameCard(tx, `${ownCard(id)}:${channel}`, ownCard(id));
}

const ownCard = (id: string): string => `${incidentCardKey(id)}:own`;

async function renameCard(tx: Queries, from: string, to: string): Promise<void> {
  await tx.query('update stamps.messages set key = $2 where key = $1', [from, to]);
}
