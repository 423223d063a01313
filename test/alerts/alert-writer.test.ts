import { createAlertWriter } from '../../src/alerts/alert-writer.ts';
import type { Alert } from '../../src/domain/alert.ts';
import type { Database } from '../../src/engine/database.ts';
import type { Clock } from '../../src/ports/clock.ts';

const alert = (n: number): Alert => ({
  key: `k-${n}`,
  instance: `k-${n}`,
  kind: 'metric',
  condition: 'fired',
  rule: 'r',
  description: '',
  azureSeverity: 2,
  firedAt: '2026-05-04T10:00:00Z',
  resources: [],
  place: { scope: 'unknown' },
});

describe('the alert writer', () => {
  const stopper = new AbortController();
  let statements: { rows: number; end(): void; fail(): void }[];
  let looks: (() => void)[];
  let now: number;
  beforeEach(() => {
    statements = [];
    looks = [];
    now = 0;
  });
  afterAll(() => stopper.abort());

  const database = {
    query: (_sql: string, [rows]: [string]) =>
      new Promise((end, fail) => {
        statements.push({ rows: JSON.parse(rows).length, end: () => end([]), fail: () => fail(new Error('away')) });
      }),
  } as unknown as Database;
  /** Nobody's time passes but that of the look-out, when a test says so. */
  const clock: Clock = {
    now: () => now,
    sleep: (ms) =>
      new Promise((wake) => {
        if (ms === 250) looks.push(wake);
      }),
  };
  const writer = () => createAlertWriter(database, 900_000, clock, stopper.signal);
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  it('gathers what comes while a statement is under way into the next', async () => {
    const { store } = writer();
    const stored = [1, 2, 3, 4].map((n) => store(alert(n)));
    expect(statements.map(({ rows }) => rows)).toEqual([1]);
    statements[0]?.end();
    await stored[0];
    await settled();
    expect(statements.map(({ rows }) => rows)).toEqual([1, 3]);
    statements[1]?.end();
    await Promise.all(stored);
  });

  it('begins a second one for a full batch', () => {
    const { store } = writer();
    for (let n = 0; n < 502; n += 1) void store(alert(n));
    expect(statements.map(({ rows }) => rows)).toEqual([1, 500]);
  });

  it('begins a second one when the first hangs', async () => {
    const { store } = writer();
    void store(alert(1));
    const second = store(alert(2));
    expect(statements).toHaveLength(1);
    looks.shift()?.();
    await settled();
    expect(statements.map(({ rows }) => rows)).toEqual([1, 1]);
    statements[1]?.end();
    await expect(second).resolves.toBeUndefined();
  });

  it('tells a sender who waited for eight seconds that it is not stored', async () => {
    const { store, waiting } = writer();
    const refused = expect(store(alert(1))).rejects.toMatchObject({ code: 'unavailable' });
    now = 8_000;
    looks.shift()?.();
    await refused;
    expect(waiting()).toBe(0);
  });
});
