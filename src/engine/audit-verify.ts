import { z } from 'zod';
import type { JsonObject } from '../domain/json.ts';
import { genesis, recordHash } from './audit.ts';

const Hash = z.string().regex(/^[0-9a-f]{64}$/);
const Record = z.strictObject({
  seq: z.int().positive(),
  at: z.iso.datetime(),
  kind: z.string(),
  runId: z.string().optional(),
  actor: z.string(),
  body: z.record(z.string(), z.json()),
  prev: Hash,
  hash: Hash,
});
const Head = z.strictObject({ head: z.strictObject({ seq: z.int().nonnegative(), hash: Hash }) });

export type Verdict =
  | { readonly ok: true; readonly records: number; readonly head: string }
  | { readonly ok: false; readonly line: number; readonly says: string };

/**
 * Checks an exported audit log without the database: every hash, every link, no gap, and the head.
 * `expectedHead`, kept elsewhere since an earlier export, also tells when the end was rewritten.
 */
export function verifyChain(text: string, expectedHead?: string): Verdict {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  let seq = 0;
  let hash = genesis;
  let expectedSeen = expectedHead === undefined || expectedHead === genesis;

  for (const [index, line] of lines.entries()) {
    const wrong = (says: string): Verdict => ({ ok: false, line: index + 1, says });
    const value = parseJson(line);
    if (index === lines.length - 1) {
      const head = Head.safeParse(value);
      if (!head.success) return wrong('the last line is not the head: the log was cut off');
      if (head.data.head.seq !== seq || head.data.head.hash !== hash) return wrong('the head does not fit the records');
      if (!expectedSeen) return wrong('the head that was kept elsewhere is not in this log: it was rewritten');
      return { ok: true, records: seq, head: hash };
    }
    const parsed = Record.safeParse(value);
    if (!parsed.success) return wrong('this is not an audit record');
    const { runId, body, ...record } = parsed.data;
    if (record.seq !== seq + 1) return wrong(`record ${seq + 1} is missing or moved`);
    if (record.prev !== hash) return wrong('it does not follow from the record before it');
    const own = recordHash({ ...record, body: body as JsonObject, ...(runId === undefined ? {} : { runId }) });
    if (own !== record.hash) return wrong('it was changed after it was written');
    seq = record.seq;
    hash = record.hash;
    expectedSeen ||= hash === expectedHead;
  }
  return { ok: false, line: 1, says: 'the file is empty' };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
