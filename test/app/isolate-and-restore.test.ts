import { incidents, startWorld, type World, wordsOf } from '../support/start-world.ts';

jest.setTimeout(60_000);

describe('isolate and restore a cell', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.stop());

  const approve = (person: string, ts: string) => world.press(person, ts, 'run_approve');

  it('is asked for, approved by another, applied, and brought back exactly as it was', async () => {
    const before = world.azure.configuration();
    const ana = world.slack.as('U0ANA');
    expect((await ana.command(incidents, 'isolate cell-banking for 4h because card payments time out')).status).toBe(
      200,
    );
    const { ts } = await world.card('Isolate cell-banking');

    await approve('U0ANA', ts);
    await world.sees(/somebody else must decide/, { to: 'U0ANA' });
    expect(world.azure.accepted).toEqual([]);

    await approve('U0BEN', ts);
    await world.sees('Done: Isolate cell-banking');
    expect(world.cell('cell-banking')).toMatchObject({
      servedBy: ['cell-banking-dr'],
      revisions: [{ active: false }],
      errorShare: 0,
    });
    expect(world.cell('cell-banking')?.silencedUntil).toBeDefined();
    expect(world.cell('cell-banking-dr')?.served).toBeGreaterThan(100);
    expect(world.azure.accepted.every(({ changed }) => changed)).toBe(true);
    expect(world.azure.accepted).toHaveLength(3);

    await ana.command(incidents, 'restore cell-banking');
    const restore = await world.card('Restore cell-banking');
    await approve('U0CHLOE', restore.ts);
    await world.sees('Done: Restore cell-banking');
    expect(world.azure.configuration()).toEqual(before);
    expect(world.azure.accepted).toHaveLength(6);
  });

  it('answers what watches it', async () => {
    const get = (path: string) => fetch(`http://127.0.0.1:${world.app.port}${path}`);
    const metrics = await (await get('/metrics')).text();
    expect(metrics).toContain('stamps_runs_total{playbook="isolate-cell",state="succeeded"} 1\n');
    expect(metrics).toContain('stamps_runs_total{playbook="isolate-cell",state="running"} 1\n');
    expect((await get('/healthz')).status).toBe(200);
    const ready = await get('/readyz');
    expect(await ready.json()).toEqual({ ok: true, checks: { database: 'ok', slack: 'ok' } });
    expect(ready.status).toBe(200);
  });

  it('shows status, runs and leases, and helps', async () => {
    const ana = world.slack.as('U0ANA');
    for (const text of ['status', 'runs', 'help', 'help isolate', 'estate check']) {
      await ana.command(incidents, text);
    }
    await world.sees('cell-healthcare', { to: 'U0ANA' });
    await world.sees('/stamps isolate', { to: 'U0ANA' });
    expect(world.messages().filter((message) => wordsOf(message).includes('bug')).length).toBe(0);
  });
});
