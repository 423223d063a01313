/**
 * Cosmos DB for NoSQL over its gateway, as far as `globaldb/tenants` is read. Rules kept: Entra tokens as
 * `type=aad&ver=1.0&sig=<token>` (401); account, container and partition key ranges as @azure/cosmos 4.9 asks for
 * them; a simple query over all partitions is answered by the gateway itself when the client allows it
 * (x-ms-documentdb-query-enablecrosspartition; else 400), or range by range after the query plan, if the client wants
 * that (queryIterator.ts, `forceQueryPlan`; x-ms-cosmos-is-query-plan-request); GROUP BY is never answered over all
 * partitions at once (400 with the plan as additionalErrorInfo), and planned only for a client that says it can group
 * (x-ms-cosmos-supported-query-features), which then asks each range the rewritten query; pages of x-ms-max-item-count with
 * x-ms-continuation; point reads by id and partition key. Nothing can be written yet: 405.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { ArmFault } from './arm-fault.ts';
import { planOf } from './cosmos-plan.ts';
import { isGrouped, runQuery } from './cosmos-query.ts';
import { fraction } from './demand.ts';
import type { Estate } from './estate.ts';
import type { Identity } from './identity.ts';
import type { Call, Handler, Reply } from './json-server.ts';
import type { TenantRecord } from './tenants.ts';

const accountName = 'cosmos-global-stamps';
export const database = 'globaldb';
export const container = 'tenants';
const collection = `/dbs/${database}/colls/${container}`;
const audience = 'https://cosmos.azure.com';
const rid = 'AbCdAOeTenA=';

/** Two physical partitions, so that a query really has to be asked of each. */
const ranges = [
  { id: '0', minInclusive: '', maxExclusive: '1FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF' },
  { id: '1', minInclusive: '1FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF', maxExclusive: 'FF' },
];

const querySchema = z.object({
  query: z.string(),
  parameters: z.array(z.object({ name: z.string(), value: z.unknown() })).optional(),
});

export function createCosmosHandler({ estate, identity }: { estate: Estate; identity: Identity }): Handler {
  return (call) => {
    const headers = { 'x-ms-activity-id': randomUUID(), 'x-ms-request-charge': '2.83', 'x-ms-session-token': '0:-1#1' };
    try {
      authenticate(identity, call);
      const reply = answer(estate, call);
      return { ...reply, headers: { ...headers, ...reply.headers } };
    } catch (error) {
      if (!(error instanceof ArmFault)) throw error;
      return { status: error.status, headers, body: { code: error.code, message: error.message } };
    }
  };
}

function authenticate(identity: Identity, { headers, origin }: Call): void {
  const [, token] = /^type=aad&ver=1\.0&sig=(.+)$/.exec(decodeURIComponent(headers.authorization ?? '')) ?? [];
  const problem = identity.check(token, [audience, origin]);
  if (problem) throw new ArmFault(401, 'Unauthorized', problem.message);
}

function answer(estate: Estate, call: Call): Reply {
  const path = decodeURIComponent(call.url.pathname).replace(/\/+$/, '');
  const documents = estate.tenants.map(({ record }) => record);
  if (call.method === 'POST' && path === `${collection}/docs`) return query(documents, call);
  if (call.method !== 'GET')
    throw new ArmFault(405, 'MethodNotAllowed', 'The emulator’s registry of tenants can only be read.');
  if (path === '') return { status: 200, body: account(call.origin) };
  if (path === `/dbs/${database}`)
    return { status: 200, body: { id: database, _rid: 'AbCdAA==', _self: 'dbs/AbCdAA==/' } };
  if (path === collection) {
    const partitionKey = { paths: ['/tenantId'], kind: 'Hash', version: 2 };
    return { status: 200, body: { id: container, _rid: rid, _self: `dbs/AbCdAA==/colls/${rid}/`, partitionKey } };
  }
  if (path === `${collection}/pkranges`) {
    return {
      status: 200,
      body: {
        _rid: rid,
        PartitionKeyRanges: ranges.map((range) => ({ ...range, _rid: rid, parents: [] })),
        _count: ranges.length,
      },
    };
  }
  const [, id] = new RegExp(`^${collection}/docs/([^/]+)$`).exec(path) ?? [];
  const found = documents.find((document) => document.id === id && partitionKeyOf(call) === document.tenantId);
  if (!found) throw new ArmFault(404, 'NotFound', 'Entity with the specified id does not exist in the system.');
  return { status: 200, body: dressed(found), headers: { etag: dressed(found)._etag } };
}

function query(documents: readonly TenantRecord[], call: Call): Reply {
  const { data } = querySchema.safeParse(call.body);
  if (!data) throw new ArmFault(400, 'BadRequest', 'The body must be a query.');
  const asked = { query: data.query, parameters: (data.parameters ?? []) as { name: string; value: unknown }[] };
  if (call.headers['x-ms-cosmos-is-query-plan-request'] !== undefined) {
    runQuery(asked, []);
    return { status: 200, body: planOf(asked.query, String(call.headers['x-ms-cosmos-supported-query-features'])) };
  }
  const key = partitionKeyOf(call);
  const range = call.headers['x-ms-documentdb-partitionkeyrangeid'];
  const everywhere = String(call.headers['x-ms-documentdb-query-enablecrosspartition']).toLowerCase() === 'true';
  if (key === undefined && range === undefined && !everywhere) {
    throw new ArmFault(
      400,
      'BadRequest',
      'Cross partition query is required but disabled. Name a partition key range or a partition key.',
    );
  }
  if (key === undefined && range === undefined && isGrouped(asked.query)) {
    const message = 'Cross partition query only supports simple aggregates here: ask each range by the query plan.';
    return {
      status: 400,
      body: { code: 'BadRequest', message, additionalErrorInfo: JSON.stringify(planOf(asked.query, 'GroupBy')) },
    };
  }
  const reached = documents.filter(
    ({ tenantId }) => (key === undefined || tenantId === key) && (range === undefined || rangeOf(tenantId) === range),
  );
  const results = runQuery(asked, reached.map(dressed));
  const from = Number(call.headers['x-ms-continuation'] ?? 0);
  const size = Number(call.headers['x-ms-max-item-count'] ?? 100);
  const page = results.slice(from, size < 1 ? undefined : from + size);
  const next = from + page.length;
  return {
    status: 200,
    headers: {
      'x-ms-item-count': String(page.length),
      ...(next < results.length && { 'x-ms-continuation': String(next) }),
    },
    body: { _rid: rid, Documents: page, _count: page.length },
  };
}

function rangeOf(tenantId: string): string {
  return fraction(tenantId) < 0.5 ? '0' : '1';
}

function partitionKeyOf({ headers }: Call): string | undefined {
  const header = headers['x-ms-documentdb-partitionkey'];
  if (typeof header !== 'string') return undefined;
  const parsed = z.tuple([z.string()]).safeParse(JSON.parse(header));
  return parsed.data?.[0];
}

/** With the fields that Cosmos adds. */
function dressed(record: TenantRecord) {
  const hash = Math.floor(fraction(record.id) * 2 ** 32)
    .toString(16)
    .padStart(8, '0');
  return {
    ...record,
    _rid: `${rid}${hash}`,
    _self: `dbs/AbCdAA==/colls/${rid}/docs/${hash}/`,
    _etag: `"${hash}-0000-0100-0000-000000000000"`,
    _attachments: 'attachments/',
    _ts: Date.parse(record.createdDate) / 1000,
  };
}

function account(origin: string) {
  const location = (name: string) => ({ name, databaseAccountEndpoint: `${origin}/` });
  return {
    _self: '',
    id: accountName,
    _rid: `${accountName}.documents.azure.com`,
    _dbs: '//dbs/',
    writableLocations: [location('East US')],
    readableLocations: [location('East US')],
    enableMultipleWriteLocations: false,
    userReplicationPolicy: { asyncReplication: false, minReplicaSetSize: 3, maxReplicasetSize: 4 },
    userConsistencyPolicy: { defaultConsistencyLevel: 'Session' },
    systemReplicationPolicy: { minReplicaSetSize: 3, maxReplicasetSize: 4 },
    readPolicy: { primaryReadCoefficient: 1, secondaryReadCoefficient: 1 },
    queryEngineConfiguration: '{}',
  };
}
