import type { Alert } from '../domain/alert.ts';
import type { Queries } from '../engine/database.ts';
import type { Silence, SilenceMatch } from '../ports/incidents.ts';

interface SilenceRow {
  id: string;
  match: SilenceMatch;
  reason: string;
  created_by: string;
  starts_at: string;
  ends_at: string;
  ended_at: string | null;
}

export const silenceColumns = 'id, match, reason, created_by, starts_at, ends_at, ended_at';

export function silenceFromRow(row: SilenceRow): Silence {
  return {
    id: row.id,
    match: row.match,
    reason: row.reason,
    createdBy: row.created_by,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
  };
}

/** Those that have not ended, planned ones too, the next to end first. */
export async function openSilences(db: Queries): Promise<Silence[]> {
  const rows = await db.query<SilenceRow>(
    `select ${silenceColumns} from stamps.silences
     where ended_at is null and ends_at > clock_timestamp() order by ends_at, id`,
  );
  return rows.map(silenceFromRow);
}

/** The silence that keeps an alert, which came at that moment, from being shown; undefined: none. */
export function silencing(
  silences: readonly Silence[],
  { place, rule }: Pick<Alert, 'place' | 'rule'>,
  cameAt: string,
): Silence | undefined {
  return silences.find(
    ({ match, startsAt, endsAt }) =>
      startsAt <= cameAt &&
      cameAt < endsAt &&
      (match.cell === undefined || (place.scope === 'cell' && place.cell === match.cell)) &&
      (match.region === undefined || ('region' in place && place.region === match.region)) &&
      (match.rule === undefined || match.rule.toLowerCase() === rule.toLowerCase()),
  );
}
