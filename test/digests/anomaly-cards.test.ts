import { createAnomalyCards } from '../../src/digests/anomaly-cards.ts';
import { drawBand } from '../../src/digests/draw-band.ts';
import { hourMs } from '../../src/domain/duration.ts';
import type { KpiId, KpiScope } from '../../src/domain/kpi.ts';
import { kpiDefinition, kpiDefinitions } from '../../src/kpis/definitions.ts';
import type { MessageContent } from '../../src/ports/chat.ts';
import { faultsOfMessage } from '../support/block-limits.ts';
import { storeHours } from '../support/kpi-history.ts';
import { ana } from '../support/sample-run.ts';
import { shownText } from '../support/shown-text.ts';
import { newDatabase } from '../support/test-database.ts';

const hour = Math.floor(Date.now() / hourMs) * hourMs;
const member = { id: ana, name: 'Ana', groups: [] } as never;

describe('the cards of anomalies', () => {
  let database: Awaited<ReturnType<typeof newDatabase>>;
  let now: number;
  let pictures: boolean;
  beforeEach(async () => {
    database = await newDatabase();
    now = hour + 10 * 60_000;
    pictures = true;
  });
  afterEach(() => database.close());

  const cards = (mostPerDay = 3) =>
    createAnomalyCards({
      database,
      definitions: kpiDefinitions,
      clock: { now: () => now },
      policy: { mostPerDay },
      channel: 'C0OPERATIONS',
      picture: async () => (pictures ? { fileId: 'F0PICTURE1', altText: 'the band' } : undefined),
    });
  /** The last hours of an indicator that is usually 100 to 140: the newest last. */
  async function measured(kpi: KpiId, scope: KpiScope, ...values: (number | undefined)[]) {
    const from = hour - values.length * hourMs;
    await storeHours(
      database,
      { definition: kpiDefinition(kpi), scope },
      from,
      hour,
      (at) => values[(at - from) / hourMs],
    );
    await database.query(
      `insert into stamps.kpi_expected (kpi, scope, at, value, low, high)
       select $1, $2, date_trunc('hour', now()) + n * interval '1 hour', 120, 100, 140 from generate_series(-10, 10) n on conflict do nothing`,
      [kpi, scope],
    );
  }
  /** An hour goes by, in which it measured this. */
  async function anHourLater(kpi: KpiId, scope: KpiScope, value: number | undefined, n: number) {
    const at = hour + n * hourMs;
    await database.query(
      `insert into stamps.kpi_rollups (grain, kpi, scope, at, windows, known, met, mean) values ('hour', $1, $2, $3, 12, $4, 0, $5)`,
      [kpi, scope, new Date(at).toISOString(), value === undefined ? 0 : 12, value ?? null],
    );
    now = at + hourMs + 10 * 60_000;
  }
  const shown = () =>
    database.query<{ key: string; content: MessageContent }>('select key, content from stamps.messages order by seq');
  const words = async () => (await shown()).map(({ content }) => shownText(content)).join('\n');
  const banking: KpiScope = 'cell/cell-banking';

  it('say value, band and how long, with a picture, once for however many looks and replicas', async () => {
    await measured('tenantLatency', banking, 120, 190, 240, 200);
    await Promise.all([cards().look(), cards().look()]);
    await cards().look();
    const all = await shown();
    expect(all).toHaveLength(1);
    expect(faultsOfMessage(all[0]?.content as MessageContent)).toEqual([]);
    expect(await words()).toContain('*Tenant latency of cell-banking* is out of what is usual');
    expect(await words()).toMatch(/240 ms at .* usual are 100 ms to 140 ms; 3 hours in a row/);
    expect(JSON.stringify(all)).toContain('F0PICTURE1');
  });

  it('are edited while it lasts, and withdrawn after two hours within the band', async () => {
    await measured('tenantLatency', banking, 190, 240, 200);
    await cards().look();
    await anHourLater('tenantLatency', banking, 300, 0);
    await cards().look();
    expect(await words()).toMatch(/300 ms at .* 4 hours in a row/);
    await anHourLater('tenantLatency', banking, 120, 1);
    await cards().look();
    expect(await words()).not.toContain('no longer');
    await anHourLater('tenantLatency', banking, 125, 2);
    pictures = false;
    await cards().look();
    expect(await words()).toContain('no longer out of what is usual');
    const [card, ...others] = await shown();
    expect(others).toEqual([]);
    expect(JSON.stringify(card)).not.toContain('anomaly_snooze');
    expect(JSON.stringify(card)).toContain('F0PICTURE1');
  });

  it('are withdrawn when nothing is known any more, and not before half a day', async () => {
    await measured('tenantLatency', banking, 190, 240, 200);
    await cards().look();
    now += 10 * hourMs;
    await cards().look();
    expect(await words()).not.toContain('no longer');
    now += 3 * hourMs;
    await cards().look();
    expect(await words()).toContain('no longer');
  });

  it.each([
    ['what is better than usual', 'tenantLatency' as const, [50, 40, 45]],
    ['two hours', 'tenantLatency' as const, [120, 240, 240]],
    ['hours that are hardly out', 'tenantLatency' as const, [142, 143, 144]],
    ['what is over already', 'tenantLatency' as const, [240, 240, 240, 120]],
    ['a hole between them', 'tenantLatency' as const, [240, undefined, 240, 240]],
    ['what is far below its target, however unusual', 'apiThroughput' as const, [99, 80, 70]],
  ])('do not come of %s', async (_, kpi, values) => {
    await measured(kpi, kpi === 'apiThroughput' ? 'global' : banking, ...values);
    await cards().look();
    expect(await shown()).toEqual([]);
  });

  it('are as many a day as the policy lets, the furthest out first, and none with 0', async () => {
    for (const [index, cell] of ['a', 'b', 'c'].entries()) {
      await measured('tenantLatency', `cell/${cell}`, 200, 200, 200 + 50 * index);
    }
    await cards(0).look();
    expect(await shown()).toEqual([]);
    await cards(2).look();
    await cards(2).look();
    expect((await shown()).map(({ content }) => /of ([abc])\*/.exec(content.text)?.[1])).toEqual(['c', 'b']);
  });

  it('leave a cell alone on which people work already', async () => {
    await measured('tenantLatency', banking, 200, 240, 250);
    await database.query(
      `insert into stamps.incidents (id, number, request_key, title, severity, severity_by, state, place, cells, channel, started_at)
       values ('i-1', 1, 'k', 'slow', 'P2', 'stamps', 'open', '{}', '{cell-banking}', 'C0', now())`,
    );
    await cards().look();
    expect(await shown()).toEqual([]);
  });

  it('are snoozed for a day, which the card says and the audit log holds', async () => {
    await measured('tenantLatency', banking, 200, 240, 250);
    await cards().look();
    const [{ id } = { id: '' }] = await database.query<{ id: string }>('select id from stamps.anomalies');
    await cards().snooze(id, member);
    expect(await words()).toContain('No new card before');
    await anHourLater('tenantLatency', banking, 120, 0);
    await anHourLater('tenantLatency', banking, 120, 1);
    await cards().look();
    for (const n of [2, 3, 4]) await anHourLater('tenantLatency', banking, 250, n);
    await cards().look();
    expect(await shown()).toHaveLength(1);
    await database.query(`update stamps.anomalies set snoozed_until = now() - interval '1 second'`);
    await cards().look();
    expect(await shown()).toHaveLength(2);
    expect(await database.query(`select actor from stamps.audit where kind = 'anomaly-snoozed'`)).toEqual([
      { actor: ana },
    ]);
    await expect(cards().snooze('nobody', member)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('have a picture with the band and the threshold', async () => {
    await measured('tenantLatency', banking, 190, 240, 200);
    const { altText } = await drawBand(
      database,
      { definition: kpiDefinition('tenantLatency'), scope: banking },
      now,
      'Europe/Berlin',
    );
    expect(altText).toContain('Tenant latency of cell-banking');
    expect(altText).toMatch(/means of an hour, Europe\/Berlin\..*most 240 ms at \d+ \w+ \d\d:00 CET/);
    expect(altText).toContain('alert above: 500 ms');
  });
});
