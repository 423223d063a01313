import { globalGroup, guideRegions, providerId, trafficManagerName } from './layout.ts';

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

export type EndpointHealth = 'Online' | 'Degraded' | 'Disabled';

/** The profile `tm-stamps`: Priority routing, one endpoint a region. */
export class TrafficProfile {
  readonly id = providerId(globalGroup, profileType, trafficManagerName);
  readonly endpoints: readonly Endpoint[] = guideRegions.map((region, index) => ({
    name: index === 0 ? 'primary-endpoint' : 'dr-endpoint',
    target: `${region.name}.stamps.example`,
    region: region.name,
    endpointStatus: 'Enabled',
    priority: index + 1,
    weight: 1,
    alwaysServe: 'Disabled',
  }));

  endpoint(name: string): Endpoint | undefined {
    return this.endpoints.find((endpoint) => endpoint.name.toLowerCase() === name.toLowerCase());
  }

  /** `online`: does the region answer its probe? alwaysServe counts as yes. */
  healthOf({ endpointStatus, alwaysServe, region }: Endpoint, online: (region: string) => boolean): EndpointHealth {
    if (endpointStatus === 'Disabled') return 'Disabled';
    return alwaysServe === 'Enabled' || online(region) ? 'Online' : 'Degraded';
  }

  /**
   * The region that DNS answers with: the first by priority that is online; when none is, the first that is enabled,
   * as Traffic Manager then takes all for healthy (learn.microsoft.com, “Traffic Manager endpoint monitoring”).
   */
  answer(online: (region: string) => boolean): string | undefined {
    const enabled = this.endpoints
      .filter(({ endpointStatus }) => endpointStatus === 'Enabled')
      .sort((a, b) => a.priority - b.priority);
    return (enabled.find((endpoint) => this.healthOf(endpoint, online) === 'Online') ?? enabled[0])?.region;
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

  document(online: (region: string) => boolean): object {
    const healths = this.endpoints.map((endpoint) => this.healthOf(endpoint, online));
    const enabled = healths.filter((health) => health !== 'Disabled');
    const status =
      enabled.length === 0 ? 'Inactive' : enabled.every((health) => health === 'Online') ? 'Online' : 'Degraded';
    return {
      id: this.id,
      name: trafficManagerName,
      type: profileType,
      location: 'global',
      tags: {},
      properties: {
        profileStatus: 'Enabled',
        trafficRoutingMethod: 'Priority',
        dnsConfig: { relativeName: 'stamps', fqdn: 'stamps.trafficmanager.net', ttl: 30 },
        monitorConfig: {
          profileMonitorStatus: status,
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
