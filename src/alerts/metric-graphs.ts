import type { Alert } from '../domain/alert.ts';
import type { Estate } from '../domain/estate.ts';
import type { Database, Queries } from '../engine/database.ts';
import type { ChatPort } from '../ports/chat.ts';
import type { Clock } from '../ports/clock.ts';
import type { Graph } from '../ports/incident-presenter.ts';
import type { Logger } from '../ports/logger.ts';
import { canBeDrawn, drawMetricGraph, type GraphSources } from './draw-metric-graph.ts';

export interface MetricGraphsParts extends GraphSources {
  readonly database: Database;
  readonly chat: Pick<ChatPort, 'uploadPicture'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Seconds from each look to the next: metrics come late, and then an hour shows how it went. After the last, none. */
const nextAfterSeconds = [60, 120, 420, 1_200, 1_800];
/** A replica that dies with one in hand keeps it from the others for so long. */
const claimSeconds = 60;
const deadlineMs = 20_000;
/** A storm's incidents don't each need a picture at once. */
const perLook = 2;
const mostInDocument = 3;

export interface MetricGraphs {
  /** Draws what incidents are about for their cards: the worst alert's, the oldest of those. */
  look(): Promise<void>;
  /** Draws what an incident's alerts watched, as it went until now: one for each rule and resource, the worst first. */
  whole(incidentId: string): Promise<Graph[]>;
}

/** Pictures of what alerts are about: a metric or a log rule's query. */
export function createMetricGraphs(parts: MetricGraphsParts): MetricGraphs {
  const { database, chat, logger, clock, metrics, logs, alertRules, estate, timeZone } = parts;

  return {
    async look() {
      for (const { id, looks } of await claim(database)) {
        const [alert] = await shownAlerts(database, id, estate);
        const fileAndWords = alert && (await drawn(id, alert));
        const next = nextAfterSeconds[looks];
        await database.transaction(async (tx) => {
          await tx.query(
            `update stamps.metric_graphs
             set looks = looks + 1,
                 next_at = coalesce(clock_timestamp() + make_interval(secs => $2), 'infinity'),
                 file_id = coalesce($3, file_id), alt_text = coalesce($4, alt_text),
                 drawn_at = case when $3::text is null then drawn_at else clock_timestamp() end
             where incident_id = $1`,
            [id, next ?? null, fileAndWords?.fileId ?? null, fileAndWords?.altText ?? null],
          );
          if (fileAndWords) {
            await tx.query('update stamps.incidents set touched_at = clock_timestamp() where id = $1', [id]);
          }
        });
      }
    },

    async whole(id) {
      const alerts = await shownAlerts(database, id, estate);
      const graphs = await Promise.all(alerts.slice(0, mostInDocument).map((alert) => drawn(id, alert)));
      return graphs.filter((graph) => graph !== undefined);
    },
  };

  /** Undefined: there is nothing to be seen, or not now. */
  async function drawn(id: string, alert: Alert): Promise<Graph | undefined> {
    try {
      const sources = { metrics, logs, alertRules, estate, timeZone, now: clock.now() };
      const picture = await drawMetricGraph(alert, sources, AbortSignal.timeout(deadlineMs));
      if (!picture) return undefined;
      const { png, altText } = picture;
      const fileId = await chat.uploadPicture({ name: `${id}.png`, title: alert.rule.slice(0, 100), altText, png });
      return { fileId, altText };
    } catch (error) {
      logger.warn({ err: error, incident: id }, 'an incident goes without a graph for now');
      return undefined;
    }
  }
}

/** The graph that was drawn last. */
export async function graphOf(db: Queries, incidentId: string): Promise<Graph | undefined> {
  const [row] = await db.query<{ file_id: string | null; alt_text: string | null }>(
    'select file_id, alt_text from stamps.metric_graphs where incident_id = $1',
    [incidentId],
  );
  if (!row?.file_id) return undefined;
  return { fileId: row.file_id, altText: row.alt_text ?? '' };
}

/** Live incidents whose graph is due, the worst first; nobody else takes them meanwhile. */
function claim(database: Database): Promise<{ id: string; looks: number }[]> {
  return database.query<{ id: string; looks: number }>(
    `insert into stamps.metric_graphs (incident_id, next_at)
     select i.id, clock_timestamp() + make_interval(secs => $1) from stamps.incidents i
     left join stamps.metric_graphs g on g.incident_id = i.id
     where i.state in ('open', 'acknowledged') and (g.incident_id is null or g.next_at <= clock_timestamp())
       and exists (select 1 from stamps.alerts a where a.incident_id = i.id and a.condition = 'fired' and a.alert->>'kind' in ('metric', 'log'))
     order by i.severity, i.number limit $2
     on conflict (incident_id) do update set next_at = excluded.next_at
       where stamps.metric_graphs.next_at <= clock_timestamp()
     returning incident_id as id, looks`,
    [claimSeconds, perLook],
  );
}

/** What can be drawn, one for each rule and resource, the worst first. */
async function shownAlerts(db: Queries, incidentId: string, estate: Estate): Promise<Alert[]> {
  const rows = await db.query<{ alert: Alert; over_at: string | null }>(
    `select alert, over_at from (
       select distinct on (alert->>'rule', alert->'resources') alert, over_at, seq
       from stamps.alerts
       where incident_id = $1 and condition = 'fired' and alert->>'kind' in ('metric', 'log')
       order by alert->>'rule', alert->'resources', (alert->>'azureSeverity')::int, seq) a
     order by (alert->>'azureSeverity')::int, seq limit 20`,
    [incidentId],
  );
  return rows
    .map(({ alert, over_at }) => (over_at === null ? alert : { ...alert, resolvedAt: over_at }))
    .filter((alert) => canBeDrawn(alert, estate));
}
