import { globalGroup, providerId, type RegionLayout, trafficManagerName } from './layout.ts';

export const profileType = 'Microsoft.Network/trafficManagerProfiles';
export const endpointType = `${profileType}/externalEndpoints`;

export interface Endpoint {
  readonly name: string;
  readonly target: string;
  readonly region: string;
  endpointStatus: 'Enabled' | 'Disabled';
  priority: number;
  weight: number;
  alwaysServe: 'Enabled' | 'Disabled';
}

export type EndpointHealth = 'Online' | 'Unmonitored' | 'Degraded' | 'Disabled' | 'Inactive';

export const routingMethods = ['Priority', 'Weighted', 'Performance', 'Geographic'] as const;

/**
 * The profile `tm-stamps`: one endpoint a region, Priority routing until somebody says otherwise. Switched off as a
 * whole it probes nothing and answers no name (MicrosoftDocs, “Traffic Manager endpoint monitoring”, “Profile status”).
 */
export class TrafficProfile {
  readonly id = providerId(globalGroup, profileType, trafficManagerName);
  readonly fqdn = 'stamps.trafficmanager.net';
  readonly endpoints: readonly Endpoint[];
  readonly ttlSeconds: number;
  status: 'Enabled' | 'Disabled' = 'Enabled';
  routingMethod: (typeof routingMethods)[number] = 'Priority';

  constructor(regions: readonly RegionLayout[], ttlSeconds: number) {
    this.ttlSeconds = ttlSeconds;
    this.endpoints = regions.map((region, index) => ({
      name: endpointName(index),
      target: `${region.name}.stamps.example`,
      region: region.name,
      endpointStatus: 'Enabled',
      priority: index + 1,
      weight: 1,
      alwaysServe: 'Disabled',
    }));
  }

  endpoint(name: string): Endpoint | undefined {
    return this.endpoints.find((endpoint) => endpoint.name.toLowerCase() === name.toLowerCase());
  }

  /**
   * `online`: does the region answer its probe? What always serves is not probed, and is `Unmonitored` whatever becomes
   * of it (MicrosoftDocs, “Traffic Manager endpoint monitoring”, “Always Serve”; arm-trafficmanager 6.1.0).
   */
  healthOf({ endpointStatus, alwaysServe, region }: Endpoint, online: (region: string) => boolean): EndpointHealth {
    if (endpointStatus === 'Disabled') return 'Disabled';
    if (this.status === 'Disabled') return 'Inactive';
    if (alwaysServe === 'Enabled') return 'Unmonitored';
    return online(region) ? 'Online' : 'Degraded';
  }

  /**
   * What DNS answers to those whose home is a region: regions with the share of the answers that name them. Priority:
   * the first that is online. Weighted: those online, by weight. Performance: the home, else the next by order.
   * Geographic: the home's endpoint and no other, whether it is online or not. What always serves counts as online.
   * Where none is online, all that are enabled count as if they were (learn.microsoft.com, “Traffic Manager routing methods”, “… endpoint monitoring”).
   */
  answers(home: string, online: (region: string) => boolean): ReadonlyMap<string, number> {
    if (this.status === 'Disabled') return new Map();
    const enabled = this.endpoints
      .filter(({ endpointStatus }) => endpointStatus === 'Enabled')
      .sort((a, b) => a.priority - b.priority);
    const up = enabled.filter((endpoint) => isAnswered(this.healthOf(endpoint, online)));
    const able = up.length > 0 ? up : enabled;
    const at = (endpoint: Endpoint | undefined) => new Map(endpoint ? [[endpoint.region, 1]] : []);
    switch (this.routingMethod) {
      case 'Priority':
        return at(able[0]);
      case 'Performance':
        return at(able.find(({ region }) => region === home) ?? able[0]);
      case 'Geographic':
        return at(enabled.find(({ region }) => region === home));
      case 'Weighted': {
        const sum = able.reduce((total, { weight }) => total + weight, 0);
        return new Map(able.map(({ region, weight }) => [region, weight / sum]));
      }
    }
  }

  endpointDocument(endpoint: Endpoint, online: (region: string) => boolean): object {
    const { name, target, region, ...settings } = endpoint;
    return {
      id: `${this.id}/externalEndpoints/${name}`,
      name,
      type: endpointType,
      properties: {
        ...settings,
        target,
        endpointLocation: region,
        endpointMonitorStatus: this.healthOf(endpoint, online),
      },
    };
  }

  /** `Degraded` when one endpoint is (“Profile monitor status”, the same page). */
  #monitorStatus(online: (region: string) => boolean): string {
    if (this.status === 'Disabled') return 'Disabled';
    const healths = this.endpoints.map((endpoint) => this.healthOf(endpoint, online));
    const enabled = healths.filter((health) => health !== 'Disabled');
    if (enabled.length === 0) return 'Inactive';
    return enabled.every(isAnswered) ? 'Online' : 'Degraded';
  }

  document(online: (region: string) => boolean): object {
    return {
      id: this.id,
      name: trafficManagerName,
      type: profileType,
      location: 'global',
      tags: {},
      properties: {
        profileStatus: this.status,
        trafficRoutingMethod: this.routingMethod,
        dnsConfig: { relativeName: 'stamps', fqdn: this.fqdn, ttl: this.ttlSeconds },
        monitorConfig: {
          profileMonitorStatus: this.#monitorStatus(online),
          protocol: 'HTTPS',
          port: 443,
          path: '/health',
          intervalInSeconds: 10,
          timeoutInSeconds: 5,
          toleratedNumberOfFailures: 2,
        },
        endpoints: this.endpoints.map((endpoint) => this.endpointDocument(endpoint, online)),
      },
    };
  }
}

/** Does DNS name an endpoint of this health while others are well too? */
export function isAnswered(health: EndpointHealth): boolean {
  return health === 'Online' || health === 'Unmonitored';
}

/** The guide's names for the first two. */
export function endpointName(index: number): string {
  return ['primary-endpoint', 'dr-endpoint'][index] ?? `endpoint-${index + 1}`;
}
