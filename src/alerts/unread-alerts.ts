import type { Database } from '../engine/database.ts';
import { wantMessage } from '../engine/messages.ts';
import { OpsError } from '../errors.ts';
import type { UnreadAlert, UnreadAlertsDesk, UnreadGroup } from '../ports/unread-alerts.ts';
import type { Poster } from './authenticate.ts';
import type { IncidentContext } from './incident-context.ts';

/** Characters of a body that are kept: four times what Azure Monitor sends for one resource, a hundredth of what is taken. */
const longestBody = 10_000;
const mostKept = 1_000;
const mostGroups = 20;

const names: Readonly<Record<Poster, string>> = { 'azure-monitor': 'Azure Monitor', generic: 'another sender' };

export interface UnreadAlerts extends UnreadAlertsDesk {
  /** Keeps what could not be read, before its sender is told so, and says it in the channel: once an hour for a sender. */
  keep(poster: Poster, raw: Buffer, says: string): Promise<void>;
}

/** The newest 1,000 of the last 30 days. */
export function createUnreadAlerts({ database, policy, presenter }: IncidentContext, intake: Database): UnreadAlerts {
  return {
    async keep(poster, raw, says) {
      const body = raw.toString('utf8').replaceAll('\0', '').slice(0, longestBody).toWellFormed();
      await intake.transaction(async (tx) => {
        const [kept] = await tx.query<{ hour: string }>(
          `with gone as (
             delete from stamps.unread_alerts
             where at < clock_timestamp() - interval '30 days'
                or number <= (select max(number) - $5 from stamps.unread_alerts)
           )
           insert into stamps.unread_alerts (poster, says, bytes, body) values ($1, $2, $3, $4)
           returning to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24') as hour`,
          [poster, says.slice(0, 1_000), raw.length, body, mostKept - 1],
        );
        const { channel } = policy.incidents;
        if (channel === undefined || kept === undefined) return;
        await wantMessage(tx, {
          key: `unread-alerts:${poster}:${kept.hour}`,
          channel,
          content: presenter.notice([
            `⚠️ An alert from ${names[poster]} could not be read, so it is in no incident. /stamps alerts unread shows what came and why; look there before you trust the silence.`,
          ]),
        });
      });
    },

    groups: () =>
      database.query<UnreadGroup & Record<string, unknown>>(
        `select poster, says, count(*)::int as times, to_json(min(at)) #>> '{}' as first, to_json(max(at)) #>> '{}' as last,
                max(number)::int as newest
         from stamps.unread_alerts group by poster, says order by max(at) desc limit $1`,
        [mostGroups],
      ),

    async one(number) {
      const [found] = await database.query<UnreadAlert & Record<string, unknown>>(
        `select number::int as number, poster, says, to_json(at) #>> '{}' as at, bytes, body
         from stamps.unread_alerts where number = $1`,
        [number],
      );
      if (found) return found;
      throw new OpsError('bad-input', `There is no unread alert ${number}, or not any more.`, {
        hint: '`/stamps alerts unread` lists what is kept.',
      });
    },
  };
}
