import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Json, JsonObject } from '../domain/json.ts';
import type { Queries } from './database.ts';

/** What is to be remembered. With a `key`, a repeat is remembered once. */
export interface AuditEntry {
  readonly key?: string;
  /** `run-requested`, `approved`, `change-intended`, `step-finished`, … */
  readonly kind: string;
  readonly runId?: string;
  /** A Slack user id, or `stamps` for what the engine does by itself. */
  readonly actor: string;
  readonly body: JsonObject;
}

/** One link of the chain: its hash covers everything in it and the hash before it. */
export interface AuditRecord extends Omit<AuditEntry, 'key'> {
  readonly seq: number;
  /** ISO 8601, UTC, by the database's clock. */
  readonly at: string;
  readonly prev: string;
  readonly hash: string;
}

export const genesis = '0'.repeat(64);

/** SHA-256 over the canonical JSON (RFC 8785) of the record without its hash. */
export function recordHash(record: Omit<AuditRecord, 'hash'>): string {
  const { seq, at, kind, runId, actor, body, prev } = record;
  const covered = { seq, at, kind, actor, body, prev, ...(runId === undefined ? {} : { runId }) };
  return createHash('sha256')
    .update(canonicalize(covered) as string)
    .digest('hex');
}

/**
 * Adds entries to the chain, within the caller's transaction: they are there exactly when its effects are.
 * The row of the head is the lock that keeps the chain a chain, so call it last.
 */
export async function appendAudit(tx: Queries, entries: readonly AuditEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const [head] = await tx.query<{ seq: number; hash: string; at: string }>(
    'select seq, hash, clock_timestamp() as at from stamps.audit_head for update',
  );
  if (!head) throw new Error('stamps.audit_head has lost its row');
  const keys = entries.flatMap(({ key }) => key ?? []);
  const known = new Set(
    keys.length === 0
      ? []
      : (await tx.query<{ key: string }>('select key from stamps.audit where key = any($1)', [keys])).map(
          ({ key }) => key,
        ),
  );

  let { seq, hash } = head;
  const rows: (AuditRecord & { key: string | undefined })[] = [];
  for (const { key, ...entry } of entries) {
    if (key !== undefined && known.has(key)) continue;
    const record = { ...entry, seq: seq + 1, at: head.at, prev: hash };
    hash = recordHash(record);
    seq = record.seq;
    rows.push({ ...record, hash, key });
  }
  if (rows.length === 0) return;
  await tx.query(
    `insert into stamps.audit (seq, key, at, kind, run_id, actor, body, prev, hash)
     select (r->>'seq')::bigint, r->>'key', (r->>'at')::timestamptz, r->>'kind', r->>'runId', r->>'actor', r->'body', r->>'prev', r->>'hash'
     from jsonb_array_elements($1::jsonb) as r`,
    [JSON.stringify(rows)],
  );
  await tx.query('update stamps.audit_head set seq = $1, hash = $2', [seq, hash]);
}

/** The whole chain, oldest first, as JSON lines; the last line is the head, to be kept elsewhere. */
export async function exportChain(database: Queries): Promise<string> {
  const rows = await database.query<{
    seq: number;
    at: string;
    kind: string;
    run_id: string | null;
    actor: string;
    body: Json;
    prev: string;
    hash: string;
  }>('select seq, at, kind, run_id, actor, body, prev, hash from stamps.audit order by seq');
  const lines = rows.map(({ run_id, ...row }) => JSON.stringify(run_id === null ? row : { ...row, runId: run_id }));
  const last = rows.at(-1);
  return `${[...lines, JSON.stringify({ head: { seq: last?.seq ?? 0, hash: last?.hash ?? genesis } })].join('\n')}\n`;
}
