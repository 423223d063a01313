import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appendAudit, exportChain } from '../../src/engine/audit.ts';
import { verifyChain } from '../../src/engine/audit-verify.ts';
import type { Database } from '../../src/engine/database.ts';
import { newDatabase } from '../support/test-database.ts';

describe('the audit chain', () => {
  let database: Database;
  let lines: string[];

  beforeAll(async () => {
    database = await newDatabase();
    for (let n = 0; n < 12; n += 1) {
      await database.transaction((tx) =>
        appendAudit(tx, [
          { kind: 'approved', runId: `r-${n}`, actor: 'U0BEN', body: { n, note: 'ü "quoted" \\ <!channel>' } },
        ]),
      );
    }
    lines = (await exportChain(database)).trimEnd().split('\n');
  });
  afterAll(() => database.close());

  const verify = (changed: readonly string[], head?: string) => verifyChain(`${changed.join('\n')}\n`, head);

  it('is whole as it was written', () => {
    expect(verify(lines)).toMatchObject({ ok: true, records: 12 });
  });

  it('remembers an entry with a key once', async () => {
    const own = await newDatabase();
    for (let n = 0; n < 3; n += 1)
      await own.transaction((tx) =>
        appendAudit(tx, [{ key: 'r-1/1/step/finished', kind: 'step-finished', actor: 'stamps', body: {} }]),
      );
    expect(verifyChain(await exportChain(own))).toMatchObject({ ok: true, records: 1 });
    await own.close();
  });

  it('stays one chain when many write at the same time', async () => {
    const own = await newDatabase();
    await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        own.transaction((tx) => appendAudit(tx, [{ kind: 'approved', actor: 'U0BEN', body: { n } }])),
      ),
    );
    expect(verifyChain(await exportChain(own))).toMatchObject({ ok: true, records: 40 });
    await own.close();
  });

  it.each(everyRecord())('shows that record %i was changed, deleted or moved', (index) => {
    const changed = lines.with(index, (lines[index] as string).replace('U0BEN', 'U0ANA'));
    expect(verify(changed)).toMatchObject({ ok: false, line: index + 1 });
    expect(verify(lines.toSpliced(index, 1))).toMatchObject({ ok: false });
    const other = (index + 1) % 12;
    expect(verify(lines.with(index, lines[other] as string).with(other, lines[index] as string))).toMatchObject({
      ok: false,
    });
  });

  it('shows that its end was cut off', () => {
    expect(verify(lines.slice(0, -1))).toMatchObject({ ok: false });
    expect(verify(lines.slice(0, -3))).toMatchObject({ ok: false });
  });

  it('shows, by a head kept elsewhere, that its end was rewritten', async () => {
    const head = JSON.parse(lines.at(-1) as string).head.hash as string;
    const rewritten = await newDatabase();
    await rewritten.transaction((tx) => appendAudit(tx, [{ kind: 'approved', actor: 'U0EVE', body: {} }]));
    const forged = await exportChain(rewritten);
    expect(verifyChain(forged)).toMatchObject({ ok: true });
    expect(verifyChain(forged, head)).toMatchObject({ ok: false });
    await rewritten.close();
  });

  it('is checked from the command line: exit code 0 when whole, 1 when changed, 2 when it can’t be read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'stamps-audit-'));
    const [whole, changed] = [join(folder, 'whole.jsonl'), join(folder, 'changed.jsonl')];
    await writeFile(whole, `${lines.join('\n')}\n`);
    await writeFile(changed, `${lines.with(4, (lines[4] as string).replace('U0BEN', 'U0ANA')).join('\n')}\n`);
    const audit = (...args: string[]) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/audit.ts', ...args], {
        encoding: 'utf8',
      });
      return { status, says: `${stdout}${stderr}` };
    };
    try {
      expect(audit('verify', whole)).toEqual({ status: 0, says: expect.stringContaining('Whole: 12 records, head ') });
      expect(audit('verify', whole, '--head', 'f'.repeat(64))).toMatchObject({ status: 1 });
      expect(audit('verify', changed)).toEqual({ status: 1, says: expect.stringContaining('Not whole: line 5: ') });
      expect(audit('verify', join(folder, 'missing.jsonl'))).toEqual({
        status: 2,
        says: expect.stringMatching(/missing\.jsonl[\s\S]*Usage: npm run audit/),
      });
      expect(audit('verify')).toMatchObject({ status: 2 });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

function everyRecord(): number[][] {
  return Array.from({ length: 12 }, (_, index) => [index]);
}
