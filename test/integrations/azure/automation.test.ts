import { readRegionServices } from '../../../src/commands/read-region-services.ts';
import { readWithin } from '../../../src/commands/reading.ts';
import { findRegion } from '../../../src/domain/estate.ts';
import { armOf, portsOf, type RunningAzure, startRunningAzure } from '../../support/running-azure.ts';

const never = new AbortController().signal;
const hour = 3_600_000;
const start = Date.UTC(2026, 9, 5, 7, 0, 30);

describe('Automation and key vaults, the emulated ones over HTTPS', () => {
  let azure: RunningAzure;
  let now: number;
  // One for all: MSAL keeps the identity's address for the process.
  beforeAll(async () => {
    now = start;
    azure = await startRunningAzure({ now: () => now });
  });
  afterAll(() => azure.close());

  function world() {
    const { estate, clock, ports } = portsOf(azure, () => now);
    const read = (region: string) =>
      readWithin(clock, 10_000, async (reading) => ({
        services: await readRegionServices(ports, findRegion(estate, region), now, reading),
        troubles: [...reading.troubles],
      }));
    return { estate, ports, read };
  }

  it('tells the jobs since a time, over all pages, and why one failed', async () => {
    const { estate, ports } = world();
    const id = findRegion(estate, 'westus').automationAccountId ?? '';
    const day = await ports.automation.jobs(id, now - 24 * hour, never);
    expect(day.map(({ runbook, status }) => `${runbook} ${status}`).sort()).toEqual([
      ...Array(4).fill('Check-Replicas Completed'),
      'Sync-DrSecrets Completed',
      'Sync-DrSecrets Failed',
      'Sync-DrSecrets Failed',
      'Sync-DrSecrets Failed',
    ]);
    expect(await ports.automation.jobs(id, 0, never)).toHaveLength(240);
    const failed = day.find(({ status }) => status === 'Failed');
    expect(await ports.automation.exception(failed?.id ?? '', never)).toContain('Forbidden');
    const completed = day.find(({ status }) => status === 'Completed');
    expect(await ports.automation.exception(completed?.id ?? '', never)).toBeUndefined();
    await expect(ports.automation.jobs(id.replace('aa-', 'no-'), 0, never)).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('refuses a filter that Azure does not know', async () => {
    const { estate } = world();
    const path = `${findRegion(estate, 'eastus').automationAccountId}/jobs?api-version=2024-10-23`;
    const ask = await armOf(azure);
    expect((await ask('GET', `${path}&$filter=status%20eq%20'Failed'`)).status).toBe(400);
    const { body } = await ask('GET', path);
    expect(body.value).toHaveLength(100);
    expect(body.value[0].properties).not.toHaveProperty('exception');
  });

  it('shows the refusals of the standby region’s vault beside the job that they make fail', async () => {
    const { services, troubles } = await world().read('westus');
    expect(troubles).toEqual([]);
    expect(services.vault).toMatchObject({
      name: 'kv-stamps-westus',
      availabilityPercent: 100,
      throttled: 0,
      failed: 0,
    });
    expect(services.vault?.refused).toBe(36);
    expect(services.vault?.requests).toBeGreaterThan(36);
    const [worst] = services.automation?.results ?? [];
    expect(worst).toMatchObject({ runbook: 'Sync-DrSecrets', failed: 3, jobs: 4 });
    expect(worst?.error).toContain('kv-stamps-westus');
    const east = await world().read('eastus');
    expect(east.services.vault).toMatchObject({ refused: 0 });
    expect(east.services.automation?.results.map(({ failed }) => failed)).toEqual([0, 0]);
  });

  it('tells a vault whose region is away by its 5xx', async () => {
    azure.faults.failRegion('eastus');
    now += 10 * 60_000;
    const { services } = await world().read('eastus');
    azure.faults.healRegion('eastus');
    expect(services.vault?.failed).toBeGreaterThan(0);
    expect(services.vault?.availabilityPercent).toBeLessThan(100);
  });
});
