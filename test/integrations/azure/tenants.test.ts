import {
  type Asked,
  never,
  type ScriptedAzure,
  startScriptedAzure,
  steppingClock,
  type Told,
} from './scripted-azure.ts';

/** As much of Cosmos as a query needs; `documents` answers the query itself. */
function cosmos(url: string, documents: (request: Asked) => Told) {
  const locations = [{ name: 'East US', databaseAccountEndpoint: `${url}/` }];
  const account = {
    id: 'account',
    writableLocations: locations,
    readableLocations: locations,
    userConsistencyPolicy: { defaultConsistencyLevel: 'Session' },
  };
  const plan = {
    partitionedQueryExecutionInfoVersion: 2,
    queryInfo: {
      distinctType: 'None',
      orderBy: [],
      orderByExpressions: [],
      groupByExpressions: [],
      aggregates: [],
      rewrittenQuery: '',
    },
    queryRanges: [{ min: '', max: 'FF', isMinInclusive: true, isMaxInclusive: false }],
  };
  return (request: Asked): Told => {
    if (request.path === '/') return { body: account };
    return request.headers['x-ms-cosmos-is-query-plan-request'] ? { body: plan } : documents(request);
  };
}

describe('tenants', () => {
  let azure: ScriptedAzure;
  beforeAll(async () => {
    azure = await startScriptedAzure();
  });
  afterAll(() => azure.close());

  const tell = (documents: (request: Asked) => Told) => azure.tell(cosmos(azure.url, documents));
  const tenants = (cell = 'cell-a') => azure.client().tenants.onCell(cell, never);
  const page = (...Documents: object[]): Told => ({ body: { _rid: 'x', Documents, _count: Documents.length } });
  const queries = () => azure.asked.filter(({ headers }) => headers['x-ms-documentdb-isquery']);

  const whole = {
    tenantId: 't1',
    cellName: 'cell-a',
    region: 'eastus',
    tenantTier: 'enterprise',
    slaLevel: '99.99',
    complianceRequirements: ['PCI-DSS'],
    status: 'active',
  };

  it('reads them in our words, and counts a record with gaps too', async () => {
    tell(() => page(whole, { tenantId: 't2', cellName: 'cell-a', slaLevel: 99.9, complianceRequirements: null }));
    await expect(tenants()).resolves.toEqual([
      {
        tenantId: 't1',
        cell: 'cell-a',
        region: 'eastus',
        tier: 'enterprise',
        sla: '99.99',
        compliance: ['PCI-DSS'],
        status: 'active',
      },
      {
        tenantId: 't2',
        cell: 'cell-a',
        region: 'unknown',
        tier: 'unknown',
        sla: '99.9',
        compliance: [],
        status: 'active',
      },
    ]);
  });

  it('reads all pages', async () => {
    tell(({ headers }) =>
      headers['x-ms-continuation']
        ? page({ ...whole, tenantId: 't2' })
        : { ...page(whole), headers: { 'x-ms-continuation': 'more' } },
    );
    expect((await tenants()).map(({ tenantId }) => tenantId)).toEqual(['t1', 't2']);
  });

  it('hands the cell’s name over as a parameter, across all partitions', async () => {
    tell(() => page());
    const hostile = "cell' OR 1=1 --";
    await tenants(hostile);
    const [query] = queries();
    expect(JSON.parse(query?.body ?? '')).toEqual({
      query: expect.stringContaining('c.cellName = @cell'),
      parameters: [{ name: '@cell', value: hostile }],
    });
    expect(query).toMatchObject({ method: 'POST', path: '/dbs/globaldb/colls/tenants/docs' });
    expect(query?.headers['x-ms-documentdb-query-enablecrosspartition']).toBe('true');
    expect(query?.headers.authorization).toBe('type=aad&ver=1.0&sig=token');
  });

  it('counts a record with gaps too, over the pages of a partition', async () => {
    const group = (payload: object) => ({ groupByItems: [payload], payload: { ...payload, n: { item: 2 } } });
    const plan = {
      partitionedQueryExecutionInfoVersion: 2,
      queryInfo: {
        distinctType: 'None',
        orderBy: [],
        orderByExpressions: [],
        groupByExpressions: ['c.cellName'],
        groupByAliases: ['cellName', 'slaLevel', 'n'],
        groupByAliasToAggregateType: { cellName: null, slaLevel: null, n: 'Count' },
        aggregates: [],
        rewrittenQuery: 'rewritten',
      },
      queryRanges: [{ min: '', max: 'FF', isMinInclusive: true, isMaxInclusive: false }],
    };
    const ranges = { PartitionKeyRanges: [{ id: '0', minInclusive: '', maxExclusive: 'FF', parents: [] }] };
    const answers = cosmos(azure.url, ({ path, headers }) => {
      if (path.endsWith('/pkranges')) return { body: ranges };
      if (!path.endsWith('/docs')) return { body: { id: 'tenants', _rid: 'x' } };
      if (headers['x-ms-continuation']) return page(group({ cellName: 'cell-a', slaLevel: 99.9 }), group({}));
      return { ...page(group({ cellName: 'cell-a', slaLevel: 99.9 })), headers: { 'x-ms-continuation': 'more' } };
    });
    azure.tell((request) => (request.headers['x-ms-cosmos-is-query-plan-request'] ? { body: plan } : answers(request)));
    await expect(azure.client().tenants.counts(never)).resolves.toEqual([
      { cell: 'cell-a', tier: 'unknown', sla: '99.9', status: 'active', count: 4 },
      { cell: '', tier: 'unknown', sla: 'none', status: 'active', count: 2 },
    ]);
  });

  it.each<[Told, string]>([
    [{ status: 403, body: { code: 'Forbidden', message: 'The identity may not read.' } }, 'not-allowed'],
    [{ status: 404, body: { code: 'NotFound', message: 'No such container.' } }, 'not-found'],
    [
      {
        status: 429,
        body: { code: '429', message: 'Request rate is large.' },
        headers: { 'x-ms-retry-after-ms': '9000' },
      },
      'throttled',
    ],
    [{ body: '{' }, 'bad-response'],
    [page({ tenantId: 7 }), 'bad-response'],
  ])('tells that %j is %s', async (told, code) => {
    tell(() => told);
    await expect(azure.client({ clock: steppingClock() }).tenants.onCell('cell-a', never)).rejects.toMatchObject({
      code,
      service: 'Azure',
    });
  });

  it('gives up at its deadline', async () => {
    tell(() => ({ answer: 'never' }));
    await expect(azure.client({ deadlineMs: 300 }).tenants.onCell('cell-a', never)).rejects.toMatchObject({
      code: 'timeout',
    });
  });
});
