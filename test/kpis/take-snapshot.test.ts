import type { KpiReading } from '../../src/domain/kpi.ts';
import { OpsError } from '../../src/errors.ts';
import { kpiDefinitions } from '../../src/kpis/definitions.ts';
import { takeSnapshot } from '../../src/kpis/take-snapshot.ts';
import { createFakeLogger } from '../support/fakes/fake-logger.ts';
import { createFakeMonitor, kpiEstate } from '../support/kpi-world.ts';

const at = Date.parse('2026-05-04T10:00:00Z');

/** Readings as `kpi scope` → value or reason. */
async function snapshot(monitor: ReturnType<typeof createFakeMonitor>, estate = kpiEstate, deadlineMs = 60_000) {
  const { logger, lines } = createFakeLogger();
  const signal = new AbortController().signal;
  const readings = await takeSnapshot({ estate, ...monitor, logger }, kpiDefinitions, at, { deadlineMs, signal });
  const said = (reading: KpiReading) => (reading.value === undefined ? reading.reason : reading.value);
  return {
    readings,
    lines,
    by: Object.fromEntries(readings.map((reading) => [`${reading.kpi} ${reading.scope}`, said(reading)])),
  };
}

describe('a snapshot', () => {
  it('has a reading of each indicator and cell, each a value or a reason', async () => {
    const { readings } = await snapshot(createFakeMonitor());
    expect(readings).toHaveLength(5 + 4 * 3);
    for (const reading of readings) {
      expect(reading).toMatchObject({ from: '2026-05-04T09:55:00.000Z', to: '2026-05-04T10:00:00.000Z' });
      expect(reading).not.toHaveProperty('value');
      expect(reading).toHaveProperty('reason', expect.stringMatching(/\w{3}/));
    }
  });

  it('reads a ratio’s parts, a percentile, the worst tenant, and metrics by their minutes', async () => {
    const monitor = createFakeMonitor();
    monitor.tables.set('bin(TimeGenerated, 1m)', { rows: [{ good: 4, total: 5, value: 80 }] });
    monitor.tables.set('countif(ResponseCode >= 500)', { rows: [{ good: 999, total: 1_000, failed: 1, value: 0.1 }] });
    monitor.tables.set('AppRequests', {
      rows: [
        { app: 'app-cell-a', value: 180, of: 'northwind' },
        { app: 'app-other', value: 9_000, of: 'nobody' },
      ],
    });
    monitor.minutes.set('apim-stamps', [40_000, 50_000, 60_000, 50_000, 50_000]);
    monitor.minutes.set('stcella', [60_000, 60_000, 120_000, 60_000, 0]);
    monitor.minutes.set('app-cell-b', [40, 60, 50, 50]);
    const { readings, by } = await snapshot(monitor);
    expect(by).toMatchObject({
      'availability global': 80,
      'errorRate global': expect.closeTo(0.1),
      'apiThroughput global': 50_000,
      'tenantLatency cell/cell-a': 180,
      'storageIops cell/cell-a': 1_000,
      'containerCpu cell/cell-b': 50,
    });
    expect(readings.find(({ kpi, scope }) => kpi === 'tenantLatency' && scope === 'cell/cell-a')).toMatchObject({
      of: 'northwind',
    });
    expect(readings.find(({ kpi }) => kpi === 'availability')).toMatchObject({ good: 4, total: 5 });
  });

  it('never takes nothing for nought', async () => {
    const monitor = createFakeMonitor();
    monitor.tables.set('bin(TimeGenerated, 1m)', { rows: [{ good: 0, total: 0, value: null }] });
    monitor.tables.set('countif(ResponseCode >= 500)', { rows: [{ good: 0, total: 0, failed: 0, value: null }] });
    monitor.tables.set('BackendTime', { rows: [{ value: null }] });
    monitor.tables.set('AppDependencies', { rows: [{ app: 'app-cell-a', value: null }] });
    const { by } = await snapshot(monitor);
    for (const name of [
      'availability global',
      'errorRate global',
      'apiLatency global',
      'databasePerformance cell/cell-a',
    ])
      expect(by[name]).toContain('no requests');
    expect(by['databasePerformance cell/cell-b']).toContain('no data came from it');
    expect(by['databasePerformance cell/cell-dr']).toContain('stands by');
  });

  it.each([
    [3, 50],
    [2, 'only 2 of 5 minutes have data'],
  ])('of a metric with %d of 5 minutes says %s', async (minutes, says) => {
    const monitor = createFakeMonitor();
    monitor.minutes.set('app-cell-a', Array(minutes).fill(50));
    expect((await snapshot(monitor)).by['containerCpu cell/cell-a']).toBe(says);
  });

  it('takes no part for the whole', async () => {
    const monitor = createFakeMonitor();
    monitor.tables.set('AppRequests', { rows: [{ app: 'app-cell-a', value: 10 }], partial: 'A shard is away.' });
    const { by } = await snapshot(monitor);
    expect(by['tenantLatency cell/cell-a']).toContain('a part of the answer only: A shard is away.');
  });

  it('says of a cell that was deleted what Azure said, and reads the others', async () => {
    const monitor = createFakeMonitor();
    monitor.minutes.set('app-cell-a', new OpsError('not-found', 'Azure could not read it: it is not there.'));
    monitor.minutes.set('app-cell-b', [10, 10, 10, 10, 10]);
    const { by } = await snapshot(monitor);
    expect(by['containerCpu cell/cell-a']).toContain('not there');
    expect(by['containerCpu cell/cell-b']).toBe(10);
  });

  it('goes on when queries are throttled, time out or break, and logs what was a bug', async () => {
    const monitor = createFakeMonitor();
    monitor.tables.set('AppRequests', new OpsError('throttled', 'Azure had too many requests.'));
    monitor.tables.set('AppDependencies', new OpsError('not-found', 'The logs have no table AppDependencies.'));
    monitor.tables.set('BackendTime', new TypeError('secret inside'));
    monitor.broken.set('Transactions', new OpsError('timeout', 'Azure did not answer in time.'));
    monitor.minutes.set('app-cell-a', [10, 10, 10, 10, 10]);
    const { by, lines } = await snapshot(monitor);
    expect(by).toMatchObject({
      'tenantLatency cell/cell-a': 'Azure had too many requests.',
      'databasePerformance cell/cell-b': 'The logs have no table AppDependencies.',
      'storageIops cell/cell-dr': 'Azure did not answer in time.',
      'apiLatency global': 'the reading failed',
      'containerCpu cell/cell-a': 10,
    });
    expect(lines.map(({ message }) => message)).toEqual(['an indicator could not be read']);
  });

  it('asks each region by itself, also where one address serves all', async () => {
    const monitor = createFakeMonitor();
    const regions = kpiEstate.regions.map((region) => ({ ...region, metricsUrl: 'https://metrics.example.com' }));
    await snapshot(monitor, { ...kpiEstate, regions });
    const asked = monitor.asked.filter(({ namespace }) => namespace === 'Microsoft.App/containerApps');
    expect(asked.map(({ resourceIds }) => resourceIds.map((id) => id.split('/').at(-1)))).toEqual([
      ['app-cell-a', 'app-cell-b'],
      ['app-cell-dr'],
    ]);
  });

  it('tells two cells apart or says that it cannot', async () => {
    const monitor = createFakeMonitor();
    monitor.tables.set('AppRequests', { rows: [{ app: 'app-cell-a', value: 10, of: 't' }] });
    const [first, second, third] = kpiEstate.cells;
    if (!first || !second || !third) throw new Error('three cells');
    const twin = { ...second, containerAppId: first.containerAppId.replace('rg-a', 'rg-z').toUpperCase() };
    const { by } = await snapshot(monitor, { ...kpiEstate, cells: [first, twin, third] });
    expect(by['tenantLatency cell/cell-a']).toContain('several cells');
    expect(by['tenantLatency cell/cell-b']).toContain('several cells');
  });

  it('ends at its deadline with what it has', async () => {
    const monitor = createFakeMonitor();
    monitor.minutes.set('app-cell-a', [10, 10, 10, 10, 10]);
    const hanging = {
      ...monitor,
      logs: {
        query: (_: unknown, signal: AbortSignal) =>
          new Promise<never>((_resolve, reject) =>
            signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
          ),
      },
    };
    const { by } = await snapshot(hanging, kpiEstate, 20);
    expect(by['containerCpu cell/cell-a']).toBe(10);
    expect(by['latency global']).toBe('there was no answer in time');
  });

  it('ends as a whole only when the process does', async () => {
    const stop = new AbortController();
    const { logger } = createFakeLogger();
    const monitor = createFakeMonitor();
    monitor.tables.set('AppRequests', new OpsError('unavailable', 'Stamps is stopping.'));
    stop.abort(new OpsError('unavailable', 'Stamps is stopping.'));
    await expect(
      takeSnapshot({ estate: kpiEstate, ...monitor, logger }, kpiDefinitions, at, {
        deadlineMs: 1_000,
        signal: stop.signal,
      }),
    ).rejects.toThrow('stopping');
  });
});
