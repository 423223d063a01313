import { kpiDefinitions } from '../../src/kpis/definitions.ts';
import { readPastHour } from '../../src/kpis/read-past-hour.ts';
import { takeSnapshot } from '../../src/kpis/take-snapshot.ts';
import { createFakeLogger } from '../support/fakes/fake-logger.ts';
import { portsOf, type RunningAzure, startRunningAzure } from '../support/running-azure.ts';

jest.setTimeout(30_000);
const start = Date.UTC(2026, 9, 5, 3, 0, 30);

describe('a snapshot of the emulated estate, over HTTPS', () => {
  let azure: RunningAzure;
  let now = start;
  beforeAll(async () => {
    azure = await startRunningAzure({ now: () => now });
  });
  afterAll(() => azure.close());

  async function snapshot(estateFile = azure.estateFile, atMs = now) {
    const { estate, ports } = portsOf({ ...azure, estateFile }, () => now);
    const { metrics, logs } = ports;
    const { logger, lines } = createFakeLogger();
    const slot = atMs - (atMs % 300_000) - 300_000;
    const readings = await takeSnapshot({ estate, metrics, logs, logger }, kpiDefinitions, slot, {
      deadlineMs: 20_000,
      signal: new AbortController().signal,
    });
    expect(lines).toEqual([]);
    const by = (kpi: string, cell?: string) =>
      readings.find((reading) => reading.kpi === kpi && (cell === undefined || reading.scope === `cell/${cell}`));
    return { readings, by };
  }

  it('is healthy where the estate is: on target but for its demand, standbys without requests', async () => {
    const { readings, by } = await snapshot();
    const unknown = readings.filter(({ value }) => value === undefined).map(({ kpi, scope }) => `${kpi} ${scope}`);
    expect(unknown.every((name) => name.endsWith('-dr'))).toBe(true);
    expect(by('availability')?.value).toBe(100);
    expect(by('errorRate')?.value).toBe(0);
    expect(by('latency')?.value).toBeGreaterThan(20);
    expect(by('latency')?.value).toBeLessThan(150);
    expect(by('apiLatency')?.value).toBeLessThan(50);
    expect(by('containerCpu', 'cell-retail')?.value).toBeGreaterThan(30);
    expect(by('containerCpu', 'cell-retail-dr')?.value).toBeGreaterThan(0);
    expect(by('tenantLatency', 'cell-banking')).toMatchObject({ of: expect.stringMatching(/^[a-z-]+$/) });
  });

  it('reads of an hour that is over what its snapshots would have read', async () => {
    const { estate, ports: sources } = portsOf(azure, () => now);
    const hour = Date.UTC(2026, 9, 4, 22);
    const never = new AbortController().signal;
    const window = { deadlineMs: 20_000, signal: never };
    const { logger } = createFakeLogger();
    const third = await takeSnapshot({ estate, ...sources, logger }, kpiDefinitions, hour + 900_000, window);
    for (const definition of kpiDefinitions) {
      const past = await readPastHour({ estate, ...sources }, definition, hour, never);
      const known = third.filter(({ kpi, value }) => kpi === definition.id && value !== undefined);
      expect(past).toHaveLength(12 * known.length);
      for (const reading of known) {
        const same = past.find(({ scope, to }) => scope === reading.scope && to === reading.to);
        // Azure gives totals as whole numbers.
        expect((same?.value ?? Number.NaN) / (reading.value ?? Number.NaN) || 1).toBeCloseTo(1, 4);
        expect(same && 'total' in same).toBe('total' in reading);
      }
    }
  });

  it('reads what it can while queries are throttled, late, partial or without their table', async () => {
    azure.logFaults.breakNext('throttled', 3, 'AppDependencies');
    azure.logFaults.breakNext('timeout', 3, 'BackendTime');
    azure.logFaults.breakNext('partial', 1, 'bin(TimeGenerated, 1m)');
    azure.logFaults.missing.add('AppRequests');
    const { by } = await snapshot();
    azure.logFaults.missing.clear();
    expect(by('databasePerformance', 'cell-retail')).toMatchObject({
      reason: expect.stringContaining('too many requests'),
    });
    expect(by('apiLatency')).toMatchObject({ reason: expect.stringContaining('did not answer in time') });
    expect(by('availability')).toMatchObject({ reason: expect.stringContaining('a part of the answer only') });
    expect(by('tenantLatency', 'cell-retail')).toMatchObject({
      reason: expect.stringContaining('no table or column AppRequests'),
    });
    expect(by('containerCpu', 'cell-retail')?.value).toBeGreaterThan(30);
    expect(by('errorRate')?.value).toBe(0);
  });

  it('reads the other cells when one is in the file and no longer in Azure', async () => {
    const gone = azure.estateFile.replace(
      /^( +)- name: cell-retail\n/m,
      '$1- name: cell-gone\n$1  role: active\n$1  requestsPerSecondPerReplica: 50\n$&',
    );
    const { by } = await snapshot(gone);
    expect(by('containerCpu', 'cell-gone')).toMatchObject({ reason: expect.stringContaining('it is not there') });
    expect(by('storageIops', 'cell-gone')).toMatchObject({ reason: expect.stringContaining('it is not there') });
    expect(by('tenantLatency', 'cell-gone')).toMatchObject({ reason: expect.stringContaining('no data came from it') });
    expect(by('containerCpu', 'cell-retail')?.value).toBeGreaterThan(30);
  });

  it('shows a failed cell in availability and error rate, and not in other cells', async () => {
    azure.faults.failCell('cell-banking');
    now += 15 * 60_000;
    const { by } = await snapshot();
    expect(by('availability')).toMatchObject({ value: 0, good: 0, total: 5 });
    expect(by('errorRate')?.value).toBeGreaterThan(20);
    expect(by('containerCpu', 'cell-banking')).not.toHaveProperty('value');
    expect(by('tenantLatency', 'cell-banking')).not.toHaveProperty('value');
    expect(by('tenantLatency', 'cell-retail')?.value).toBeLessThan(200);
    azure.faults.healCell('cell-banking');
  });
});
