import { readRegionGateway } from '../../../src/commands/read-api-status.ts';
import { readCellTenants } from '../../../src/commands/read-cell-tenants.ts';
import { readGlobalServices } from '../../../src/commands/read-global-services.ts';
import { readWithin } from '../../../src/commands/reading.ts';
import { findCell, findRegion } from '../../../src/domain/estate.ts';
import { cacheFell } from '../../../src/domain/global-services.ts';
import { portsOf, type RunningAzure, startRunningAzure } from '../../support/running-azure.ts';

const minute = 60_000;
const start = Date.UTC(2026, 9, 5, 7, 0, 30);

describe('what the status adds in each layer, of the emulated Azure over HTTPS', () => {
  let azure: RunningAzure;
  let now: number;
  // One for all: MSAL keeps the identity's address for the process.
  beforeAll(async () => {
    now = start;
    azure = await startRunningAzure({ now: () => now });
  });
  afterAll(() => azure.close());

  const read = () => {
    const { estate, clock, ports } = portsOf(azure, () => now);
    return readWithin(clock, 10_000, async (reading) => ({
      ...(await readGlobalServices({ estate, clock, azure: ports }, reading)),
      troubles: [...reading.troubles],
    }));
  };

  it('has the cache’s share, and sees it fall when somebody empties it', async () => {
    const { cache: full, troubles } = await read();
    expect(troubles).toEqual([]);
    expect(full?.hitPercent).toBeCloseTo(61, -0.5);
    expect(full?.requests).toBeGreaterThan(100_000);
    expect(cacheFell(full ?? {})).toBe(false);
    azure.faults.purgeCache();
    now += 10 * minute;
    const { cache: empty } = await read();
    expect(cacheFell(empty ?? {})).toBe(true);
    now += 50 * minute;
    expect((await read()).cache?.hitPercent).toBeCloseTo(61, -0.5);
  });

  it('has everybody’s calls, and those that failed of the tenants of a failed cell alone', async () => {
    const { apiUse: well } = await read();
    expect(well?.tenants.map(({ name }) => name)).toContain('northwind-bank');
    expect(well?.failed).toBe(0);
    expect(well?.calls).toBe(well?.tenants.reduce((sum, { calls }) => sum + calls, 0));
    azure.faults.failCell('cell-banking');
    now += 10 * minute;
    const { apiUse } = await read();
    const failing = apiUse?.tenants.filter(({ failed }) => failed > 0).map(({ name }) => name);
    expect(failing).toContain('northwind-bank');
    expect(failing).not.toContain('contoso-outfitters');
    azure.faults.healCell('cell-banking');
  });

  it('has API Management as a whole, and sees the gateway of a lost region', async () => {
    const gateways = async () => {
      const { apim, apiUse, troubles } = await read();
      expect(troubles).toEqual([]);
      expect(apim?.provisioningState).toBe('Succeeded');
      expect(apiUse?.calls).toBeGreaterThan(0);
      return apim?.gateways.map(({ location, unreachable }) => [location, unreachable?.length]);
    };
    expect(await gateways()).toEqual([
      ['East US', 0],
      ['West US', 0],
    ]);
    azure.faults.failRegion('eastus');
    expect((await gateways())?.[0]?.[1]).toBe(2);
    azure.faults.healRegion('eastus');
  });

  it('has how a cell answers each of its tenants, and a region’s gateway', async () => {
    const { estate, clock, ports } = portsOf(azure, () => now);
    const [tenants, gateway] = await readWithin(clock, 10_000, (reading) =>
      Promise.all([
        readCellTenants(ports, findCell(estate, 'cell-banking'), now, reading),
        readRegionGateway(estate, ports, findRegion(estate, 'eastus'), now, reading),
      ]),
    );
    expect(tenants?.map(({ tenant }) => tenant)).toContain('northwind-bank');
    expect(tenants?.map(({ tenant }) => tenant)).not.toContain('contoso-outfitters');
    expect(tenants?.every(({ p95Ms = 0, requests }) => p95Ms > 20 && requests > 100)).toBe(true);
    expect(gateway).toMatchObject({ location: 'East US', enabled: true, unreachable: [] });
    expect(gateway?.calls).toBeGreaterThan(10_000);
  });
});
