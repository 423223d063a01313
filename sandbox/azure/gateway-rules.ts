import { z } from 'zod';
import { ArmFault, invalid } from './arm-fault.ts';
import type { GatewayBody } from './gateway-body.ts';

const part = z.looseObject({ name: z.string().min(1).max(80), properties: z.looseObject({}).optional() });
const parts = z.array(part).min(1);
const address = z.looseObject({ fqdn: z.string().nullish(), ipAddress: z.string().nullish() });

/** What the network provider requires of any gateway (azure-rest-api-specs, applicationGateway.json 2024-05-01). */
const bodySchema = z.looseObject({
  location: z.string().min(1),
  tags: z.record(z.string(), z.string()).optional(),
  properties: z.looseObject({
    sku: z.looseObject({ name: z.string(), tier: z.string() }),
    gatewayIPConfigurations: parts,
    frontendIPConfigurations: parts,
    frontendPorts: parts,
    backendAddressPools: z
      .array(part.extend({ properties: z.looseObject({ backendAddresses: z.array(address).nullish() }).optional() }))
      .min(1),
    backendHttpSettingsCollection: parts,
    httpListeners: parts,
    requestRoutingRules: parts,
  }),
});

/** Checks a PUT of a whole gateway: its sections, its names, and that each reference within it leads somewhere. */
export function checkGateway(body: unknown, gatewayId: string): GatewayBody {
  const { data, error } = bodySchema.safeParse(body);
  if (!data) {
    const [issue] = error.issues;
    throw invalid('InvalidRequestFormat', `Cannot parse the request: ${issue?.path.join('.')}: ${issue?.message}.`);
  }
  const known = new Set<string>();
  for (const [kind, value] of Object.entries(data.properties)) {
    if (!Array.isArray(value)) continue;
    for (const { name } of value as { name: string }[]) {
      const id = `${gatewayId}/${kind}/${name}`.toLowerCase();
      if (known.has(id))
        throw invalid('InvalidRequestFormat', `Additional details: the name ${name} is twice among ${kind}.`);
      known.add(id);
    }
  }
  for (const id of referencesIn(data.properties, gatewayId)) {
    if (!known.has(id.toLowerCase())) throw missingReference(id, gatewayId);
  }
  for (const pool of data.properties.backendAddressPools) {
    for (const { fqdn, ipAddress } of pool.properties?.backendAddresses ?? []) {
      if ((fqdn == null) !== (ipAddress == null)) continue;
      throw invalid(
        'ApplicationGatewayBackendAddressInvalid',
        `Backend addresses of ${pool.name} must have either fqdn or ipAddress.`,
      );
    }
  }
  return data as unknown as GatewayBody;
}

/** Ids within this gateway that its parts point to. */
function referencesIn(value: unknown, gatewayId: string): string[] {
  if (Array.isArray(value)) return value.flatMap((inner) => referencesIn(inner, gatewayId));
  if (typeof value !== 'object' || value === null) return [];
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only?.[0] === 'id' && typeof only[1] === 'string') {
    return only[1].toLowerCase().startsWith(`${gatewayId.toLowerCase()}/`) ? [only[1]] : [];
  }
  return entries.flatMap(([, inner]) => referencesIn(inner, gatewayId));
}

function missingReference(id: string, gatewayId: string): ArmFault {
  return new ArmFault(
    400,
    'InvalidResourceReference',
    `Resource ${id} referenced by resource ${gatewayId} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`,
  );
}
