import { z } from 'zod';
import { isOpsError } from '../../errors.ts';
import type { AzureContext } from './azure-context.ts';
import { type ArmId, parseArmId } from './parse-arm-id.ts';

/** Stable since November 2024 and offered in every region; its shape is what the schema below was written to. */
export const gatewayApiVersion = '2024-05-01';

const reference = z.looseObject({ id: z.string() });
const backendAddress = z.looseObject({ fqdn: z.string().nullish(), ipAddress: z.string().nullish() });
const named = <Properties extends z.ZodType>(properties: Properties) =>
  z.looseObject({ id: z.string().nullish(), name: z.string(), properties });

/** Only the fields in use. */
const gatewaySchema = z.looseObject({
  etag: z.string().optional(),
  properties: z.looseObject({
    provisioningState: z.string().optional(),
    backendAddressPools: z.array(named(z.looseObject({ backendAddresses: z.array(backendAddress).nullish() }))),
    httpListeners: z
      .array(named(z.looseObject({ hostName: z.string().nullish(), hostNames: z.array(z.string()).nullish() })))
      .default([]),
    requestRoutingRules: z
      .array(
        named(
          z.looseObject({
            httpListener: reference.nullish(),
            backendAddressPool: reference.nullish(),
            urlPathMap: reference.nullish(),
          }),
        ),
      )
      .default([]),
    urlPathMaps: z.array(named(z.looseObject({ defaultBackendAddressPool: reference.nullish() }))).default([]),
  }),
});
export type Gateway = z.infer<typeof gatewaySchema>;

export interface GatewayAnswer {
  readonly gateway: Gateway;
  /** As Azure gave it, to be written back. */
  readonly raw: unknown;
  /** Every PUT changes it. */
  readonly etag: string | undefined;
}

export const gatewayType = 'Microsoft.Network/applicationGateways';
export const poolType = `${gatewayType}/backendAddressPools`;

/** Name of the pool of a checked id. */
export function poolName(id: ArmId): string {
  return id.names[1] as string;
}

/** The whole gateway; null when it does not exist. */
export async function readGateway(
  { arm, call }: AzureContext,
  gatewayId: string,
  signal: AbortSignal,
): Promise<GatewayAnswer | null> {
  const { names } = parseArmId(gatewayId, gatewayType);
  try {
    return await call.read(`read the gateway ${names[0]}`, signal, async (signal) => {
      const { body, header } = await arm.send(
        { method: 'GET', path: gatewayId, apiVersion: gatewayApiVersion },
        signal,
      );
      const gateway = gatewaySchema.parse(body);
      return { gateway, raw: body, etag: gateway.etag ?? header('etag') };
    });
  } catch (error) {
    if (isOpsError(error, 'not-found')) return null;
    throw error;
  }
}
