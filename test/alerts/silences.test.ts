import { type AlertWriter, createAlertWriter } from '../../src/alerts/alert-writer.ts';
import { correlateBatch } from '../../src/alerts/correlate-batch.ts';
import type { IncidentContext } from '../../src/alerts/incident-context.ts';
import { findIncidents } from '../../src/alerts/incident-store.ts';
import { createSilences, type SilenceDesk } from '../../src/alerts/silences.ts';
import type { Alert } from '../../src/domain/alert.ts';
import type { Database } from '../../src/engine/database.ts';
import { systemClock } from '../../src/ports/clock.ts';
import { ana, dana } from '../support/engine-harness.ts';
import { incidentContext } from '../support/incident-world.ts';
import { newDatabase } from '../support/test-database.ts';

const hour = 3_600_000;

describe('silences', () => {
  let database: Database;
  let context: IncidentContext;
  let desk: SilenceDesk;
  let writer: AlertWriter;
  const stopper = new AbortController();
  beforeEach(async () => {
    database = await newDatabase();
    context = incidentContext(database);
    desk = createSilences(context);
    writer = createAlertWriter(database, 900_000, systemClock, stopper.signal);
  });
  afterEach(() => database.close());
  afterAll(() => stopper.abort());

  const ask = (more = {}) =>
    desk.silence(
      {
        requestKey: 'k',
        match: { cell: 'r1-cell-1' },
        reason: 'moving its data',
        lastsMs: hour,
        channel: 'C0',
        ...more,
      },
      ana,
    );
  let posted = 0;
  async function alert(more: Partial<Alert> = {}) {
    posted += 1;
    const now = new Date().toISOString();
    const place = { scope: 'cell', region: 'r1', cell: 'r1-cell-1' } as const;
    const blank = { kind: 'metric', condition: 'fired', rule: 'Memory', description: '', resources: [] } as const;
    const named = { key: `k-${posted}`, instance: `i-${posted}` };
    await writer.store({ ...blank, ...named, place, azureSeverity: 1, firedAt: now, ...more });
    await database.transaction((tx) => correlateBatch(tx, context));
    return findIncidents(database);
  }
  /** As if so much time had passed. */
  const later = (ms: number) =>
    database.query(
      `update stamps.silences set starts_at = starts_at - make_interval(secs => $1), ends_at = ends_at - make_interval(secs => $1)`,
      [ms / 1000],
    );
  const texts = async () =>
    (await database.query<{ text: string }>(`select content::text as text from stamps.messages order by seq`)).map(
      ({ text }) => text,
    );

  it('keep the alerts of a cell silent, and no others', async () => {
    await ask();
    expect(await alert()).toEqual([]);
    expect(await alert({ place: { scope: 'cell', region: 'r1', cell: 'r1-cell-2' } })).toHaveLength(1);
    expect(await desk.silences()).toMatchObject([{ silence: { id: 's-1' }, kept: 1 }]);
  });

  it.each([
    ['a region', { region: 'r1' }, [true, true, true]],
    ['a rule, whatever its case', { rule: 'MEMORY' }, [true, true, false]],
    ['a rule in a cell', { cell: 'r1-cell-1', rule: 'Memory' }, [true, false, false]],
  ])('match %s', async (_, match, silent) => {
    await ask({ match });
    await alert();
    await alert({ place: { scope: 'region', region: 'r1' } });
    await alert({ rule: 'CPU', place: { scope: 'cell', region: 'r1', cell: 'r1-cell-3' } });
    const rows = await database.query<{ silenced_by: string | null }>(
      'select silenced_by from stamps.alerts order by seq',
    );
    expect(rows.map(({ silenced_by }) => silenced_by !== null)).toEqual(silent);
  });

  it('are one for one request, and tell the channel', async () => {
    expect([(await ask()).id, (await ask()).id]).toEqual(['s-1', 's-1']);
    expect(await texts()).toEqual([expect.stringContaining('is silent until')]);
    expect(await database.query(`select 1 from stamps.audit where kind = 'silence-created'`)).toHaveLength(1);
  });

  it('warn before they end, once, then end and show what still lasts', async () => {
    await ask();
    await alert();
    await alert({ key: 'over', instance: 'over' });
    await alert({ key: 'end', instance: 'over', condition: 'resolved' });
    await desk.look();
    await later(hour - 10 * 60_000);
    await desk.look();
    await desk.look();
    expect((await texts()).filter((text) => text.includes('It ends soon'))).toHaveLength(2);
    expect(await findIncidents(database)).toEqual([]);
    await later(11 * 60_000);
    await desk.look();
    expect(await desk.silences()).toEqual([]);
    await database.transaction((tx) => correlateBatch(tx, context));
    expect(await findIncidents(database)).toMatchObject([{ alerts: { firing: 1, total: 1 } }]);
    expect((await texts())[0]).toContain('The silence of');
  });

  it('end at once when somebody says so, by whom is remembered, and a second time changes nothing', async () => {
    await ask();
    await alert();
    expect(await desk.end('s-1', ana)).toMatchObject({ state: 'ended', endedBy: ana.id });
    await desk.end('s-1', ana);
    expect(await database.query(`select 1 from stamps.audit where kind = 'silence-ended'`)).toHaveLength(1);
    expect(await alert()).toMatchObject([{ alerts: { total: 2 } }]);
    await expect(desk.extend('s-1', hour, ana, 'e')).rejects.toMatchObject({ code: 'conflict' });
  });

  it('last longer when asked, once a request, but never more than seven days from now', async () => {
    const { endsAt } = await ask();
    await desk.extend('s-1', hour, ana, 'e-1');
    const twice = await desk.extend('s-1', hour, ana, 'e-1');
    expect(Date.parse(twice.endsAt) - Date.parse(endsAt)).toBe(hour);
    await expect(desk.extend('s-1', 168 * hour, ana, 'e-2')).rejects.toMatchObject({ code: 'refused' });
    expect((await desk.silences())[0]?.silence.endsAt).toBe(twice.endsAt);
  });

  it('begin later when they are planned', async () => {
    await ask({ startsAt: new Date(Date.now() + 2 * hour).toISOString() });
    expect(await alert()).toHaveLength(1);
    expect((await texts())[0]).toContain('Maintenance');
    await later(2 * hour + 60_000);
    await desk.look();
    expect((await texts())[0]).toContain('is silent until');
    expect(await alert()).toMatchObject([{ alerts: { total: 1 } }]);
  });

  it('are refused in the past, far ahead, and to those who do not respond', async () => {
    await expect(ask({ startsAt: '2020-01-01T00:00:00Z' })).rejects.toMatchObject({ code: 'bad-input' });
    const far = new Date(Date.now() + 2_400 * hour).toISOString();
    await expect(ask({ startsAt: far })).rejects.toMatchObject({ code: 'bad-input' });
    await expect(
      desk.silence({ requestKey: 'x', match: { cell: 'c' }, reason: 'r', lastsMs: hour, channel: 'C0' }, dana),
    ).rejects.toMatchObject({ code: 'not-allowed' });
    expect(await desk.silences()).toEqual([]);
  });
});
