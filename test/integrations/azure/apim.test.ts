import { portsOf, type RunningAzure, startRunningAzure } from '../../support/running-azure.ts';

const never = new AbortController().signal;
const hour = 3_600_000;
const start = Date.UTC(2026, 9, 5, 3, 0, 30);

describe('API Management, the emulated one over HTTPS', () => {
  let azure: RunningAzure;
  let now: number;
  // One for all: MSAL keeps the identity's address for the process.
  beforeAll(async () => {
    now = start;
    azure = await startRunningAzure({ now: () => now });
  });
  afterAll(() => azure.close());
  function ports() {
    const { estate, ports: all } = portsOf(azure, () => now);
    const { apim, tenants } = all;
    return { apim, tenants, id: estate.apim.id };
  }
  const sid = 'northwind-bank-subscription';

  it('tells its gateways by region, what they can’t reach, and the global policy', async () => {
    const { apim, id } = ports();
    expect(await apim.service(id, never)).toMatchObject({
      name: 'apim-stamps',
      provisioningState: 'Succeeded',
      gateways: [
        { location: 'East US', enabled: true, unreachable: [] },
        { location: 'West US', enabled: true, unreachable: [] },
      ],
      globalPolicy: { elements: ['cors', 'allowed-origins', 'origin', 'validate-jwt', 'forward-request'] },
    });
    azure.faults.failRegion('westus');
    const [, west] = (await apim.service(id, never)).gateways;
    expect(west?.unreachable).toContain('apim-stamps.database.windows.net');
    azure.faults.healRegion('westus');
  });

  it('counts a tenant’s calls as its traffic is, and failed ones when its cell fails', async () => {
    const { apim, id } = ports();
    const usage = await apim.usage(id, sid, { from: now - hour, to: now }, never);
    expect(usage?.calls).toBeGreaterThan(0.7 * 62 * 3_600);
    expect(usage?.calls).toBeLessThan(1.4 * 62 * 3_600);
    expect(usage?.failed).toBe(0);
    azure.faults.failCell('cell-banking');
    now += 5 * 60_000;
    expect((await apim.usage(id, sid, { from: now - hour, to: now }, never))?.failed).toBeGreaterThan(62 * 60 * 3);
    azure.faults.healCell('cell-banking');
    expect(
      await apim.usage(id, 'tailspin-micropay-subscription', { from: now - hour, to: now }, never),
    ).toBeUndefined();
  });

  it('tells whole days, oldest first', async () => {
    const { apim, id } = ports();
    const days = await apim.daily(id, sid, { from: now - 4.5 * 24 * hour, to: now }, never);
    expect(days).toHaveLength(4);
    for (const calls of days) expect(calls).toBeGreaterThan(3_000_000);
  });

  it('tells the limits of its product, and that there is no such subscription', async () => {
    const { apim, tenants, id } = ports();
    expect(await apim.limits(id, sid, never)).toEqual({
      product: 'enterprise-tier',
      state: 'active',
      startedAt: Date.UTC(2026, 0, 12, 8, 30),
      rate: { calls: 9_500, periodSeconds: 60 },
      quota: { calls: 12_000_000, periodSeconds: 86_400 },
    });
    await expect(apim.limits(id, 'nobody-subscription', never)).rejects.toMatchObject({ code: 'not-found' });
    await expect(apim.limits(id, `x' or 'a' eq 'a`, never)).rejects.toMatchObject({ code: 'bad-input' });
    expect(await tenants.find('northwind-bank', never)).toMatchObject({ cell: 'cell-banking', tier: 'enterprise' });
    expect(await tenants.find('nobody', never)).toBeUndefined();
  });
});
