import { subscriptionId } from '../../../sandbox/azure/layout.ts';
import { type ArmAnswer, armOf, type RunningAzure, startRunningAzure } from '../../support/running-azure.ts';

const gateway = `/subscriptions/${subscriptionId}/resourceGroups/rg-stamps-production/providers/Microsoft.Network/applicationGateways/agw-stamps`;

describe('an emulated Application Gateway', () => {
  let azure: RunningAzure;
  let arm: Awaited<ReturnType<typeof armOf>>;
  let now: number;

  beforeEach(async () => {
    now = Date.now();
    azure = await startRunningAzure({ now: () => now, gatewayDelayMs: 5_000 });
    arm = await armOf(azure);
  });
  afterEach(() => azure.close());

  const read = async () => (await arm('GET', gateway)).body;
  const pool = (body: ArmAnswer['body'], name: string) =>
    body.properties.backendAddressPools.find((one: { name: string }) => one.name === name);

  /** The gateway as it is, its pool for cell-banking sent elsewhere. */
  async function rerouted(fqdn = 'elsewhere.example') {
    const body = await read();
    pool(body, 'cell-banking-backend').properties.backendAddresses = [{ fqdn }];
    return body;
  }

  async function health(name: string): Promise<unknown[]> {
    const { headers } = await arm('POST', `${gateway}/backendhealth`);
    const { body } = await arm('GET', headers.get('location') ?? '');
    const found = body.backendAddressPools.find(
      ({ backendAddressPool: { id } }: { backendAddressPool: { id: string } }) => id.endsWith(`/${name}`),
    );
    return found.backendHttpSettingsCollection[0].servers.map(({ address, health }: Record<string, string>) => [
      address,
      health,
    ]);
  }

  it('sends what no cell claims to the maintenance backend', async () => {
    const { properties } = await read();
    expect(properties.urlPathMaps[0].properties.defaultBackendAddressPool.id).toBe(
      `${gateway}/backendAddressPools/maintenance-backend`,
    );
  });

  it('is updated by a whole PUT, which ends later and is served only then', async () => {
    const before = await read();
    const put = await arm('PUT', gateway, { body: await rerouted() });
    expect(put.status).toBe(200);
    expect(put.headers.get('retry-after')).toBe('2');
    expect(put.body.properties.provisioningState).toBe('Updating');
    expect(put.body.etag).not.toBe(before.etag);
    expect(azure.snapshot().regions[0]).toMatchObject({
      gateway: 'updating',
      cells: [{ servedBy: ['cell-banking'] }, {}, {}],
    });

    const operation = put.headers.get('azure-asyncoperation') ?? '';
    expect((await arm('GET', operation)).body).toEqual({ status: 'InProgress' });
    now += 5_000;
    expect((await arm('GET', operation)).body).toEqual({ status: 'Succeeded' });
    expect((await read()).properties.provisioningState).toBe('Succeeded');
    expect(azure.snapshot().regions[0]).toMatchObject({
      gateway: 'idle',
      cells: [{ servedBy: ['elsewhere.example'] }, {}, {}],
    });
  });

  it('says that a PUT of what is there changes nothing', async () => {
    await arm('PUT', gateway, { body: await read() });
    expect(azure.accepted.at(-1)).toMatchObject({ method: 'PUT', changed: false });
  });

  it('takes no second write while it is at work: it is locked, not throttled', async () => {
    const body = await rerouted();
    await arm('PUT', gateway, { body });
    const second = await arm('PUT', gateway, { body });
    expect(second).toMatchObject({ status: 429, body: { error: { code: 'RetryableErrorDueToAnotherOperation' } } });
    expect(second.headers.get('retry-after')).toBe('2');
  });

  it.each([
    ['the present etag', (etag: string) => etag, 200],
    ['any etag', () => '*', 200],
    ['an old etag', () => 'W/"00000000-0000-4000-8000-000000000000"', 412],
  ])('under If-Match with %s', async (_, ifMatch, status) => {
    const body = await rerouted();
    const answer = await arm('PUT', gateway, { body, headers: { 'if-match': ifMatch(body.etag) } });
    expect(answer.status).toBe(status);
    expect(azure.accepted).toHaveLength(status === 200 ? 1 : 0);
  });

  it('has another etag once somebody else changed a pool', async () => {
    const { etag } = await read();
    azure.faults.setPool('cell-banking', ['cell-banking-dr', '10.0.0.9']);
    const after = await read();
    expect(after.etag).not.toBe(etag);
    expect(pool(after, 'cell-banking-backend').properties.backendAddresses).toEqual([
      { fqdn: 'app-cell-banking-dr.redcliff-9d03b6c1.westus.azurecontainerapps.io' },
      { ipAddress: '10.0.0.9' },
    ]);
  });

  it('is as before after an update that failed', async () => {
    const before = azure.configuration();
    azure.faults.failOperation();
    const { headers } = await arm('PUT', gateway, { body: await rerouted() });
    now += 5_000;
    expect((await arm('GET', headers.get('azure-asyncoperation') ?? '')).body).toMatchObject({
      status: 'Failed',
      error: { code: expect.any(String), message: expect.any(String) },
    });
    expect((await read()).properties.provisioningState).toBe('Failed');
    expect(azure.configuration()).toEqual(before);
    expect((await arm('PUT', gateway, { body: await rerouted() })).status).toBe(200);
  });

  it('stays at work for ever while it hangs, and ends when it no longer does', async () => {
    azure.faults.gatewayHangs(true);
    const { headers } = await arm('PUT', gateway, { body: await rerouted() });
    now += 1_800_000;
    const operation = headers.get('azure-asyncoperation') ?? '';
    expect((await arm('GET', operation)).body.status).toBe('InProgress');
    azure.faults.gatewayHangs(false);
    expect((await arm('GET', operation)).body.status).toBe('Succeeded');
  });

  it('knows no operation that it did not begin', async () => {
    const at = `/subscriptions/${subscriptionId}/providers/Microsoft.Network/locations/eastus/operations/none`;
    expect(await arm('GET', at)).toMatchObject({ status: 404, body: { error: { code: 'OperationNotFound' } } });
  });

  it.each([
    ['nothing', () => ({}), 'InvalidRequestFormat'],
    [
      'no pools',
      (body: ArmAnswer['body']) => ({ ...body, properties: { ...body.properties, backendAddressPools: [] } }),
      'InvalidRequestFormat',
    ],
    [
      'a pool that a rule still needs left out',
      ({ properties, ...rest }: ArmAnswer['body']) => ({
        ...rest,
        properties: { ...properties, backendAddressPools: properties.backendAddressPools.slice(1) },
      }),
      'InvalidResourceReference',
    ],
    [
      'one pool twice',
      ({ properties, ...rest }: ArmAnswer['body']) => ({
        ...rest,
        properties: {
          ...properties,
          backendAddressPools: [...properties.backendAddressPools, properties.backendAddressPools[0]],
        },
      }),
      'InvalidRequestFormat',
    ],
    [
      'an address that is neither host nor IP',
      ({ properties, ...rest }: ArmAnswer['body']) => ({
        ...rest,
        properties: {
          ...properties,
          backendAddressPools: properties.backendAddressPools.map((one: { properties: object }) => ({
            ...one,
            properties: { backendAddresses: [{}] },
          })),
        },
      }),
      'ApplicationGatewayBackendAddressInvalid',
    ],
  ])('refuses a PUT with %s', async (_, broken, code) => {
    const before = await read();
    expect(await arm('PUT', gateway, { body: broken(before) })).toMatchObject({
      status: 400,
      body: { error: { code } },
    });
    expect((await read()).etag).toBe(before.etag);
  });

  it('tells the health of what it serves', async () => {
    const host = 'app-cell-banking.blueriver-4f1c2a7e.eastus.azurecontainerapps.io';
    expect(await health('cell-banking-backend')).toEqual([[host, 'Up']]);
    azure.faults.failCell('cell-banking');
    expect(await health('cell-banking-backend')).toEqual([[host, 'Down']]);
    azure.faults.healCell('cell-banking');
    azure.faults.setRevision('cell-banking', 'app-cell-banking--v41', false);
    now += 10_000;
    expect(await health('cell-banking-backend')).toEqual([[host, 'Down']]);
  });

  it('takes its time to tell the health, and says how long', async () => {
    const slow = await startRunningAzure({ now: () => now, backendHealthDelayMs: 2_000 });
    try {
      const ask = await armOf(slow);
      const asked = await ask('POST', `${gateway}/backendhealth`);
      expect([asked.status, asked.headers.get('retry-after')]).toEqual([202, '2']);
      const location = asked.headers.get('location') ?? '';
      expect((await ask('GET', location)).status).toBe(202);
      now += 2_000;
      expect((await ask('GET', location)).body.backendAddressPools).toHaveLength(4);
    } finally {
      await slow.close();
    }
  });
});
