import { fittingPlaybook } from '../domain/fitting-playbook.ts';
import { acknowledgeBy, type Incident } from '../domain/incident.ts';
import type { Run } from '../domain/run.ts';
import type { Queries } from '../engine/database.ts';
import { incidentCardKey, wantMessage } from '../engine/messages.ts';
import { findRunsAt, openLeases } from '../engine/run-store.ts';
import type { IncidentView, RecentChange } from '../ports/incident-presenter.ts';
import { lastJoined, worstAlerts } from './incident-alerts.ts';
import { calledGroups, type IncidentContext } from './incident-context.ts';
import { pageStanding } from './incident-effects.ts';
import { priorityOf } from './incident-notices.ts';
import { getIncident } from './incident-store.ts';
import { graphOf } from './metric-graphs.ts';

const alertsOnCard = 3;
const runsOnCard = 3;
const changesOnCard = 3;

/**
 * Draws the incident's card anew from what is so now, in its channel and in its own. One at a time for each incident:
 * who drew from an older state never writes over a newer one.
 */
export async function refreshIncident(context: IncidentContext, id: string): Promise<void> {
  const key = incidentCardKey(id);
  await context.database.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock(hashtext($1))', [key]);
    const view = await incidentView(tx, context, id);
    const { incident } = view;
    const content = context.presenter.incidentCard(view);
    const priority = priorityOf(incident);
    await wantMessage(tx, { key, channel: incident.channel, priority, content });
    if (incident.ownChannel !== undefined)
      await wantMessage(tx, { key: `${key}:own`, channel: incident.ownChannel, priority, content });
  });
}

/**
 * Incidents that changed, or whose cells or region a run changes, since their card was drawn; the worst first. Also what a crash
 * or a long transaction kept back.
 */
export async function refreshStaleIncidents(context: IncidentContext): Promise<number> {
  const stale = await context.database.query<{ id: string }>(
    `select i.id, i.severity, i.number from stamps.incidents i left join stamps.messages m on m.key = 'incident:' || i.id
     where i.touched_at > clock_timestamp() - interval '1 day'
       and (m.key is null or m.rendered_at < i.touched_at
            or (i.touched_at < clock_timestamp() - interval '3 seconds' and m.rendered_at < i.touched_at + interval '3 seconds'))
     union
     select i.id, i.severity, i.number from stamps.incidents i
     join stamps.messages m on m.key = 'incident:' || i.id
     join stamps.runs r on r.touched_at > m.rendered_at and (
       r.target_cell = any(i.cells)
       or (r.target_cell is null and r.plan->'target'->>'region' is not null
           and (i.place->>'scope' = 'global' or i.place->>'region' = r.plan->'target'->>'region')))
     where i.state in ('open', 'acknowledged')
     order by severity, number limit 20`,
  );
  for (const { id } of stale) await refreshIncident(context, id);
  return stale.length;
}

/** What the card shows, read in the caller's transaction. Throws `not-found`. */
export async function incidentView(tx: Queries, context: IncidentContext, id: string): Promise<IncidentView> {
  const { policy, estate } = context;
  const incident = await getIncident(tx, id);
  const rule = policy.incidents.severities[incident.severity];
  const [graph, alerts, joined, leases, runs, page] = [
    await graphOf(tx, id),
    await worstAlerts(tx, id, alertsOnCard),
    await lastJoined(tx, id),
    await openLeases(tx),
    await runsOf(tx, incident),
    await pageStanding(tx, id),
  ];
  const fits = fittingPlaybook(
    incident,
    estate,
    leases.map(({ subject }) => subject),
  );
  const rung = policy.incidents.ladder[Math.min(incident.escalation, policy.incidents.ladder.length - 1)];
  return {
    incident,
    tell: calledGroups(policy, rule.tell),
    mentionChannel: rule.mentionChannel,
    alerts,
    lately: (await latelyOf(tx, id)).slice(0, changesOnCard),
    runs: runs.slice(0, runsOnCard),
    statusPage: context.statusPage,
    ...(incident.state === 'open' && {
      clock: {
        until: acknowledgeBy(incident, rule.acknowledgeWithinMs * (incident.escalation + 1)),
        calls: rung === undefined ? [] : [rung.tell],
      },
    }),
    ...(graph && { graph }),
    ...(joined !== undefined && { joined }),
    ...(fits && { fits }),
    ...(page !== undefined && { page }),
  };
}

/** What changed there before it, newest first, as far as it was read. */
export async function latelyOf(db: Queries, id: string): Promise<RecentChange[]> {
  const [row] = await db.query<{ lately: RecentChange[] | null }>('select lately from stamps.incidents where id = $1', [
    id,
  ]);
  return row?.lately ?? [];
}

/** Runs on its cells, and on its region as a whole, from its beginning to its end, newest first. */
export function runsOf(db: Queries, { cells, place, startedAt, resolvedAt }: Incident): Promise<Run[]> {
  const regions = place.scope === 'global' ? 'all' : 'region' in place ? [place.region] : [];
  return findRunsAt(db, { cells, regions }, { from: startedAt, until: resolvedAt });
}
