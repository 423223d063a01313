import { armError, type Call, type Reply } from './http.ts';
import { tenants } from './seed.ts';

const container = '/dbs/globaldb/colls/tenants';
const rid = 'stamps==';

/**
 * As much of Cosmos (SQL API) as a parameterised read over all partitions needs: the account, the container, its one
 * partition range, the query plan and the query (request and answer shapes: @azure/cosmos 4.9). Kept: a token in every
 * request, `partitionKey` /tenantId, no write.
 */
export function cosmosReply(call: Call): Reply {
  const endpoint = { name: 'East US', databaseAccountEndpoint: `${call.origin}/` };
  if (call.method === 'GET' && call.path === '/') {
    return {
      status: 200,
      body: {
        id: 'cosmos-global-stamps',
        _rid: rid,
        writableLocations: [endpoint],
        readableLocations: [endpoint],
        enableMultipleWriteLocations: false,
        userConsistencyPolicy: { defaultConsistencyLevel: 'Session' },
      },
    };
  }
  if (call.method === 'GET' && call.path === container) {
    return {
      status: 200,
      body: {
        id: 'tenants',
        _rid: rid,
        _self: container,
        partitionKey: { paths: ['/tenantId'], kind: 'Hash', version: 2 },
      },
    };
  }
  if (call.method === 'GET' && call.path === `${container}/pkranges`) {
    return {
      status: 200,
      body: {
        _rid: rid,
        _count: 1,
        PartitionKeyRanges: [
          {
            id: '0',
            _rid: rid,
            minInclusive: '',
            maxExclusive: 'FF',
            ridPrefix: 0,
            throughputFraction: 1,
            status: 'online',
            parents: [],
          },
        ],
      },
    };
  }
  if (call.method === 'POST' && call.path === `${container}/docs`) {
    if (String(call.headers['x-ms-cosmos-is-query-plan-request']).toLowerCase() === 'true')
      return { status: 200, body: plan };
    return query(call.body as { query?: string; parameters?: { name: string; value: unknown }[] });
  }
  return armError(404, 'NotFound', 'Resource Not Found.');
}

const plan = {
  partitionedQueryExecutionInfoVersion: 2,
  queryInfo: {
    distinctType: 'None',
    top: null,
    offset: null,
    limit: null,
    orderBy: [],
    orderByExpressions: [],
    groupByExpressions: [],
    groupByAliases: [],
    aggregates: [],
    groupByAliasToAggregateType: {},
    rewrittenQuery: '',
    hasSelectValue: false,
  },
  queryRanges: [{ min: '', max: 'FF', isMinInclusive: true, isMaxInclusive: false }],
};

/** The one shape of query that is understood: equality of one field with one parameter; anything else is refused. */
function query({
  query: text = '',
  parameters = [],
}: {
  query?: string;
  parameters?: { name: string; value: unknown }[];
}): Reply {
  const match = /WHERE\s+c\.(\w+)\s*=\s*(@\w+)\s*$/i.exec(text.trim());
  const parameter = match && parameters.find(({ name }) => name === match[2]);
  if (!match || !parameter)
    return {
      status: 400,
      body: { code: 'BadRequest', message: 'Syntax error: this emulator understands WHERE c.<field> = @<name> only.' },
    };
  const found = tenants.filter((tenant) => tenant[match[1] as keyof typeof tenant] === parameter.value);
  return {
    status: 200,
    headers: { 'x-ms-request-charge': '2.8', 'x-ms-item-count': String(found.length) },
    body: { _rid: rid, Documents: found, _count: found.length },
  };
}
