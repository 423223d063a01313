import type { EstateState, GatewayState } from './estate-state.ts';
import { armError, type Call, type Reply } from './http.ts';
import { gatewayId, maintenance, regions } from './seed.ts';

export interface GatewayTrouble {
  delayMs: number;
  hangs: boolean;
  failNext: boolean;
}

interface PoolBody {
  name: string;
  properties?: { backendAddresses?: { fqdn?: string; ipAddress?: string }[] };
}

/** Operations by id: where a long-running write or question stands. */
const operations = new Map<string, { region: string; settlesAt: number; fails: boolean }>();
let serial = 0;

/**
 * Application gateways. Kept: a PUT replaces the whole resource and takes time (201 with Azure-AsyncOperation, then
 * Updating → Succeeded or Failed), a write meanwhile is 409/429 `AnotherOperationInProgress`, If-Match against the etag
 * (412), an etag that changes with every write, backend health as a POST that answers 202 with a Location
 * (PLATFORMS: “Azure Resource Manager”, “App Gateway”; If-Match is the network provider's documented behaviour for etags).
 */
export function gatewayRoutes(state: EstateState, trouble: GatewayTrouble) {
  const byPath = (path: string) =>
    regions.map(({ name }) => name).find((region) => path.toLowerCase().startsWith(gatewayId(region).toLowerCase()));

  return function handle(call: Call): (Reply & { changed?: boolean }) | undefined {
    const operation = /\/providers\/Microsoft\.Network\/locations\/\w+\/operations\/([\w-]+)$/i.exec(call.path)?.[1];
    if (operation) return status(operation);
    const health = /\/providers\/Microsoft\.Network\/locations\/(\w+)\/operationResults\/health$/i.exec(call.path)?.[1];
    if (health) return { status: 200, body: backendHealth(health) };
    const region = byPath(call.path);
    if (region === undefined) return undefined;
    const rest = call.path.slice(gatewayId(region).length).toLowerCase();
    if (rest === '/backendhealth' && call.method === 'POST') {
      return {
        status: 202,
        headers: {
          location: `${call.origin}/subscriptions/x/providers/Microsoft.Network/locations/${region}/operationResults/health?api-version=2024-05-01`,
          'retry-after': '0',
        },
      };
    }
    if (rest !== '') return armError(404, 'ResourceNotFound', 'The resource was not found.');
    if (call.method === 'GET') return { status: 200, body: resource(region) };
    return call.method === 'PUT' ? put(region, call) : armError(405, 'MethodNotAllowed', 'The method is not allowed.');
  };

  function put(region: string, call: Call): Reply & { changed?: boolean } {
    const gateway = state.gateway(region);
    if (gateway.pending)
      return armError(
        429,
        'RetryableErrorDueToAnotherOperation',
        'Operation PutApplicationGatewayOperation is in progress.',
        { 'retry-after': '1' },
      );
    const match = call.headers['if-match'];
    if (match !== undefined && match !== '*' && match !== etagOf(gateway))
      return armError(412, 'PreconditionFailed', 'The etag does not match.');
    const pools = (call.body as { properties?: { backendAddressPools?: PoolBody[] } } | undefined)?.properties
      ?.backendAddressPools;
    if (!Array.isArray(pools)) return armError(400, 'InvalidRequestFormat', 'backendAddressPools is required.');
    const wanted = new Map(
      pools.filter(({ name }) => name !== 'maintenance-backend').map((pool) => [pool.name, addressesOf(pool)]),
    );
    const changed = JSON.stringify([...wanted].sort()) !== JSON.stringify([...gateway.pools].sort());
    const operation = `op-${++serial}`;
    gateway.pending = wanted;
    gateway.failsAtEnd = trouble.failNext;
    gateway.settlesAt = trouble.hangs ? Number.POSITIVE_INFINITY : state.now() + trouble.delayMs;
    gateway.etag += 1;
    operations.set(operation, { region, settlesAt: gateway.settlesAt, fails: trouble.failNext });
    trouble.failNext = false;
    state.changed();
    if (Number.isFinite(gateway.settlesAt)) setTimeout(() => state.changed(), trouble.delayMs + 20).unref();
    const url = `${call.origin}/subscriptions/x/providers/Microsoft.Network/locations/${region}/operations/${operation}?api-version=2024-05-01`;
    return {
      status: 200,
      changed,
      body: resource(region),
      headers: { 'azure-asyncoperation': url, 'retry-after': '0' },
    };
  }

  function status(operation: string): Reply {
    const known = operations.get(operation);
    if (!known) return armError(404, 'OperationNotFound', 'The operation was not found.');
    const gateway = state.gateway(known.region);
    if (gateway.pending || state.now() < known.settlesAt)
      return { status: 200, body: { status: 'InProgress' }, headers: { 'retry-after': '0' } };
    if (known.fails)
      return {
        status: 200,
        body: {
          status: 'Failed',
          error: { code: 'InternalServerError', message: 'The gateway could not be updated.' },
        },
      };
    return { status: 200, body: { status: 'Succeeded' } };
  }

  function resource(region: string) {
    const gateway = state.gateway(region);
    const id = gatewayId(region);
    const pools = [...gateway.pools, ['maintenance-backend', [maintenance]] as [string, string[]]];
    const pool = (name: string) => ({ id: `${id}/backendAddressPools/${name}` });
    return {
      id,
      name: 'agw-stamps',
      type: 'Microsoft.Network/applicationGateways',
      location: region,
      etag: etagOf(gateway),
      zones: ['1', '2', '3'],
      tags: { estate: 'stamps' },
      properties: {
        provisioningState: gateway.pending ? 'Updating' : gateway.failsAtEnd ? 'Failed' : 'Succeeded',
        operationalState: 'Running',
        sku: { name: 'WAF_v2', tier: 'WAF_v2' },
        backendAddressPools: pools.map(([name, addresses]) => ({
          name,
          ...pool(name),
          properties: {
            backendAddresses: addresses.map((address) =>
              /^[\d.]+$/.test(address) ? { ipAddress: address } : { fqdn: address },
            ),
          },
        })),
        urlPathMaps: [
          {
            name: 'tenants',
            properties: {
              defaultBackendAddressPool: pool('maintenance-backend'),
              pathRules: [...gateway.pools.keys()].map((name) => ({
                name,
                properties: { paths: [`/${name}/*`], backendAddressPool: pool(name) },
              })),
            },
          },
        ],
        requestRoutingRules: [
          {
            name: 'all',
            properties: { ruleType: 'PathBasedRouting', urlPathMap: { id: `${id}/urlPathMaps/tenants` } },
          },
        ],
      },
    };
  }

  function backendHealth(region: string) {
    const gateway = state.gateway(region);
    return {
      backendAddressPools: [...gateway.pools].map(([name, addresses]) => ({
        backendAddressPool: { id: `${gatewayId(region)}/backendAddressPools/${name}` },
        backendHttpSettingsCollection: [
          {
            servers: addresses.map((address) => {
              const target = state.byAddress(address);
              return { address, health: !target || state.healthy(target) ? 'Up' : 'Down' };
            }),
          },
        ],
      })),
    };
  }
}

function etagOf({ etag }: GatewayState): string {
  return `W/"${etag}"`;
}

function addressesOf({ properties }: PoolBody): string[] {
  return (properties?.backendAddresses ?? []).flatMap(({ fqdn, ipAddress }) => fqdn ?? ipAddress ?? []);
}
