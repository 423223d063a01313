import { anomalyCard, anomalySnoozeDays } from '../blocks/anomaly-card.ts';
import type { ShownPicture } from '../blocks/daily-digest.ts';
import { type Anomaly, type AnomalyPolicy, isWorthACard } from '../domain/anomaly.ts';
import { hourMs } from '../domain/duration.ts';
import { cellOfScope, type KpiDefinition, type KpiId, type KpiScope } from '../domain/kpi.ts';
import type { Member } from '../domain/person.ts';
import { appendAudit } from '../engine/audit.ts';
import type { Database, Queries } from '../engine/database.ts';
import { digest, wantMessage } from '../engine/messages.ts';
import { OpsError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import { cardRule, type OutRun, outRuns } from './anomalies.ts';
import { hoursOut } from './expectations.ts';

/** How far back a run of hours is followed. */
const followedHours = 48;
/** So many known hours within the band, and it is back; with nothing known for so long, nobody can say. */
const backHours = 2;
const lostHours = 12;

export interface AnomalyCards {
  /** Opens, keeps up and withdraws cards. */
  look(): Promise<void>;
  /** No new card of this indicator for a day. Throws `not-found`. */
  snooze(id: string, member: Member): Promise<void>;
}

export interface AnomalyCardsParts {
  readonly database: Database;
  readonly definitions: readonly KpiDefinition[];
  readonly clock: Pick<Clock, 'now'>;
  readonly policy: AnomalyPolicy;
  /** Slack id; undefined: there are no cards. */
  readonly channel: string | undefined;
  /** The indicator with its band, uploaded; undefined: the card goes without. */
  picture(series: { definition: KpiDefinition; scope: KpiScope }): Promise<ShownPicture | undefined>;
}

interface Row {
  readonly id: string;
  readonly kpi: KpiId;
  readonly scope: KpiScope;
  readonly channel: string;
  readonly last_hour: string;
  readonly hours: number;
  readonly worst: Anomaly['worst'];
  readonly picture: ShownPicture | null;
  readonly closed_at: string | null;
  readonly snoozed_until: string | null;
  readonly snoozed_by: string | null;
}

/** One card for each indicator that is out of its seasonal band for hours, on the worse side; never more than the policy lets. */
export function createAnomalyCards(parts: AnomalyCardsParts): AnomalyCards {
  const { database, definitions, clock, policy, channel } = parts;
  const byId = new Map(definitions.map((definition) => [definition.id, definition]));

  async function running(): Promise<Map<string, Running>> {
    const hour = Math.floor(clock.now() / hourMs) * hourMs;
    const iso = (ms: number) => new Date(ms).toISOString();
    const out = await hoursOut(database, iso(hour - followedHours * hourMs), iso(hour));
    const found = new Map<string, Running>();
    for (const [name, hours] of Map.groupBy(out, ({ kpi, scope }) => `${kpi} ${scope}`)) {
      const run = outRuns(hours, cardRule).at(-1);
      const [{ kpi, scope } = {}] = hours;
      const definition = kpi && byId.get(kpi);
      if (!run || !definition || !scope || Date.parse(run.to) < hour - hourMs) continue;
      found.set(name, { definition, scope, run });
    }
    return found;
  }

  async function keepUp(row: Row, now: Running | undefined): Promise<void> {
    if (now) {
      if (now.run.to === row.last_hour) return;
      const picture = (await parts.picture(now)) ?? row.picture;
      await database.transaction(async (tx) => {
        await tx.query(
          'update stamps.anomalies set last_hour = $2, hours = $3, worst = $4, picture = $5 where id = $1',
          [row.id, now.run.to, now.run.hours, JSON.stringify(worstOf(now.run)), picture && JSON.stringify(picture)],
        );
        await redraw(tx, row.id);
      });
      return;
    }
    if (!(await isOver(database, row, clock.now()))) return;
    const definition = byId.get(row.kpi);
    const picture = (definition && (await parts.picture({ definition, scope: row.scope }))) ?? row.picture;
    await database.transaction(async (tx) => {
      await tx.query(
        'update stamps.anomalies set closed_at = clock_timestamp(), picture = $2 where id = $1 and closed_at is null',
        [row.id, picture && JSON.stringify(picture)],
      );
      await redraw(tx, row.id);
    });
  }

  async function open({ definition, scope, run }: Running, where: string): Promise<void> {
    const picture = await parts.picture({ definition, scope });
    await database.transaction(async (tx) => {
      // One replica at a time counts and opens.
      await tx.query(`select pg_advisory_xact_lock(hashtext('stamps.anomalies'))`);
      if (!(await mayOpen(tx, scope, policy.mostPerDay))) return;
      const id = digest({ kpi: definition.id, scope, from: run.from });
      const opened = await tx.query(
        `insert into stamps.anomalies (id, kpi, scope, channel, last_hour, hours, worst, picture)
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning 1`,
        [
          id,
          definition.id,
          scope,
          where,
          run.to,
          run.hours,
          JSON.stringify(worstOf(run)),
          picture ? JSON.stringify(picture) : null,
        ],
      );
      if (opened.length > 0) await redraw(tx, id);
    });
  }

  async function redraw(tx: Queries, id: string): Promise<void> {
    const [row] = await tx.query<Row>('select * from stamps.anomalies where id = $1', [id]);
    const definition = row && byId.get(row.kpi);
    if (!row || !definition) return;
    const anomaly: Anomaly = {
      ...{ id, definition, scope: row.scope, lastHour: row.last_hour, hours: row.hours, worst: row.worst },
      ...(row.closed_at !== null && { closedAt: row.closed_at }),
      ...(row.snoozed_until !== null && { snoozedUntil: row.snoozed_until }),
      ...(row.snoozed_by !== null && { snoozedBy: row.snoozed_by }),
    };
    const content = anomalyCard(anomaly, row.picture ?? undefined);
    await wantMessage(tx, { key: `anomaly:${id}`, channel: row.channel, priority: 2, content });
  }

  return {
    async look() {
      const now = await running();
      const rows = await database.query<Row>('select * from stamps.anomalies where closed_at is null');
      for (const row of rows) await keepUp(row, now.get(`${row.kpi} ${row.scope}`));
      if (channel === undefined || policy.mostPerDay === 0) return;
      const told = new Set(rows.map(({ kpi, scope }) => `${kpi} ${scope}`));
      const snoozed = await database.query<Row>(
        'select kpi, scope from stamps.anomalies where snoozed_until > clock_timestamp()',
      );
      for (const { kpi, scope } of snoozed) told.add(`${kpi} ${scope}`);
      const fresh = [...now].flatMap(([name, one]) =>
        !told.has(name) && isWorthACard(one.definition, one.run.furthest) ? [one] : [],
      );
      for (const one of fresh.toSorted(byDistance)) {
        if (await mayOpen(database, one.scope, policy.mostPerDay)) await open(one, channel);
      }
    },
    snooze: (id, member) =>
      database.transaction(async (tx) => {
        const rows = await tx.query(
          `update stamps.anomalies set snoozed_until = clock_timestamp() + make_interval(days => $2), snoozed_by = $3
           where id = $1 returning 1`,
          [id, anomalySnoozeDays, member.id],
        );
        if (rows.length === 0) {
          throw new OpsError('not-found', 'This card is not known any more.', {
            hint: '`/stamps kpi` shows how things stand.',
          });
        }
        await redraw(tx, id);
        await appendAudit(tx, [
          { kind: 'anomaly-snoozed', actor: member.id, body: { anomaly: id, days: anomalySnoozeDays } },
        ]);
      }),
  };
}

interface Running {
  readonly definition: KpiDefinition;
  readonly scope: KpiScope;
  readonly run: OutRun;
}

function worstOf({ furthest: { at, value, low, high } }: OutRun): Anomaly['worst'] {
  return { at, value, low, high };
}

/** The furthest from what was expected, as a share of the target, first. */
function byDistance(a: Running, b: Running): number {
  const distance = ({ definition, run: { furthest } }: Running) =>
    Math.abs(furthest.value - furthest.expected) / Math.max(Math.abs(definition.target), Number.EPSILON);
  return distance(b) - distance(a);
}

/** Not past the day's number, and not where people work on an incident already. */
async function mayOpen(queries: Queries, scope: KpiScope, mostPerDay: number): Promise<boolean> {
  const [row] = await queries.query<{ opened: number; worked_on: boolean }>(
    `select (select count(*) from stamps.anomalies where opened_at > clock_timestamp() - interval '24 hours') as opened,
            exists (select 1 from stamps.incidents where state in ('open', 'acknowledged') and $1 = any(cells)) as worked_on`,
    [cellOfScope(scope) ?? ''],
  );
  return row !== undefined && row.opened < mostPerDay && !row.worked_on;
}

async function isOver(queries: Queries, { kpi, scope, last_hour }: Row, now: number): Promise<boolean> {
  const [row] = await queries.query<{ known: number }>(
    `select count(*) as known from stamps.kpi_rollups
     where grain = 'hour' and kpi = $1 and scope = $2 and at > $3 and at < $4 and known > 0`,
    [kpi, scope, last_hour, new Date(Math.floor(now / hourMs) * hourMs).toISOString()],
  );
  return (row?.known ?? 0) >= backHours || now - Date.parse(last_hour) > lostHours * hourMs;
}
