/**
 * Microsoft.Network/applicationGateways. Rules kept:
 * - PUT takes the whole resource and answers 200 with `Azure-AsyncOperation` and `Retry-After`; `provisioningState` is
 *   Updating until it ends as Succeeded or Failed (azure-rest-api-specs, applicationGateway.json: x-ms-long-running-operation;
 *   MicrosoftDocs, “Track asynchronous operations”).
 * - Another write meanwhile: 429 RetryableErrorDueToAnotherOperation (Azure/azure-cli #28615: a lock, not throttling).
 * - Each accepted write changes the etag; If-Match with another one: 412. That the service takes it is not verified
 *   against Azure (RELIABILITY: “Not verified”).
 * - References within the gateway must lead somewhere: 400 InvalidResourceReference.
 * - POST backendhealth answers 202 with `Location`; the result is the probes', which follow what is served, not what
 *   is being written (same specification, ApplicationGatewayBackendHealth).
 * The emulator's own choice: a failed update leaves what was there before.
 */
import { ArmFault, resourceNotFound } from './arm-fault.ts';
import { type Gateway, gatewayType } from './gateway.ts';
import type { Part } from './gateway-body.ts';
import { checkGateway } from './gateway-rules.ts';
import { retryAfter } from './long-operation.ts';
import type { Operation } from './operations.ts';
import { type ArmCall, type ArmReply, ok, type Route, same } from './route.ts';
import { backendAt } from './traffic.ts';

const type = gatewayType.toLowerCase();
const since = '2021-02-01';

export const gatewayRoutes: readonly Route[] = [
  { on: `GET ${type}`, since, run: (call) => ok(found(call).document) },
  {
    on: `GET ${type}[]`,
    since,
    run: ({ estate, path }) =>
      ok({ value: inGroup([...estate.gateways.values()], path.group).map(({ document }) => document) }),
  },
  { on: `PUT ${type}`, since, run: put },
  { on: `POST ${type}:backendhealth`, since, run: askHealth },
  { on: 'GET microsoft.network/locations/operations', since, run: status },
  { on: 'GET microsoft.network/locations/operationresults', since, run: result },
];

function found({ estate, path: { group = '', names } }: ArmCall): Gateway {
  const [name = ''] = names;
  const gateway = [...estate.gateways.values()].find(
    ({ id, region }) => same(group, region.resourceGroup) && same(name, id.split('/').at(-1) ?? ''),
  );
  if (!gateway) throw resourceNotFound(gatewayType, name, group);
  return gateway;
}

function inGroup(gateways: readonly Gateway[], group: string | undefined): Gateway[] {
  return gateways.filter(({ region }) => group === undefined || same(group, region.resourceGroup));
}

function put(call: ArmCall): ArmReply {
  const { estate, faults, now, headers, body } = call;
  const gateway = found(call);
  if (gateway.updating) {
    throw new ArmFault(
      429,
      'RetryableErrorDueToAnotherOperation',
      `Operation PutApplicationGatewayOperation (${gateway.operation?.id}) is updating resource ${gateway.id}. The call can be retried in ${retryAfter(call.faults.gatewayDelayMs)} seconds.`,
      { 'retry-after': retryAfter(call.faults.gatewayDelayMs) },
    );
  }
  const ifMatch = headers['if-match'];
  if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== gateway.etag) {
    throw new ArmFault(
      412,
      'PreconditionFailed',
      `Precondition failed: the etag of ${gateway.id} is no longer ${ifMatch}.`,
    );
  }
  const changed = gateway.accept(checkGateway(body, gateway.id));
  gateway.operation = estate.operations.start(
    {
      takesMs: faults.gatewayDelayMs,
      fails: faults.takeFailure(),
      hangs: faults.hangs,
      onEnd: (succeeded) => {
        gateway.finish(succeeded);
        estate.changed();
      },
    },
    now,
  );
  return {
    status: 200,
    headers: {
      'azure-asyncoperation': link(call, gateway, 'operations', gateway.operation),
      'retry-after': retryAfter(call.faults.gatewayDelayMs),
    },
    body: gateway.document,
    changed,
  };
}

function askHealth(call: ArmCall): ArmReply {
  const { estate, now, backendHealthDelayMs } = call;
  const gateway = found(call);
  const onEnd = () => healthOf(gateway, call);
  const operation = estate.operations.start({ takesMs: backendHealthDelayMs, onEnd }, now);
  return {
    status: 202,
    headers: {
      location: link(call, gateway, 'operationResults', operation),
      'retry-after': String(Math.ceil(backendHealthDelayMs / 1000)),
    },
  };
}

/** Each pool's servers, by the settings of the rules that use it; a pool without a rule is not probed. */
function healthOf(gateway: Gateway, { estate }: ArmCall): object {
  const now = estate.now();
  const { backendAddressPools, backendHttpSettingsCollection } = gateway.goal.properties;
  const used = JSON.stringify([gateway.goal.properties.urlPathMaps, gateway.goal.properties.requestRoutingRules]);
  return {
    backendAddressPools: backendAddressPools.map(({ id, name }) => ({
      backendAddressPool: { id },
      backendHttpSettingsCollection: used.includes(`"${id}"`)
        ? (backendHttpSettingsCollection as Part[]).map((settings) => ({
            backendHttpSettings: { id: settings.id },
            servers: (gateway.pools.get(name) ?? []).map((address) => {
              const { up } = backendAt(estate, address, now);
              return {
                address,
                health: up ? 'Up' : 'Down',
                healthProbeLog: up
                  ? 'Success. Received 200 status code'
                  : 'Time taken by the backend to respond to application gateway’s health probe is more than the time-out threshold.',
              };
            }),
          }))
        : [],
    })),
  };
}

function status(call: ArmCall): ArmReply {
  const operation = operationOf(call);
  const running = operation.status === 'InProgress';
  return {
    status: 200,
    ...(running && { headers: { 'retry-after': retryAfter(call.faults.gatewayDelayMs) } }),
    body: {
      status: operation.status,
      ...(operation.status === 'Failed' && {
        error: { code: 'InternalServerError', message: 'The gateway could not be updated: An error occurred.' },
      }),
    },
  };
}

function result(call: ArmCall): ArmReply {
  const operation = operationOf(call);
  if (operation.status !== 'InProgress') return ok(operation.result);
  return {
    status: 202,
    headers: { location: call.url.href, 'retry-after': String(Math.ceil(call.backendHealthDelayMs / 1000)) },
  };
}

function operationOf({ estate, path }: ArmCall): Operation {
  const operation = estate.operations.find(path.names[1] ?? '');
  if (!operation) throw new ArmFault(404, 'OperationNotFound', `Operation ${path.names[1]} was not found.`);
  return operation;
}

function link({ origin, path, apiVersion }: ArmCall, { region }: Gateway, kind: string, { id }: Operation): string {
  return `${origin}/subscriptions/${path.subscription}/providers/Microsoft.Network/locations/${region.name}/${kind}/${id}?api-version=${apiVersion}`;
}
