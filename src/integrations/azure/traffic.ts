import { TrafficManagerManagementClient } from '@azure/arm-trafficmanager';
import { z } from 'zod';
import type { TrafficPort } from '../../ports/azure.ts';
import { armOptions } from './arm.ts';
import type { AzureContext } from './azure-context.ts';
import { bySubscription } from './by-subscription.ts';
import { parseArmId } from './parse-arm-id.ts';

const profileSchema = z.looseObject({
  trafficRoutingMethod: z.string(),
  dnsConfig: z.looseObject({ ttl: z.number() }),
  monitorConfig: z.looseObject({ profileMonitorStatus: z.string().nullish() }).nullish(),
  endpoints: z
    .array(
      z.looseObject({
        name: z.string(),
        target: z.string().nullish(),
        endpointStatus: z.string().nullish(),
        endpointMonitorStatus: z.string().nullish(),
        priority: z.number().nullish(),
        weight: z.number().nullish(),
      }),
    )
    .default([]),
});

/** Traffic Manager profiles, to look at. */
export function createTraffic({ arm, call, credential }: AzureContext): TrafficPort {
  const clientOf = bySubscription((id) => new TrafficManagerManagementClient(credential, id, armOptions(arm.origin)));

  return {
    profile: (profileId, signal) => {
      const { subscriptionId, resourceGroup, names } = parseArmId(
        profileId,
        'Microsoft.Network/trafficManagerProfiles',
      );
      return call.read(`read the Traffic Manager profile ${names[0]}`, signal, async (abortSignal) => {
        const answer = await clientOf(subscriptionId).profiles.get(resourceGroup, names[0], { abortSignal });
        const profile = profileSchema.parse(answer);
        return {
          routingMethod: profile.trafficRoutingMethod,
          ttlSeconds: profile.dnsConfig.ttl,
          monitorStatus: profile.monitorConfig?.profileMonitorStatus ?? 'Unknown',
          endpoints: profile.endpoints.map(
            ({ name, target, endpointStatus, endpointMonitorStatus, priority, weight }) => ({
              name,
              target: target ?? '',
              enabled: endpointStatus !== 'Disabled',
              monitorStatus: endpointMonitorStatus ?? 'Unknown',
              ...(priority != null && { priority }),
              ...(weight != null && { weight }),
            }),
          ),
        };
      });
    },
  };
}
