/**
 * Microsoft.Cdn/profiles/originGroups/origins (Front Door Standard and Premium). Rules kept, after
 * azure-rest-api-specs, Microsoft.Cdn, afdx.json: an origin is changed with PATCH, long-running (202); `enabledState`
 * is Enabled or Disabled. Microsoft.Cdn/profiles/afdEndpoints: to read; its `enabledState` is what somebody configured.
 */
import { z } from 'zod';
import { invalid, resourceNotFound } from './arm-fault.ts';
import type { EmulatedOrigin } from './front-door.ts';
import { accepted, statusRoute } from './long-operation.ts';
import { type ArmCall, type ArmReply, ok, type Route, same } from './route.ts';

const type = 'Microsoft.Cdn/profiles/originGroups/origins';
const origins = type.toLowerCase();
const since = '2021-06-01';

export const frontDoorRoutes: readonly Route[] = [
  { on: `GET ${origins}[]`, since, run: (call) => ok({ value: all(call).map((origin) => documentOf(call, origin)) }) },
  { on: `GET ${origins}`, since, run: (call) => ok(documentOf(call, found(call))) },
  { on: `PATCH ${origins}`, since, run: patch },
  { on: 'GET microsoft.cdn/profiles/afdendpoints[]', since, run: endpoints },
  { on: 'GET microsoft.cdn/profiles/secrets[]', since, run: secrets },
  statusRoute('Microsoft.Cdn', 'The origin could not be changed.'),
];

function all({ estate: { frontDoor }, path: { group = '', names } }: ArmCall): readonly EmulatedOrigin[] {
  const [profile = '', originGroup = ''] = names;
  if (!same(profile, frontDoor.profile) || !same(originGroup, frontDoor.group))
    throw resourceNotFound(type, names.join('/'), group);
  return frontDoor.origins;
}

function endpoints({ estate: { frontDoor }, path: { group = '', names } }: ArmCall): ArmReply {
  if (!same(names[0], frontDoor.profile)) throw resourceNotFound('Microsoft.Cdn/profiles', names.join('/'), group);
  const { name, enabledState } = frontDoor.endpoint;
  const properties = { hostName: `${name}.azurefd.net`, enabledState, provisioningState: 'Succeeded' };
  return ok({
    value: [
      { id: frontDoor.endpointId, name, type: 'Microsoft.Cdn/profiles/afdEndpoints', location: 'Global', properties },
    ],
  });
}

/** The one certificate that clients of Front Door are shown; `expirationDate` is Azure's to say. */
function secrets({ estate, path: { group = '', names } }: ArmCall): ArmReply {
  const { frontDoor } = estate;
  if (!same(names[0], frontDoor.profile)) throw resourceNotFound('Microsoft.Cdn/profiles', names.join('/'), group);
  const parameters = {
    type: 'CustomerCertificate',
    useLatestVersion: true,
    subject: 'www.stamps.example',
    expirationDate: new Date(frontDoor.certificateEnds).toISOString(),
  };
  const name = 'www-stamps-example';
  return ok({ value: [{ name, type: 'Microsoft.Cdn/profiles/secrets', properties: { parameters } }] });
}

function found(call: ArmCall): EmulatedOrigin {
  const name = call.path.names[2] ?? '';
  const origin = all(call).find((one) => same(one.name, name));
  if (!origin) throw resourceNotFound(type, call.path.names.join('/'), call.path.group ?? '');
  return origin;
}

function documentOf({ estate: { frontDoor } }: ArmCall, { name, hostName, enabledState }: EmulatedOrigin): object {
  return {
    id: `${frontDoor.groupId}/origins/${name}`,
    name,
    type,
    properties: {
      hostName,
      enabledState,
      httpsPort: 443,
      priority: 1,
      weight: 1000,
      provisioningState: 'Succeeded',
      deploymentStatus: 'NotStarted',
    },
  };
}

const patchSchema = z.looseObject({ properties: z.looseObject({ enabledState: z.enum(['Enabled', 'Disabled']) }) });

function patch(call: ArmCall): ArmReply {
  const origin = found(call);
  const { data } = patchSchema.safeParse(call.body);
  if (!data)
    throw invalid('BadRequest', 'The emulator changes nothing but properties.enabledState, Enabled or Disabled.');
  const { enabledState } = data.properties;
  const changed = origin.enabledState !== enabledState;
  const onEnd = () => {
    origin.enabledState = enabledState;
    return true;
  };
  return {
    ...accepted(call, {
      resource: origin.name,
      provider: 'Microsoft.Cdn',
      region: 'global',
      takesMs: call.faults.gatewayDelayMs,
      onEnd,
    }),
    changed,
  };
}
