import { type CellStatus, statusCard } from '../../src/blocks/status-card.ts';
import { buttonsOf, shownText } from '../support/shown-text.ts';

const well = (n: number): CellStatus => ({
  ...{ name: `cell-${n}`, region: 'eastus', role: 'active', servedBy: [`cell-${n}`] },
  ...{ backends: { healthy: 1, all: 1 }, newestReady: true, replicas: 2, requestsPerSecond: 100, tenants: 4 },
});
const shown = (cells: readonly CellStatus[]) =>
  shownText(statusCard({ cells, leases: [], runs: [], troubles: [] }, 'the estate', '2026-01-15T10:00:00Z'));

describe('the status of many cells', () => {
  const cells = Array.from({ length: 250 }, (_, n) => well(n));

  it('counts them, and shows the worst first however far down they stand', () => {
    const { servedBy: _, ...unknown } = well(248);
    const text = shown([
      ...cells.slice(0, 246),
      { ...well(246), newestReady: false },
      { ...well(247), servedBy: ['cell-1'] },
      unknown,
      well(249),
    ]);
    expect(text).toContain(
      '*eastus* — 250 cells: ⛔ 1 out of service, ⚠️ 1 not all healthy, ❔ 1 not known, ✅ 247 well\n⛔ *cell-247* — out of service; its traffic goes to cell-1',
    );
    expect(text).toContain('⚠️ *cell-246* — in service, its newest revision is not ready');
    expect(text).toContain('❔ *cell-248* — not known');
    expect(text).toMatch(/… \(\d+ more\)/);
  });

  it('shows a few in their own order, without counts', () => {
    const text = shown([well(1), { ...well(2), newestReady: false }]);
    expect(text).toMatch(/✅ \*cell-1\*.*\n⚠️ \*cell-2\*/);
    expect(text).not.toContain('2 cells');
  });
});

describe('the buttons of the status', () => {
  it('lead to API Management however many regions there are', () => {
    const regions = Array.from({ length: 20 }, (_, n) => `region${n}`);
    const near = { regions, cells: [] };
    const card = statusCard(
      { cells: [], leases: [], runs: [], troubles: [], subject: { of: 'estate' }, near },
      'the estate',
      '2026-01-15T10:00:00Z',
    );
    expect(buttonsOf(card).map(({ value }) => value)).toEqual([
      ...regions.slice(0, 11).map((region) => `region ${region}`),
      'apim',
    ]);
  });
});
