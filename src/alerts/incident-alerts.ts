import type { Alert } from '../domain/alert.ts';
import type { Queries } from '../engine/database.ts';
import type { AlertLine } from '../ports/incident-presenter.ts';

interface AlertRow {
  alert: Alert;
  resolved_at: string | null;
}

/** Every fired alert of an incident once, with the moment in which its instance was resolved. */
const fired = `
  select a.alert, a.seq, a.over_at as resolved_at
  from stamps.alerts a where a.incident_id = $1 and a.condition = 'fired'`;

/** The worst of those that still fire first, then the newest; a few. */
export async function worstAlerts(db: Queries, incidentId: string, most: number): Promise<AlertLine[]> {
  const rows = await db.query<AlertRow>(
    `select * from (${fired}) f
     order by f.resolved_at is not null, (f.alert->>'azureSeverity')::int, f.seq desc limit $2`,
    [incidentId, most],
  );
  return rows.map(lineOf);
}

/** A page of them, newest first; `page` counts from 0. */
export async function alertPage(
  db: Queries,
  incidentId: string,
  page: number,
  size: number,
): Promise<{ alerts: AlertLine[]; total: number }> {
  const rows = await db.query<AlertRow>(`select * from (${fired}) f order by f.seq desc offset $2 limit $3`, [
    incidentId,
    page * size,
    size,
  ]);
  const [counted] = await db.query<{ n: number }>(
    `select count(*) as n from stamps.alerts where incident_id = $1 and condition = 'fired'`,
    [incidentId],
  );
  return { alerts: rows.map(lineOf), total: counted?.n ?? 0 };
}

/** Why the newest alert joined, as correlation wrote it. */
export async function lastJoined(db: Queries, incidentId: string): Promise<string | undefined> {
  const [row] = await db.query<{ says: string }>(
    `select says from stamps.timeline where incident_id = $1 and kind in ('joined', 'merged', 'split') order by at desc, seq desc limit 1`,
    [incidentId],
  );
  return row?.says;
}

function lineOf({ alert, resolved_at }: AlertRow): AlertLine {
  const measured = measuredWords(alert);
  return {
    rule: alert.rule,
    description: alert.description,
    place: alert.place,
    azureSeverity: alert.azureSeverity,
    firedAt: alert.firedAt,
    ...(resolved_at !== null && { resolvedAt: resolved_at }),
    ...(measured !== undefined && { measured }),
    ...(alert.link !== undefined && { link: alert.link }),
  };
}

/** Azure's words (`GreaterThan`) as signs. */
const signs: Readonly<Record<string, string>> = {
  GreaterThan: '>',
  GreaterThanOrEqual: '≥',
  LessThan: '<',
  LessThanOrEqual: '≤',
  Equals: '=',
};

/** `CpuPercentage 91.2 > 85`. */
function measuredWords({ metric }: Alert): string | undefined {
  if (metric === undefined) return undefined;
  const { name, value, threshold, operator = '' } = metric;
  if (value === undefined) return name;
  const limit = threshold === undefined ? '' : ` ${signs[operator] ?? `against`} ${figure(threshold)}`;
  return `${name} ${figure(value)}${limit}`;
}

/** Four digits that count. */
function figure(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}
