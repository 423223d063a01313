import type { Alert } from '../domain/alert.ts';
import { shown } from '../domain/estate.ts';
import type { Queries } from '../engine/database.ts';
import { OpsError } from '../errors.ts';
import type { Silence, SilenceMatch } from '../ports/incidents.ts';

/** A silence with where it is told and what it kept silent. */
export interface StoredSilence extends Silence {
  readonly channel: string;
  readonly endedBy?: string;
  readonly state: 'planned' | 'live' | 'ended';
  /** Alerts that it kept silent, and those of them that still last. */
  readonly kept: number;
  readonly lasting: number;
}

interface SilenceRow {
  id: string;
  match: SilenceMatch;
  reason: string;
  created_by: string;
  starts_at: string;
  ends_at: string;
  ended_at: string | null;
  ended_by: string | null;
  channel: string;
  state: StoredSilence['state'];
  kept: number;
  lasting: number;
}

const select = `
  select s.id, s.match, s.reason, s.created_by, s.starts_at, s.ends_at, s.ended_at, s.ended_by, s.channel,
         case when s.ended_at is not null then 'ended' when s.starts_at > clock_timestamp() then 'planned' else 'live' end as state,
         (select count(*) from stamps.alerts a where a.silenced_by = s.id) as kept,
         (select count(*) from stamps.alerts a where a.silenced_by = s.id and a.over_at is null) as lasting
  from stamps.silences s`;

function fromRow({ created_by, starts_at, ends_at, ended_at, ended_by, ...row }: SilenceRow): StoredSilence {
  return {
    ...row,
    createdBy: created_by,
    startsAt: starts_at,
    endsAt: ends_at,
    ...(ended_at !== null && { endedAt: ended_at }),
    ...(ended_by !== null && { endedBy: ended_by }),
  };
}

/** Those that have not ended, planned ones too, the next to end first. */
export async function openSilences(db: Queries): Promise<StoredSilence[]> {
  return (await db.query<SilenceRow>(`${select} where s.ended_at is null order by s.ends_at, s.id`)).map(fromRow);
}

/** Throws `not-found`. */
export async function getSilence(db: Queries, id: string): Promise<StoredSilence> {
  const [row] = await db.query<SilenceRow>(`${select} where s.id = $1`, [id]);
  if (row) return fromRow(row);
  throw new OpsError('not-found', `There is no silence “${shown(id)}”.`, { hint: '`/stamps silences` lists them.' });
}

/** The silence, its row locked until the transaction ends. */
export async function lockSilence(tx: Queries, id: string): Promise<StoredSilence> {
  await tx.query('select 1 from stamps.silences where id = $1 for update', [id]);
  return getSilence(tx, id);
}

/** The silence that keeps an alert, which came at that moment, from being shown; undefined: none. */
export function silencing(
  silences: readonly Silence[],
  { place, rule }: Pick<Alert, 'place' | 'rule'>,
  cameAt: string,
): Silence | undefined {
  return silences.find(
    ({ match, startsAt, endsAt, endedAt }) =>
      endedAt === undefined &&
      startsAt <= cameAt &&
      cameAt < endsAt &&
      (match.cell === undefined || (place.scope === 'cell' && place.cell === match.cell)) &&
      (match.region === undefined || ('region' in place && place.region === match.region)) &&
      (match.rule === undefined || match.rule.toLowerCase() === rule.toLowerCase()),
  );
}
