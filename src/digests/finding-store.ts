import type { Finding, KnownFinding } from '../domain/maintenance.ts';
import type { Member } from '../domain/person.ts';
import { appendAudit } from '../engine/audit.ts';
import type { Queries } from '../engine/database.ts';
import { digest } from '../engine/messages.ts';
import { OpsError } from '../errors.ts';

interface FindingRow {
  readonly key: string;
  readonly finding: Finding;
  readonly first_seen_at: string;
  readonly snoozed_until: string | null;
  readonly snoozed_by: string | null;
  readonly assignee_id: string | null;
}

/** Notes what was found, and answers with what is known of each. */
export async function noteFindings(queries: Queries, found: readonly Finding[]): Promise<KnownFinding[]> {
  const keys = found.map(({ kind, of }) => digest({ kind, of }));
  await queries.query(
    `insert into stamps.findings (key, finding)
     select distinct on (key) key, finding from jsonb_to_recordset($1) as f(key text, finding jsonb)
     on conflict (key) do update set finding = excluded.finding, last_seen_at = clock_timestamp()`,
    [JSON.stringify(found.map((finding, index) => ({ key: keys[index], finding })))],
  );
  return knownFindings(queries, keys);
}

/** In the order of the keys; one that is not known is left out. */
export async function knownFindings(queries: Queries, keys: readonly string[]): Promise<KnownFinding[]> {
  const rows = await queries.query<FindingRow>(
    `select key, finding, first_seen_at, assignee_id,
            case when snoozed_until > clock_timestamp() then snoozed_until end as snoozed_until, snoozed_by
     from stamps.findings where key = any($1)`,
    [keys],
  );
  const byKey = new Map(rows.map((row) => [row.key, row]));
  return [...new Set(keys)].flatMap((key) => {
    const row = byKey.get(key);
    return row ? [fromRow(row)] : [];
  });
}

function fromRow({ key, finding, first_seen_at, snoozed_until, snoozed_by, assignee_id }: FindingRow): KnownFinding {
  return {
    ...finding,
    key,
    firstSeenAt: first_seen_at,
    ...(snoozed_until !== null && {
      snoozedUntil: snoozed_until,
      ...(snoozed_by !== null && { snoozedBy: snoozed_by }),
    }),
    ...(assignee_id !== null && { assigneeId: assignee_id }),
  };
}

/** Keeps it out of reports for so long. Throws `not-found`. */
export function snooze(tx: Queries, key: string, days: number, member: Member): Promise<void> {
  return change(
    tx,
    `update stamps.findings set snoozed_until = clock_timestamp() + make_interval(days => $2), snoozed_by = $3 where key = $1 returning 1`,
    [key, days, member.id],
    { kind: 'finding-snoozed', actor: member.id, body: { finding: key, days } },
  );
}

/** Somebody looks after it. Throws `not-found`. */
export function assign(tx: Queries, key: string, member: Member): Promise<void> {
  return change(tx, 'update stamps.findings set assignee_id = $2 where key = $1 returning 1', [key, member.id], {
    kind: 'finding-assigned',
    actor: member.id,
    body: { finding: key },
  });
}

async function change(
  tx: Queries,
  sql: string,
  params: readonly unknown[],
  entry: Parameters<typeof appendAudit>[1][number],
): Promise<void> {
  if ((await tx.query(sql, params)).length === 0) {
    throw new OpsError('not-found', 'This finding is not known any more.', {
      hint: '`/stamps maintenance weekly` shows what there is now.',
    });
  }
  await appendAudit(tx, [entry]);
}
