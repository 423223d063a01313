/**
 * Microsoft.Network/trafficManagerProfiles. Rules kept (azure-rest-api-specs, trafficmanager.json 2022-04-01;
 * arm-trafficmanager 6.1.0): an endpoint is changed with PATCH, at once, without etag; weight and priority from 1 to
 * 1000, no priority twice; `endpointStatus` is what was configured, `endpointMonitorStatus` what probes find.
 */
import { z } from 'zod';
import { invalid, resourceNotFound } from './arm-fault.ts';
import { type ArmCall, type ArmReply, ok, type Route, same } from './route.ts';
import { isOnline } from './traffic.ts';
import { type Endpoint, endpointType, profileType, type TrafficProfile } from './traffic-profile.ts';

const profiles = profileType.toLowerCase();
const endpoints = endpointType.toLowerCase();
const since = '2018-08-01';

export const trafficRoutes: readonly Route[] = [
  { on: `GET ${profiles}`, since, run: (call) => ok(found(call).document(online(call))) },
  { on: `GET ${endpoints}`, since, run: (call) => ok(found(call).endpointDocument(foundEndpoint(call), online(call))) },
  { on: `PATCH ${endpoints}`, since, run: patch },
];

const status = z.enum(['Enabled', 'Disabled']);
const oneTo1000 = z.int().min(1).max(1000);
const patchSchema = z.looseObject({
  properties: z
    .looseObject({ endpointStatus: status, alwaysServe: status, weight: oneTo1000, priority: oneTo1000 })
    .partial(),
});

function patch(call: ArmCall): ArmReply {
  const profile = found(call);
  const endpoint = foundEndpoint(call);
  const { data, error } = patchSchema.safeParse(call.body);
  if (!data)
    throw invalid(
      'BadRequest',
      `The endpoint cannot be changed so: ${error.issues[0]?.path.join('.')} ${error.issues[0]?.message}.`,
    );
  const { endpointStatus, alwaysServe, weight, priority } = data.properties;
  if (profile.endpoints.some((other) => other !== endpoint && other.priority === priority)) {
    throw invalid('BadRequest', `Some of the provided endpoints have the same priority ${priority}.`);
  }
  const before = JSON.stringify(endpoint);
  Object.assign(endpoint, {
    ...(endpointStatus !== undefined && { endpointStatus }),
    ...(alwaysServe !== undefined && { alwaysServe }),
    ...(weight !== undefined && { weight }),
    ...(priority !== undefined && { priority }),
  });
  return {
    status: 200,
    body: profile.endpointDocument(endpoint, online(call)),
    changed: JSON.stringify(endpoint) !== before,
  };
}

function online({ estate, now }: ArmCall): (region: string) => boolean {
  return (region) => isOnline(estate, region, now);
}

function found({ estate, path: { group = '', names } }: ArmCall): TrafficProfile {
  const [name = ''] = names;
  const { profile } = estate;
  if (!same(`${group}/${name}`, `${profile.id.split('/')[4]}/${profile.id.split('/').at(-1)}`))
    throw resourceNotFound(profileType, name, group);
  return profile;
}

function foundEndpoint(call: ArmCall): Endpoint {
  const name = call.path.names[1] ?? '';
  const endpoint = found(call).endpoint(name);
  if (!endpoint) throw resourceNotFound(endpointType, name, call.path.group ?? '');
  return endpoint;
}
