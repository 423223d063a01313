import { Resolver } from 'node:dns/promises';
import { subscriptionId } from '../../../sandbox/azure/layout.ts';
import { armOf, type RunningAzure, startRunningAzure } from '../../support/running-azure.ts';

const profile = `/subscriptions/${subscriptionId}/resourceGroups/rg-stamps-production/providers/Microsoft.Network/trafficManagerProfiles/tm-stamps`;
const endpoint = `${profile}/externalEndpoints/primary-endpoint`;

describe('the emulated Traffic Manager', () => {
  let azure: RunningAzure;
  let arm: Awaited<ReturnType<typeof armOf>>;

  beforeEach(async () => {
    azure = await startRunningAzure();
    arm = await armOf(azure);
  });
  afterEach(() => azure.close());

  const statuses = async () => {
    const { properties } = (await arm('GET', profile)).body;
    return [
      properties.monitorConfig.profileMonitorStatus,
      ...properties.endpoints.map(
        (one: { properties: { endpointMonitorStatus: string } }) => one.properties.endpointMonitorStatus,
      ),
    ];
  };

  it('tells what was configured apart from what its probes find', async () => {
    expect(await statuses()).toEqual(['Online', 'Online', 'Online']);
    for (const cell of ['cell-banking', 'cell-retail', 'cell-healthcare']) azure.faults.failCell(cell);
    expect(await statuses()).toEqual(['Degraded', 'Degraded', 'Online']);
    expect((await arm('GET', endpoint)).body.properties.endpointStatus).toBe('Enabled');
  });

  it('switches an endpoint off and on at once', async () => {
    const set = (endpointStatus: string) => arm('PATCH', endpoint, { body: { properties: { endpointStatus } } });
    expect((await set('Disabled')).body.properties).toMatchObject({
      endpointStatus: 'Disabled',
      endpointMonitorStatus: 'Disabled',
    });
    expect(await statuses()).toEqual(['Online', 'Disabled', 'Online']);
    expect(azure.snapshot().regions[0]?.cells[0]?.servedBy).toEqual(['cell-banking-dr']);
    await set('Enabled');
    expect(await statuses()).toEqual(['Online', 'Online', 'Online']);
  });

  it('probes nothing and answers no name while it is switched off as a whole', async () => {
    const host = 'stamps.trafficmanager.net';
    const resolver = new Resolver({ timeout: 2_000, tries: 1 });
    resolver.setServers([/- (127\.0\.0\.1:\d+)/.exec(azure.estateFile)?.[1] ?? '']);
    expect(await resolver.resolveCname(host)).toEqual(['eastus.stamps.example']);
    await arm('PATCH', `${profile}/externalEndpoints/dr-endpoint`, {
      body: { properties: { endpointStatus: 'Disabled' } },
    });
    azure.faults.setProfile(false);
    expect((await arm('GET', profile)).body.properties.profileStatus).toBe('Disabled');
    expect(await statuses()).toEqual(['Disabled', 'Inactive', 'Disabled']);
    await expect(resolver.resolveCname(host)).rejects.toMatchObject({ code: 'ENOTFOUND' });
    expect(azure.snapshot().regions.map(({ led }) => led)).toEqual([0, 0]);
    azure.faults.setProfile(true);
    expect(await statuses()).toEqual(['Online', 'Online', 'Disabled']);
    expect(await resolver.resolveCname(host)).toEqual(['eastus.stamps.example']);
  });

  it('does not probe what always serves, and leads clients there all the same', async () => {
    for (const cell of ['cell-banking', 'cell-retail', 'cell-healthcare']) azure.faults.failCell(cell);
    expect(azure.snapshot().regions.map(({ led }) => led)).toEqual([0, 1]);
    const { body } = await arm('PATCH', endpoint, { body: { properties: { alwaysServe: 'Enabled' } } });
    expect(body.properties.endpointMonitorStatus).toBe('Unmonitored');
    expect(await statuses()).toEqual(['Online', 'Unmonitored', 'Online']);
    expect(azure.snapshot().regions.map(({ led }) => led)).toEqual([1, 0]);
    await arm('PATCH', endpoint, { body: { properties: { endpointStatus: 'Disabled' } } });
    expect(await statuses()).toEqual(['Online', 'Disabled', 'Online']);
  });

  it.each([
    ['a priority that another endpoint has', { priority: 2 }],
    ['a weight of 0', { weight: 0 }],
    ['a priority over 1000', { priority: 1001 }],
    ['a status that is none', { endpointStatus: 'Off' }],
  ])('refuses %s', async (_, properties) => {
    expect(await arm('PATCH', endpoint, { body: { properties } })).toMatchObject({
      status: 400,
      body: { error: { code: 'BadRequest' } },
    });
    expect(azure.accepted).toEqual([]);
  });
});
