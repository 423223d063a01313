import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type GatewayBody, normalizeGateway, type Pool, seedGateway } from './gateway-body.ts';
import { gatewayName, providerId, type RegionLayout } from './layout.ts';
import type { Operation } from './operations.ts';

export const gatewayType = 'Microsoft.Network/applicationGateways';

/**
 * One Application Gateway: what it was told to be (its goal), and what it serves, which follows when an update ends.
 * An update that fails takes the goal back to what is served; Azure promises nothing about a failed one.
 */
export class Gateway {
  readonly id: string;
  readonly region: RegionLayout;
  readonly #resourceGuid = randomUUID();
  #goal: GatewayBody;
  #serving: GatewayBody;
  #etag = newEtag();
  #state: 'Succeeded' | 'Updating' | 'Failed' = 'Succeeded';
  /** Addresses by the pool's name, as traffic finds them. */
  pools: ReadonlyMap<string, readonly string[]>;
  operation: Operation | undefined;

  constructor(region: RegionLayout) {
    this.region = region;
    this.id = providerId(region.resourceGroup, gatewayType, gatewayName);
    this.#goal = seedGateway(this.id, region);
    this.#serving = this.#goal;
    this.pools = poolsOf(this.#serving);
  }

  get etag(): string {
    return this.#etag;
  }

  get updating(): boolean {
    return this.#state === 'Updating';
  }

  get goal(): GatewayBody {
    return this.#goal;
  }

  /** As GET answers it, with what only Azure sets. */
  get document(): object {
    const { location, tags, properties } = this.#goal;
    const inner = this.#state === 'Updating' ? 'Updating' : 'Succeeded';
    const dressed = Object.entries(properties).map(([name, value]) => [
      name,
      Array.isArray(value)
        ? value.map((part: { properties?: object }) => ({
            ...part,
            etag: this.#etag,
            type: `${gatewayType}/${name}`,
            ...(part.properties && { properties: { provisioningState: inner, ...part.properties } }),
          }))
        : value,
    ]);
    return {
      name: gatewayName,
      id: this.id,
      etag: this.#etag,
      type: gatewayType,
      location,
      ...(tags && { tags }),
      properties: {
        provisioningState: this.#state,
        resourceGuid: this.#resourceGuid,
        operationalState: 'Running',
        ...Object.fromEntries(dressed),
      },
    };
  }

  /** Takes a whole new configuration; answers whether it differs. It is served when `finish` is called. */
  accept(body: GatewayBody): boolean {
    const goal = normalizeGateway(body, this.id);
    const changed = !isDeepStrictEqual(goal, this.#goal);
    this.#goal = goal;
    this.#etag = newEtag();
    this.#state = 'Updating';
    return changed;
  }

  finish(succeeded: boolean): void {
    if (succeeded) this.#serving = this.#goal;
    else this.#goal = this.#serving;
    this.pools = poolsOf(this.#serving);
    this.#state = succeeded ? 'Succeeded' : 'Failed';
    this.operation = undefined;
  }

  /** Somebody else changes a pool, at once. */
  setPool(pool: string, addresses: readonly string[]): void {
    const replaced = (body: GatewayBody): GatewayBody => {
      const copy = structuredClone(body);
      const found = copy.properties.backendAddressPools.find(({ name }) => name === pool);
      if (!found) throw new Error(`The gateway has no pool ${pool}.`);
      found.properties.backendAddresses = addresses.map((address) =>
        /^[\d.]+$/.test(address) ? { ipAddress: address } : { fqdn: address },
      );
      return copy;
    };
    this.#goal = replaced(this.#goal);
    this.#serving = replaced(this.#serving);
    this.pools = poolsOf(this.#serving);
    this.#etag = newEtag();
  }
}

function poolsOf({ properties }: GatewayBody): ReadonlyMap<string, readonly string[]> {
  const addresses = (pool: Pool) =>
    pool.properties.backendAddresses.map(({ fqdn, ipAddress }) => fqdn ?? ipAddress ?? '');
  return new Map(properties.backendAddressPools.map((pool) => [pool.name, addresses(pool)]));
}

function newEtag(): string {
  return `W/"${randomUUID()}"`;
}
