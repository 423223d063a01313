import { indicatorLine } from '../../src/blocks/kpi-card.ts';
import type { KpiLine } from '../../src/domain/kpi-report.ts';
import { OpsError } from '../../src/errors.ts';
import { kpiDefinition } from '../../src/kpis/definitions.ts';
import { createDesk } from '../support/fakes/desk.ts';

const line = (over: Partial<KpiLine>): KpiLine => ({
  definition: kpiDefinition('latency'),
  scope: 'global',
  state: 'ok',
  value: 83.2,
  cells: 1,
  unknownCells: 0,
  hours: [],
  ...over,
});

/** What is offered to press, as `words → value`. */
function buttons(desk: ReturnType<typeof createDesk>): Record<string, { id: string; value: string }> {
  const found: Record<string, { id: string; value: string }> = {};
  JSON.stringify(desk.chat.shown.at(-1), (_, value) => {
    if (value?.type === 'button' && value.action_id.startsWith('status_show'))
      found[value.text.text] = { id: value.action_id, value: value.value };
    return value;
  });
  return found;
}

describe('status in layers', () => {
  it('shows the indicators of the layer, with their window, and says what is not known', async () => {
    const desk = createDesk();
    const { value: _, ...unknown } = line({
      definition: kpiDefinition('errorRate'),
      state: 'unknown',
      reason: 'Azure was away <!here>',
    });
    desk.kpis.state.report = {
      called: 'the estate',
      at: '2026-11-24T03:05:00.000Z',
      lines: [
        line({}),
        unknown,
        line({
          definition: kpiDefinition('containerCpu'),
          scope: 'cell/cell-retail',
          state: 'alert',
          value: 91,
          cells: 3,
        }),
      ],
    };
    const shown = await desk.type('status');
    expect(shown).toContain('✅ Latency 83.2 ms, on target (p95 over 5m)');
    expect(shown).toContain('❔ Error rate — not known: Azure was away &lt;!here&gt;');
    expect(shown).toContain('🔴 Container CPU 91 %, past the limit (mean over 5m, worst: cell-retail)');
    expect(desk.kpis.asked).toEqual([{ subject: { of: 'estate' } }]);
    expect(JSON.stringify(desk.chat.shown.at(-1))).toContain(
      'Status of the estate. Cells: 5 well. Indicators: 1 past the limit, 1 not known, 1 on target.',
    );
  });

  it('says each state in words: without their signs, and with one value, no two read alike', () => {
    const words = (['ok', 'warning', 'alert', 'unknown'] as const).map((state) => {
      const { value, ...rest } = line({ state });
      return indicatorLine(state === 'unknown' ? rest : { ...rest, ...(value !== undefined && { value }) });
    });
    expect(new Set(words.map((text) => text.replaceAll(/[^\x20-\x7e]/g, ''))).size).toBe(4);
  });

  it('leads down to a region and a cell, and up again', async () => {
    const desk = createDesk();
    await desk.type('status');
    const { eastus, westus, 'API Management': api } = buttons(desk);
    expect([westus?.value, api?.value]).toEqual(['region westus', 'apim']);
    expect(await desk.press(eastus?.id ?? '', eastus?.value ?? '')).toContain('Status of eastus');
    expect(desk.kpis.asked.at(-1)).toEqual({ subject: { of: 'region', region: 'eastus' } });
    const { 'cell-retail': cell } = buttons(desk);
    expect(await desk.press(cell?.id ?? '', cell?.value ?? '')).toContain('Status of cell-retail');
    const { eastus: up, 'The estate': top } = buttons(desk);
    expect(up?.value).toBe('region eastus');
    expect(await desk.press(top?.id ?? '', top?.value ?? '')).toContain('Status of the estate');
  });

  it('refuses a button whose value is nothing of the estate', async () => {
    expect(await createDesk().press('status_show_0', 'region mars')).toContain('There is no region “mars”');
  });
});

describe('status apim', () => {
  it('shows each gateway with its calls, the global policy, and the regions’ probes', async () => {
    const desk = createDesk();
    desk.azure.logRows.set('by Region', [{ Region: 'eastus', calls: 45_600, failed: 12, p95: 14.4 }]);
    desk.azure.apim.state.service = {
      ...desk.azure.apim.state.service,
      gateways: [
        { location: 'East US', url: '', enabled: true, unreachable: [] },
        { location: 'West US', url: '', enabled: true, unreachable: ['sql <!channel>'] },
        { location: 'North Europe', url: '', enabled: false },
      ],
    };
    const shown = await desk.type('status apim');
    expect(shown).toContain('✅ *apim-stamps* — Succeeded');
    expect(shown).toContain('✅ Global policy: compiled when it was saved; has cors, rate-limit-by-key');
    expect(shown).toContain('✅ *East US* — reaches all that it needs; 45,600 calls, 12 with a 5xx, adds 14 ms (p95)');
    expect(shown).toContain('🔴 *West US* — can’t reach sql &lt;!channel&gt;; no calls');
    expect(shown).toContain('⛔ *North Europe* — switched off');
  });

  it('never takes a log that did not answer for no calls', async () => {
    const desk = createDesk();
    desk.azure.failures.set('logs', new OpsError('timeout', 'The logs did not answer in time.'));
    const shown = await desk.type('status apim');
    expect(shown).toContain('*East US* — reaches all that it needs; calls not known');
    expect(shown).toContain('❔ *West US* — what it can reach is not known');
    expect(shown).toContain('The logs did not answer in time.');
    expect(shown).not.toContain('no calls');
  });

  it('says that the service is not known when it does not answer', async () => {
    const desk = createDesk();
    desk.azure.apim.state.failures.set('service', new OpsError('unavailable', 'Azure is away.'));
    const shown = await desk.type('status api');
    expect(shown).toContain('❔ The service is not known.');
    expect(shown).toContain('❔ Global policy: not known');
    expect(shown).toContain('Azure is away.');
  });
});
