import {
  gatewayId,
  never,
  poolId,
  type ScriptedAzure,
  startScriptedAzure,
  steppingClock,
  type Told,
} from './scripted-azure.ts';

const ref = { kind: 'gateway-pool', id: poolId };

/** With what a generic model of the SDK would lose or reorder: zones, an identity, fields that nobody knows. */
function gateway(changes: { etag?: string; state?: string; addresses?: object[] } = {}) {
  return {
    name: 'agw-stamps',
    id: gatewayId,
    etag: changes.etag ?? 'W/"1"',
    type: 'Microsoft.Network/applicationGateways',
    location: 'eastus',
    zones: ['1', '2', '3'],
    future: { nested: [1.5, null, { deep: true }] },
    identity: { type: 'UserAssigned', userAssignedIdentities: { [`${gatewayId}-id`]: {} } },
    properties: {
      sku: { name: 'WAF_v2', tier: 'WAF_v2', family: 'Generation_1' },
      provisioningState: changes.state ?? 'Succeeded',
      backendAddressPools: [
        {
          name: 'other-backend',
          id: `${gatewayId}/backendAddressPools/other-backend`,
          properties: { backendAddresses: [{ fqdn: 'other.example' }] },
        },
        {
          name: 'Cell-A-backend',
          id: poolId,
          etag: 'W/"1"',
          properties: {
            provisioningState: 'Succeeded',
            backendAddresses: changes.addresses ?? [{ fqdn: 'b.example' }, { ipAddress: '10.0.0.4' }],
            requestRoutingRules: [{ id: `${gatewayId}/requestRoutingRules/r` }],
          },
        },
      ],
      httpListeners: [{ name: 'web', properties: { protocol: 'Https', hostNames: [] } }],
      requestRoutingRules: [
        {
          name: 'r',
          properties: {
            ruleType: 'Basic',
            httpListener: { id: `${gatewayId}/httpListeners/web` },
            backendAddressPool: { id: poolId },
          },
        },
      ],
    },
  };
}

describe('gateway pools', () => {
  let azure: ScriptedAzure;
  beforeAll(async () => {
    azure = await startScriptedAzure();
  });
  afterAll(() => azure.close());

  const tell = (...answers: Told[]) => azure.tell(...answers);
  const client = () => azure.client().gateways;
  const last = () => azure.asked.at(-1);

  it('reads addresses, sorted, and the ETag', async () => {
    tell({ body: gateway() });
    await expect(client().read(ref, never)).resolves.toEqual({
      state: { addresses: ['10.0.0.4', 'b.example'] },
      busy: false,
      etag: 'W/"1"',
    });
    expect(last()).toMatchObject({ method: 'GET', path: gatewayId, headers: { authorization: 'Bearer token' } });
  });

  it.each(['Updating', 'Deleting', 'SomethingNew'])('is busy while %s', async (state) => {
    tell({ body: gateway({ state }) });
    await expect(client().read(ref, never)).resolves.toMatchObject({ busy: true });
  });

  it.each(['Succeeded', 'Failed', 'Canceled'])('is free when %s', async (state) => {
    tell({ body: gateway({ state }) });
    await expect(client().read(ref, never)).resolves.toMatchObject({ busy: false });
  });

  it('tells that a pool, or its gateway, is not there', async () => {
    tell({ body: gateway() });
    await expect(
      client().read({ ...ref, id: `${gatewayId}/backendAddressPools/nobody` }, never),
    ).resolves.toMatchObject({ state: null });
    tell({ status: 404, body: { error: { code: 'ResourceNotFound', message: 'It is not there.' } } });
    await expect(client().read(ref, never)).resolves.toEqual({ state: null });
  });

  it('writes the whole gateway as it was, but for the addresses of the pool', async () => {
    const before = gateway();
    tell(
      { body: before },
      { status: 201, body: before, headers: { 'azure-asyncoperation': `${azure.url}/operations/1` } },
    );
    const receipt = await client().write(
      ref,
      { addresses: ['Maintenance.example', '10.1.0.4'] },
      { etag: 'W/"1"', signal: never, runId: 'r' },
    );
    expect(receipt).toEqual({ operation: JSON.stringify({ via: 'status', url: `${azure.url}/operations/1` }) });

    const expected = gateway({ addresses: [{ ipAddress: '10.1.0.4' }, { fqdn: 'maintenance.example' }] });
    expect(last()).toMatchObject({ method: 'PUT', path: gatewayId, headers: { 'if-match': 'W/"1"' } });
    expect(last()?.body).toBe(JSON.stringify(expected));
  });

  it('is done at once when Azure says so', async () => {
    tell({ body: gateway() });
    await expect(
      client().write(ref, { addresses: ['c.example'] }, { etag: 'W/"1"', signal: never, runId: 'r' }),
    ).resolves.toEqual({});
  });

  it('does not write over a change that it sees', async () => {
    tell({ body: gateway({ etag: 'W/"2"' }) });
    await expect(
      client().write(ref, { addresses: ['c.example'] }, { etag: 'W/"1"', signal: never, runId: 'r' }),
    ).rejects.toMatchObject({
      code: 'precondition-failed',
    });
    expect(azure.asked.map(({ method }) => method)).toEqual(['GET']);
  });

  it.each<[number, string, string]>([
    [412, 'PreconditionFailed', 'precondition-failed'],
    [409, 'AnotherOperationInProgress', 'conflict'],
    [429, 'RetryableErrorDueToAnotherOperation', 'conflict'],
    [429, 'TooManyRequests', 'throttled'],
    [503, 'ServiceUnavailable', 'unavailable'],
  ])('sends a write that is answered with %d %s once', async (status, code, ours) => {
    tell({ body: gateway() }, { status, body: { error: { code, message: 'No.' } }, headers: { 'retry-after': '1' } });
    await expect(
      client().write(ref, { addresses: ['c.example'] }, { etag: 'W/"1"', signal: never, runId: 'r' }),
    ).rejects.toMatchObject({
      code: ours,
      retryAfterMs: 1_000,
    });
    expect(azure.asked.filter(({ method }) => method === 'PUT')).toHaveLength(1);
  });

  it('sends a write whose answer is lost once', async () => {
    tell({ body: gateway() }, { answer: 'lost' });
    await expect(
      client().write(ref, { addresses: ['c.example'] }, { signal: never, runId: 'r' }),
    ).rejects.toMatchObject({ transient: true });
    expect(azure.asked.filter(({ method }) => method === 'PUT')).toHaveLength(1);
  });

  it('gives up a write at its deadline', async () => {
    tell({ body: gateway() }, { answer: 'never' });
    const { gateways } = azure.client({ deadlineMs: 300 });
    await expect(
      gateways.write(ref, { addresses: ['c.example'] }, { signal: never, runId: 'r' }),
    ).rejects.toMatchObject({ code: 'timeout' });
  });

  it.each<[string, { addresses: string[] } | null]>([
    ['no pool', null],
    ['an empty pool', { addresses: [] }],
  ])('refuses to leave %s', async (_name, to) => {
    tell({ body: gateway() });
    await expect(client().write(ref, to, { signal: never, runId: 'r' })).rejects.toMatchObject({ code: 'refused' });
    expect(azure.asked).toEqual([]);
  });

  it('refuses what is no address', async () => {
    tell({ body: gateway() });
    await expect(client().write(ref, { addresses: ['a b'] }, { signal: never, runId: 'r' })).rejects.toMatchObject({
      code: 'bad-input',
    });
  });

  it.each<[string, Told]>([
    ['JSON that breaks off', { body: '{"properties":' }],
    ['a page of HTML', { body: '<html>sign in</html>' }],
    ['JSON of another shape', { body: { properties: { backendAddressPools: 'none' } } }],
    ['nothing', {}],
    ['a redirect to another host', { status: 302, headers: { location: 'https://evil.example/' } }],
  ])('calls %s an answer that makes no sense', async (_name, told) => {
    tell(told);
    await expect(client().read(ref, never)).rejects.toMatchObject({ code: 'bad-response' });
  });

  it('follows an operation from its receipt in another process', async () => {
    tell({ body: gateway() }, { status: 201, headers: { 'azure-asyncoperation': `${azure.url}/operations/1?t=%2F` } });
    const { operation = '' } = await client().write(ref, { addresses: ['c.example'] }, { signal: never, runId: 'r' });
    tell({ body: { status: 'InProgress' }, headers: { 'retry-after': '3' } }, { body: { status: 'Succeeded' } });
    const other = azure.client().gateways;
    await expect(other.poll?.(operation, never)).resolves.toEqual({ state: 'running', retryAfterMs: 3_000 });
    await expect(other.poll?.(operation, never)).resolves.toEqual({ state: 'succeeded' });
    expect(last()).toMatchObject({ path: '/operations/1' });
  });

  it('says that Azure has forgotten an operation', async () => {
    tell({ status: 404 });
    await expect(
      client().poll?.(JSON.stringify({ via: 'status', url: `${azure.url}/gone` }), never),
    ).rejects.toMatchObject({ code: 'not-found' });
  });

  it('takes its token to no other host', async () => {
    tell({});
    const elsewhere = JSON.stringify({ via: 'status', url: azure.url.replace('localhost', '127.0.0.1') });
    await expect(client().poll?.(elsewhere, never)).rejects.toMatchObject({ code: 'bad-response' });
    expect(azure.asked).toEqual([]);
  });

  describe('backend health', () => {
    const health = (...servers: { address: string; health: string }[][]) => ({
      backendAddressPools: [
        {
          backendAddressPool: { id: poolId.toUpperCase() },
          backendHttpSettingsCollection: servers.map((of) => ({ servers: of })),
        },
      ],
    });

    it('is asked for and waited for', async () => {
      const clock = steppingClock();
      tell(
        { status: 202, headers: { location: `${azure.url}/results/1`, 'retry-after': '2' } },
        { status: 202 },
        {
          body: health(
            [{ address: 'b.example', health: 'Up' }],
            [
              { address: 'b.example', health: 'Down' },
              { address: 'a.example', health: 'Odd' },
            ],
          ),
        },
      );
      await expect(azure.client({ clock }).gateways.backendHealth(poolId, never)).resolves.toEqual([
        { address: 'a.example', health: 'Unknown' },
        { address: 'b.example', health: 'Down' },
      ]);
      expect(azure.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
        `POST ${gatewayId}/backendhealth`,
        'GET /results/1',
        'GET /results/1',
      ]);
      expect(clock.slept).toEqual([2_000, 1_000]);
    });

    it('is given up after a minute', async () => {
      tell({ status: 202, headers: { location: `${azure.url}/results/1`, 'retry-after': '25' } });
      await expect(
        azure.client({ clock: steppingClock() }).gateways.backendHealth(poolId, never),
      ).rejects.toMatchObject({ code: 'timeout' });
    });

    it('lacks until every address is up', async () => {
      const pending = () => client().pending?.(ref, { addresses: ['A.example', 'b.example'] }, never);
      tell({ body: health([{ address: 'a.example', health: 'Up' }]) });
      await expect(pending()).resolves.toBe('b.example is Unknown');
      tell({
        body: health([
          { address: 'a.example', health: 'Down' },
          { address: 'b.example', health: 'Up' },
        ]),
      });
      await expect(pending()).resolves.toBe('A.example is Down');
      tell({
        body: health([
          { address: 'a.example', health: 'Up' },
          { address: 'b.example', health: 'Up' },
        ]),
      });
      await expect(pending()).resolves.toBeNull();
    });
  });

  it('compares addresses whatever their order and case, and tells the difference in a line', () => {
    const { equals, describe: line } = client();
    expect(equals({ addresses: ['b', 'A'] }, { addresses: ['a', 'B'] })).toBe(true);
    expect(equals({ addresses: ['a'] }, { addresses: ['a', 'b'] })).toBe(false);
    expect(equals(null, null)).toBe(true);
    expect(equals(null, { addresses: [] })).toBe(false);
    expect(line({ addresses: ['10.0.0.4'] }, { addresses: ['10.1.0.4'] })).toBe('backends: 10.0.0.4 → 10.1.0.4');
    expect(line(null, { addresses: [] })).toBe('backends: no such pool → none');
  });

  it('lists all pools of a gateway by one question', async () => {
    tell({ body: gateway() });
    const pools = await client().poolsOf(gatewayId, never);
    expect(pools.get('cell-a-backend')).toEqual({ addresses: ['10.0.0.4', 'b.example'] });
    tell({ status: 404 });
    await expect(client().poolsOf(gatewayId, never)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('knows its default pools', async () => {
    tell({ body: gateway() });
    await expect(client().defaultPools(gatewayId, never)).resolves.toEqual(['cell-a-backend']);
    tell({ status: 404 });
    await expect(client().defaultPools(gatewayId, never)).rejects.toMatchObject({ code: 'not-found' });
  });
});
