import { lastWordsRequest } from '../blocks/last-words-request.ts';
import type { Database } from '../engine/database.ts';
import { incidentCardKey, wantMessage } from '../engine/messages.ts';

/** Asks, once an end, for the last words of incidents that are over and of which customers are still told the contrary. */
export async function askForLastWords(database: Database): Promise<void> {
  const due = await database.query<{ id: string; channel: string; status: string; key: string }>(
    `select i.id, i.channel, last.status, 'incident:' || i.id || ':last-words:' || extract(epoch from i.resolved_at)::bigint as key
     from stamps.incidents i
     cross join lateral (select u.update->>'status' as status from stamps.status_updates u
                         where u.incident_id = i.id and u.state <> 'failed' order by u.seq desc limit 1) last
     where i.state = 'resolved' and i.resolved_at > clock_timestamp() - interval '1 day' and last.status <> 'resolved'`,
  );
  for (const { id, channel, status, key } of due) {
    const content = lastWordsRequest(id, status);
    await wantMessage(database, { key, channel, threadOf: incidentCardKey(id), content });
  }
}
