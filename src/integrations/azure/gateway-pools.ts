import { isIP } from 'node:net';
import { OpsError } from '../../errors.ts';
import type { GatewayPort, PoolState } from '../../ports/azure.ts';
import { type Gateway, gatewayApiVersion, poolName, poolType, readGateway } from './application-gateway.ts';
import type { AzureContext } from './azure-context.ts';
import { readBackendHealth, readHealthOfPools } from './backend-health.ts';
import { defaultPoolsOf } from './default-pools.ts';
import { isTerminal, operationOf, pollOperation } from './operation.ts';
import { parseArmId } from './parse-arm-id.ts';
import { azureError } from './translate-error.ts';

const hostName = /^(?=.{1,253}$)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*$/i;

/** Backend pools of Application Gateways. A gateway is one resource: a write sends all of it, as read, with one pool changed. */
export function createGatewayPools(azure: AzureContext): GatewayPort {
  const { arm, call, clock } = azure;

  return {
    kind: 'gateway-pool',
    equals: (a, b) => (a && b ? sorted(a.addresses).join() === sorted(b.addresses).join() : a === b),
    describe: (before, after) => `backends: ${listed(before)} → ${listed(after)}`,

    async read(ref, signal) {
      const id = parseArmId(ref.id, poolType);
      const answer = await readGateway(azure, id.root, signal);
      if (!answer) return { state: null };
      const { gateway, etag } = answer;
      const index = poolIndex(gateway, poolName(id));
      return {
        state: index < 0 ? null : { addresses: addressesAt(gateway, index) },
        busy: !isTerminal(gateway.properties.provisioningState),
        ...(etag !== undefined && { etag }),
      };
    },

    async write(ref, to, { etag, signal }) {
      const id = parseArmId(ref.id, poolType);
      const what = `write the pool ${poolName(id)} of the gateway ${id.names[0]}`;
      const addresses = checked(to);
      const answer = await readGateway(azure, id.root, signal);
      const index = answer ? poolIndex(answer.gateway, poolName(id)) : -1;
      if (!answer || index < 0) throw azureError('not-found', what);
      // Seen here already when it changed since the engine compared; If-Match guards the time until the PUT arrives.
      if (etag !== undefined && etag !== answer.etag) throw azureError('precondition-failed', what);
      const body = withAddresses(answer.raw, index, addresses);
      const resource = { path: id.root, apiVersion: gatewayApiVersion };
      return call.write(what, signal, async (signal) => {
        const accepted = await arm.send({ method: 'PUT', ...resource, body, etag: answer.etag }, signal);
        const operation = operationOf(accepted, arm, resource);
        return operation === undefined ? {} : { operation };
      });
    },

    poll: (operation, signal) =>
      call.read('follow a change of a gateway', signal, (signal) => pollOperation(arm, operation, signal, clock.now())),

    async pending(ref, state, signal) {
      if (!state) return null;
      const health = new Map(
        (await readBackendHealth(azure, ref.id, signal)).map(({ address, health }) => [address.toLowerCase(), health]),
      );
      const lacking = state.addresses
        .map((address) => ({ address, health: health.get(address.toLowerCase()) ?? 'Unknown' }))
        .filter(({ health }) => health !== 'Up');
      return lacking.length === 0 ? null : lacking.map(({ address, health }) => `${address} is ${health}`).join(', ');
    },

    async defaultPools(gatewayId, signal) {
      return defaultPoolsOf((await gatewayThere(azure, gatewayId, signal)).gateway);
    },

    async poolsOf(gatewayId, signal) {
      const { gateway } = await gatewayThere(azure, gatewayId, signal);
      return new Map(
        gateway.properties.backendAddressPools.map(({ name }, index) => [
          name.toLowerCase(),
          { addresses: addressesAt(gateway, index) },
        ]),
      );
    },

    backendHealth: (poolId, signal) => readBackendHealth(azure, poolId, signal),
    healthOfPools: (gatewayId, signal) => readHealthOfPools(azure, gatewayId, signal),
  };
}

async function gatewayThere(azure: AzureContext, gatewayId: string, signal: AbortSignal) {
  const answer = await readGateway(azure, gatewayId, signal);
  if (!answer) throw azureError('not-found', `read the gateway ${gatewayId.split('/').at(-1)}`);
  return answer;
}

function poolIndex({ properties }: Gateway, name: string): number {
  return properties.backendAddressPools.findIndex((pool) => pool.name.toLowerCase() === name.toLowerCase());
}

function addressesAt({ properties }: Gateway, index: number): string[] {
  const addresses = properties.backendAddressPools[index]?.properties.backendAddresses ?? [];
  return addresses
    .map(({ fqdn, ipAddress }) => fqdn ?? ipAddress ?? '')
    .filter((address) => address !== '')
    .sort();
}

/** A copy of the gateway, equal but for the addresses of one pool. */
function withAddresses(raw: unknown, index: number, addresses: readonly string[]): unknown {
  const gateway = structuredClone(raw) as {
    properties: { backendAddressPools: { properties: { backendAddresses: unknown } }[] };
  };
  const pool = gateway.properties.backendAddressPools[index];
  if (pool)
    pool.properties.backendAddresses = addresses.map((address) =>
      isIP(address) ? { ipAddress: address } : { fqdn: address },
    );
  return gateway;
}

function checked(to: PoolState | null): string[] {
  if (!to || to.addresses.length === 0) {
    throw new OpsError('refused', 'A gateway’s pool is never left empty: everybody would get the answer 502.', {
      hint: 'Name another cell or a maintenance backend as the fallback in the estate file.',
    });
  }
  const wrong = to.addresses.find((address) => isIP(address) === 0 && !hostName.test(address));
  if (wrong === undefined) return sorted(to.addresses);
  throw new OpsError('bad-input', `“${wrong.slice(0, 80)}” is neither a host name nor an IP address.`, {
    hint: 'Correct the fallback in the estate file.',
  });
}

function sorted(addresses: readonly string[]): string[] {
  return [...new Set(addresses.map((address) => address.toLowerCase()))].sort();
}

function listed(state: PoolState | null): string {
  if (!state) return 'no such pool';
  return state.addresses.length === 0 ? 'none' : state.addresses.join(', ');
}
