import type { KpiLine } from '../../src/domain/kpi-report.ts';
import { kpiDefinition } from '../../src/kpis/definitions.ts';
import { createDesk } from '../support/fakes/desk.ts';

const line = (over: Partial<KpiLine> = {}): KpiLine => ({
  definition: kpiDefinition('tenantLatency'),
  scope: 'cell/cell-banking',
  state: 'warning',
  value: 231.4,
  tenant: 'northwind-bank',
  cells: 3,
  unknownCells: 0,
  move: { now: 231, before: 190, against: 'the same hour yesterday' },
  budget: { usedShare: 0.25, leftShare: 0.75, knownShare: 1 },
  hours: [],
  ...over,
});
function desk(lines: readonly KpiLine[], over: object = {}) {
  const it = createDesk();
  it.kpis.state.report = { called: 'the estate', at: '2026-11-24T03:05:00.000Z', ageMs: 360_000, lines, ...over };
  return it;
}

describe('kpi', () => {
  it('says value, whose it is, state, window, statistic, target, trend and budget', async () => {
    const atDesk = desk([line()]);
    const shown = await atDesk.type('kpi');
    expect(shown).toContain(
      'Tenant latency, worst of 3 cells:* 231 ms (cell-banking, tenant northwind-bank) — ⚠️ close to the limit',
    );
    expect(shown).toContain('p95 over 5m · target ≤ 200 ms · alert &gt; 500 ms');
    expect(shown).toContain('↘ worse than the same hour yesterday (190 ms) · error budget 75 % left');
    expect(JSON.stringify(atDesk.chat.shown)).toContain('Indicators, as a picture');
  });

  it('says of what is not known why, and never a figure', async () => {
    const unknown = line({ state: 'unknown', reason: 'Azure had too many requests <!channel>.' });
    const { value: _, move: __, budget: ___, ...rest } = unknown;
    const atDesk = desk([rest]);
    const shown = await atDesk.type('kpi');
    expect(shown).toContain('not known\nAzure had too many requests &lt;!channel&gt;.');
    expect(shown).not.toMatch(/\d+ ms/);
    expect(JSON.stringify(atDesk.chat.shown)).toContain('Indicators of the estate: ❔ not known');
  });

  it('says how many cells are missing, and that the snapshot is old', async () => {
    const shown = await desk([line({ unknownCells: 2 })], { ageMs: 3_600_000 }).type('kpi');
    expect(shown).toContain('2 of 3 cells not known');
    expect(shown).toContain('newest snapshot is 1h old');
  });

  it('says of a used-up budget that it is used up, and how little of it is known', async () => {
    const shown = await desk([line({ budget: { usedShare: 4, leftShare: 0, knownShare: 0.02 } })]).type('kpi');
    expect(shown).toContain('error budget used up (2 % of its time is known)');
  });

  it('takes no error budget from the first hours', async () => {
    const shown = await desk([line({ budget: { usedShare: 4, leftShare: 0, knownShare: 0.004 } })]).type('kpi');
    expect(shown).toContain('error budget not known yet');
    expect(shown).not.toContain('used up');
  });

  it('says that nothing is known before the first snapshot, without a picture', async () => {
    const atDesk = createDesk();
    const shown = await atDesk.type('kpi');
    expect(shown).toContain('nothing is known yet');
    expect(JSON.stringify(atDesk.chat.shown)).not.toContain('as a picture');
  });

  it('says at once that it is at it', async () => {
    const atDesk = desk([line()]);
    await atDesk.type('kpi');
    expect(JSON.stringify(atDesk.chat.shown[0])).toContain('The indicators are being read and drawn.');
  });

  it('goes without its picture when that cannot be drawn', async () => {
    const it = desk([line()]);
    it.kpis.state.pictures = false;
    expect(await it.type('kpi')).toContain('231 ms');
  });

  it.each([
    ['kpi', { subject: { of: 'estate' } }],
    ['kpi 24h', { subject: { of: 'estate' }, windowMs: 86_400_000 }],
    ['kpi cell banking-dr', { subject: { of: 'cell', cell: 'cell-banking-dr' } }],
    ['kpi cell-banking 2d', { subject: { of: 'cell', cell: 'cell-banking' }, windowMs: 172_800_000 }],
    ['kpi region EASTUS 24h', { subject: { of: 'region', region: 'eastus' }, windowMs: 86_400_000 }],
    ['kpi westus', { subject: { of: 'region', region: 'westus' } }],
  ])('%s', async (text, asked) => {
    const it = desk([line()]);
    await it.type(text);
    expect(it.kpis.asked).toEqual([asked]);
  });

  it.each([
    ['kpi cell', 'Which cell?'],
    ['kpi cell nobody', 'There is no cell “nobody”'],
    ['kpi region mars', 'There is no region “mars”'],
    ['kpi region eastus 1m', 'too short'],
    ['kpi region eastus 99d', 'too long'],
    ['kpi cell cell-banking cell-retail', 'one word too many'],
    ['kpi tenants', '/stamps tenant usage'],
  ])('%s is answered with what to type', async (text, says) => {
    const it = desk([line()]);
    expect(await it.type(text)).toContain(says);
    expect(it.kpis.asked).toEqual([]);
  });
});
