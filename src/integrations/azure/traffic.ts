import { type EndpointType, TrafficManagerManagementClient } from '@azure/arm-trafficmanager';
import { z } from 'zod';
import { isOpsError, OpsError } from '../../errors.ts';
import type { EndpointState, TrafficPort } from '../../ports/azure.ts';
import type { ProbesPort } from '../../ports/probes.ts';
import { armOptions } from './arm.ts';
import type { AzureContext } from './azure-context.ts';
import { bySubscription } from './by-subscription.ts';
import { parseArmId } from './parse-arm-id.ts';
import { shortRegion } from './short-region.ts';

const profileType = 'Microsoft.Network/trafficManagerProfiles';
const endpointTypes = ['externalEndpoints', 'azureEndpoints', 'nestedEndpoints'] as const;

const endpointSchema = z.looseObject({
  name: z.string(),
  type: z.string().nullish(),
  target: z.string().nullish(),
  endpointLocation: z.string().nullish(),
  endpointStatus: z.string().nullish(),
  endpointMonitorStatus: z.string().nullish(),
  priority: z.number().nullish(),
  weight: z.number().nullish(),
});
const profileSchema = z.looseObject({
  trafficRoutingMethod: z.string(),
  dnsConfig: z.looseObject({ ttl: z.number() }),
  monitorConfig: z.looseObject({ profileMonitorStatus: z.string().nullish() }).nullish(),
  endpoints: z.array(endpointSchema).default([]),
});

/** What clients see: where the public name leads. Absent: the estate file does not say what clients resolve. */
export interface ClientView {
  readonly probes: ProbesPort;
  readonly publicHost: string;
}

/** Traffic Manager: profiles to look at, and endpoints one by one. */
export function createTraffic({ arm, call, credential }: AzureContext, clients?: ClientView): TrafficPort {
  const clientOf = bySubscription((id) => new TrafficManagerManagementClient(credential, id, armOptions(arm.origin)));

  const readEndpoint = async (endpointId: string, signal: AbortSignal) => {
    const { subscriptionId, resourceGroup, profile, type, name } = endpointOf(endpointId);
    return call.read(`read the endpoint ${name}`, signal, async (abortSignal) =>
      endpointSchema.parse(
        await clientOf(subscriptionId).endpoints.get(resourceGroup, profile, type, name, { abortSignal }),
      ),
    );
  };

  return {
    kind: 'traffic-endpoint',
    equals: (a, b) => a?.enabled === b?.enabled && a?.priority === b?.priority && a?.weight === b?.weight,
    describe: (before, after) => `endpoint: ${word(before)} → ${word(after)}`,

    async read(ref, signal) {
      try {
        const { endpointStatus, priority, weight } = await readEndpoint(ref.id, signal);
        return { state: { enabled: endpointStatus !== 'Disabled', priority: priority ?? 1, weight: weight ?? 1 } };
      } catch (error) {
        if (isOpsError(error, 'not-found')) return { state: null };
        throw error;
      }
    },

    async write(ref, to, { signal }) {
      const { subscriptionId, resourceGroup, profile, type, name } = endpointOf(ref.id);
      if (!to) throw new OpsError('refused', `Stamps removes no endpoints: ${name} stays.`, { hint: 'Disable it.' });
      const { enabled, priority, weight } = to;
      const body = { endpointStatus: enabled ? 'Enabled' : 'Disabled', priority, weight };
      await call.write(`change the endpoint ${name}`, signal, (abortSignal) =>
        clientOf(subscriptionId).endpoints.update(resourceGroup, profile, type, name, body, { abortSignal }),
      );
      return {};
    },

    async pending(ref, state, signal) {
      if (!state) return null;
      const { target, endpointMonitorStatus } = await readEndpoint(ref.id, signal);
      if (state.enabled) {
        // One that always serves is not probed: there is nothing to wait for.
        return ['Online', 'Unmonitored'].includes(endpointMonitorStatus ?? '')
          ? null
          : `its probes find it ${endpointMonitorStatus ?? 'unknown'}`;
      }
      if (!clients) return null;
      const answer = await clients.probes.leadsTo(clients.publicHost, signal);
      return answer === target?.toLowerCase() ? `DNS still leads ${clients.publicHost} to ${answer}` : null;
    },

    profile: (profileId, signal) => {
      const { subscriptionId, resourceGroup, names } = parseArmId(profileId, profileType);
      return call.read(`read the Traffic Manager profile ${names[0]}`, signal, async (abortSignal) => {
        const answer = await clientOf(subscriptionId).profiles.get(resourceGroup, names[0], { abortSignal });
        const profile = profileSchema.parse(answer);
        return {
          routingMethod: profile.trafficRoutingMethod,
          ttlSeconds: profile.dnsConfig.ttl,
          monitorStatus: profile.monitorConfig?.profileMonitorStatus ?? 'Unknown',
          endpoints: profile.endpoints.map((endpoint) => ({
            // From our own id: Azure does not always spell the ids within a resource in the same way.
            id: `${profileId}/${typeOf(endpoint.type)}/${endpoint.name}`,
            name: endpoint.name,
            target: endpoint.target ?? '',
            ...(endpoint.endpointLocation && { location: shortRegion(endpoint.endpointLocation) }),
            enabled: endpoint.endpointStatus !== 'Disabled',
            monitorStatus: endpoint.endpointMonitorStatus ?? 'Unknown',
            ...(endpoint.priority != null && { priority: endpoint.priority }),
            ...(endpoint.weight != null && { weight: endpoint.weight }),
          })),
        };
      });
    },
  };
}

/** The last part of `Microsoft.Network/trafficManagerProfiles/externalEndpoints`, as ids spell it. */
function typeOf(type: string | null | undefined): (typeof endpointTypes)[number] {
  const last = type?.split('/').at(-1)?.toLowerCase();
  return endpointTypes.find((known) => known.toLowerCase() === last) ?? 'externalEndpoints';
}

function endpointOf(id: string) {
  const type = typeOf(id.split('/').at(-2));
  const { subscriptionId, resourceGroup, names } = parseArmId(id, `${profileType}/${type}`);
  const [profile, name] = names as [string, string];
  const sdkType = `${type[0]?.toUpperCase()}${type.slice(1)}` as EndpointType;
  return { subscriptionId, resourceGroup, profile, name, type: sdkType };
}

function word(state: EndpointState | null): string {
  if (!state) return 'none';
  return `${state.enabled ? 'on' : 'off'}, priority ${state.priority}, weight ${state.weight}`;
}
