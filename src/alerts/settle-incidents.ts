import { minuteMs } from '../domain/duration.ts';
import type { Incident } from '../domain/incident.ts';
import type { Database, Queries } from '../engine/database.ts';
import type { IncidentContext } from './incident-context.ts';
import { tellIncident } from './incident-notices.ts';
import { lockIncident } from './incident-store.ts';
import { resolved } from './transitions.ts';

/** How long all alerts of an incident must have been over: what flaps faster than that is one trouble. */
export const quietMs = 5 * minuteMs;

/** Live incidents of alerts, none of which has lasted for a while. */
const quiet = `
  i.state in ('open', 'acknowledged') and i.declared_by is null
  and exists (select 1 from stamps.alerts a where a.incident_id = i.id)
  and not exists (select 1 from stamps.alerts a where a.incident_id = i.id and a.condition = 'fired'
                    and (a.over_at is null or a.over_at > clock_timestamp() - make_interval(secs => $1)))`;

/**
 * Incidents whose alerts are all over. Nobody took it, and it is P2 or P3: it resolves by itself, and opens again if the
 * trouble is back soon. Else people decide, and are asked once.
 */
export async function settleIncidents(context: IncidentContext): Promise<void> {
  const { database } = context;
  const found = await database.query<{ id: string }>(
    `select i.id from stamps.incidents i where ${quiet} and i.calm_told_at is null limit 50`,
    [quietMs / 1000],
  );
  for (const { id } of found) {
    await database.transaction(async (tx) => {
      const incident = await lockIncident(tx, id);
      const [still] = await tx.query(`select 1 from stamps.incidents i where ${quiet} and i.id = $2`, [
        quietMs / 1000,
        id,
      ]);
      if (still) await settle(tx, context, incident);
    });
  }
}

async function settle(tx: Queries, context: IncidentContext, incident: Incident): Promise<void> {
  const severe = incident.severity === 'P0' || incident.severity === 'P1';
  if (incident.state === 'open' && !severe) {
    await resolved(tx, context, incident, 'stamps', 'all its alerts have been over for 5 minutes');
    return;
  }
  const told = await tx.query(
    'update stamps.incidents set calm_told_at = clock_timestamp() where id = $1 and calm_told_at is null returning 1',
    [incident.id],
  );
  if (told.length === 0) return;
  await tellIncident(context, tx, incident, 'calm', [
    'All its alerts have been over for 5 minutes. Resolve it if nobody is hurt any more.',
  ]);
}

/**
 * Lets the cards show alerts that joined quietly: one incident a turn, the one that waited longest, so that a storm
 * over many incidents edits cards at the pace of the turns.
 */
export async function showQuietChanges(database: Database): Promise<void> {
  await database.query(
    `update stamps.incidents set unseen_since = null, touched_at = clock_timestamp()
     where id = (select id from stamps.incidents where unseen_since is not null order by unseen_since limit 1
                 for update skip locked)`,
  );
}
