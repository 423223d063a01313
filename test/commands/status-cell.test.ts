import { OpsError } from '../../src/errors.ts';
import { kpiDefinition } from '../../src/kpis/definitions.ts';
import { createDesk } from '../support/fakes/desk.ts';

const row = (tenant: string | null, requests: number, p95: number | null, failed = 0) => ({
  ...{ tenant, requests, failed, p95 },
});

function cell(rows: ReturnType<typeof row>[]) {
  const desk = createDesk();
  desk.azure.logRows.set('by tenant', rows);
  return { desk, shown: () => desk.type('status cell-banking') };
}

describe('the tenants of a cell', () => {
  it('have their response times, the slowest first, against the target', async () => {
    const { desk, shown } = cell([
      row('contoso', 9_000, 82.4),
      row('fabrikam <!here>', 400, 640, 12),
      row('rare', 19, 3_000),
      row('', 30, 90),
    ]);
    desk.kpis.state.report = {
      called: 'cell-banking',
      lines: [
        {
          definition: kpiDefinition('tenantLatency'),
          scope: 'cell/cell-banking',
          state: 'ok',
          cells: 1,
          unknownCells: 0,
          hours: [],
        },
      ],
    };
    expect(await shown()).toContain(
      [
        '*Response time by tenant*, p95 of the last 15 minutes that have come, the slowest first',
        '• fabrikam &lt;!here&gt; — 640 ms, 🔴 past the limit; 400 requests, ⚠️ 12 failed',
        '• without a tenant — 90 ms, ✅ on target; 30 requests',
        '• contoso — 82.4 ms, ✅ on target; 9,000 requests',
        '• rare — too few requests for a p95; 19 requests',
      ].join('\n'),
    );
  });

  it('are not judged by what is not known, and none is told apart from not known', async () => {
    expect(await cell([row('contoso', 50, 82)]).shown()).toContain('• contoso — 82 ms; 50 requests');
    expect(await cell([]).shown()).toContain('that have come: no requests');
    const { desk, shown } = cell([]);
    desk.azure.failures.set('logs', new OpsError('timeout', 'The logs did not answer in time.'));
    const card = await shown();
    expect(card).toContain('❔ *Response time by tenant:* not known');
    expect(card).toContain('• tenants of cell-banking: The logs did not answer in time.');
  });

  it('are ten at most, and the rest is counted', async () => {
    const card = await cell(Array.from({ length: 14 }, (_, n) => row(`tenant-${n}`, 100, n))).shown();
    expect(card).toContain('• tenant-4 — 4 ms');
    expect(card).not.toContain('• tenant-3 —');
    expect(card).toContain('… (4 more)');
  });

  it('are not asked for by the estate or a region', async () => {
    const { desk } = cell([row('contoso', 50, 82)]);
    for (const typed of ['status', 'status region eastus'])
      expect(await desk.type(typed)).not.toContain('Response time by tenant');
  });
});
