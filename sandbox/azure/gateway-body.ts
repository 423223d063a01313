import { gatewayName, hostOf, maintenanceHost, providerId, type RegionLayout } from './layout.ts';

export interface BackendAddress {
  fqdn?: string;
  ipAddress?: string;
}

/** Part of a gateway; `id` is the gateway's, the kind of part, its name. */
export interface Part<Properties = Record<string, unknown>> {
  name: string;
  id: string;
  properties: Properties;
}

export type Pool = Part<{ backendAddresses: BackendAddress[] }>;

/** What a client may set. */
export interface GatewayBody {
  location: string;
  tags?: Record<string, string>;
  properties: Record<string, unknown> & { backendAddressPools: Pool[] };
}

/** Set by Azure alone: ignored in what a client sends. */
const azures = new Set(['etag', 'provisioningState', 'resourceGuid', 'operationalState', 'type']);

/** A body as it is kept: without Azure's own fields, each part with its id, each pool with its addresses. */
export function normalizeGateway({ location, tags, properties }: GatewayBody, gatewayId: string): GatewayBody {
  const kept = Object.entries(stripped(properties) as GatewayBody['properties']).map(([kind, value]) => [
    kind,
    Array.isArray(value)
      ? value.map((part: Part) => ({
          ...part,
          id: `${gatewayId}/${kind}/${part.name}`,
          properties: part.properties ?? {},
        }))
      : value,
  ]);
  const body = { location, ...(tags && { tags }), properties: Object.fromEntries(kept) } as GatewayBody;
  for (const pool of body.properties.backendAddressPools) {
    pool.properties.backendAddresses = (pool.properties.backendAddresses ?? []).map(({ fqdn, ipAddress }) => ({
      ...(fqdn != null && { fqdn: fqdn.toLowerCase() }),
      ...(ipAddress != null && { ipAddress }),
    }));
  }
  return body;
}

function stripped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stripped);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, inner]) => !azures.has(name) && inner != null)
      .map(([name, inner]) => [name, stripped(inner)]),
  );
}

/**
 * The gateway of a region: one listener, and a path map that sends each cell's path to its pool and all else to the
 * maintenance backend. It has only parts that the emulator's checks know.
 */
export function seedGateway(gatewayId: string, region: RegionLayout): GatewayBody {
  const ref = (kind: string, name: string) => ({ id: `${gatewayId}/${kind}/${name}` });
  const part = (name: string, properties: Record<string, unknown>) => ({ name, id: '', properties });
  const network = (type: string, name: string) => ({
    id: providerId(region.resourceGroup, `Microsoft.Network/${type}`, name),
  });
  const pool = (name: string, fqdn: string) => part(name, { backendAddresses: [{ fqdn }] });
  const settings = ref('backendHttpSettingsCollection', 'https');

  return normalizeGateway(
    {
      location: region.name,
      tags: { service: 'stamps', region: region.name },
      properties: {
        sku: { name: 'WAF_v2', tier: 'WAF_v2' },
        autoscaleConfiguration: { minCapacity: 2, maxCapacity: 10 },
        enableHttp2: true,
        gatewayIPConfigurations: [
          part('gateway-subnet', { subnet: { id: `${network('virtualNetworks', 'vnet-stamps').id}/subnets/gateway` } }),
        ],
        sslCertificates: [
          part('stamps', {
            keyVaultSecretId: `https://kv-stamps-${region.name}.vault.azure.net/secrets/gateway-stamps-example`,
          }),
        ],
        frontendIPConfigurations: [
          part('public', { publicIPAddress: network('publicIPAddresses', `pip-${gatewayName}`) }),
        ],
        frontendPorts: [part('https', { port: 443 })],
        backendAddressPools: [
          ...region.cells.map(({ name }) => pool(`${name}-backend`, hostOf(region, name))),
          pool('maintenance-backend', maintenanceHost),
        ] as unknown as Pool[],
        probes: [
          part('health', {
            protocol: 'Https',
            path: '/health',
            interval: 10,
            timeout: 10,
            unhealthyThreshold: 2,
            pickHostNameFromBackendHttpSettings: true,
          }),
        ],
        backendHttpSettingsCollection: [
          part('https', {
            port: 443,
            protocol: 'Https',
            cookieBasedAffinity: 'Disabled',
            pickHostNameFromBackendAddress: true,
            requestTimeout: 30,
            connectionDraining: { enabled: true, drainTimeoutInSec: 30 },
            probe: ref('probes', 'health'),
          }),
        ],
        httpListeners: [
          part('https', {
            frontendIPConfiguration: ref('frontendIPConfigurations', 'public'),
            frontendPort: ref('frontendPorts', 'https'),
            protocol: 'Https',
            sslCertificate: ref('sslCertificates', 'stamps'),
            requireServerNameIndication: false,
          }),
        ],
        urlPathMaps: [
          part('cells', {
            defaultBackendAddressPool: ref('backendAddressPools', 'maintenance-backend'),
            defaultBackendHttpSettings: settings,
            pathRules: region.cells.map(({ name }) =>
              part(name, {
                paths: [`/${name.replace(/-dr$/, '')}/*`],
                backendAddressPool: ref('backendAddressPools', `${name}-backend`),
                backendHttpSettings: settings,
              }),
            ),
          }),
        ],
        requestRoutingRules: [
          part('by-cell', {
            ruleType: 'PathBasedRouting',
            priority: 100,
            httpListener: ref('httpListeners', 'https'),
            urlPathMap: ref('urlPathMaps', 'cells'),
          }),
        ],
      },
    },
    gatewayId,
  );
}
