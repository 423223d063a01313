/**
 * Azure Resource Manager. Rules kept for every request, in this order: bearer token for ARM (401, with
 * WWW-Authenticate), api-version (400 MissingApiVersionParameter), known subscription, group and type (404), token
 * buckets (429, Retry-After; rate-limits.ts), ids in any case; errors as `{ error: { code, message } }`,
 * x-ms-request-id and the caller's own id in every answer. Sources: learn.microsoft.com, “Understand how Azure
 * Resource Manager throttles requests”, “Resolve errors for resource not found”; azure-resource-manager-rpc,
 * common-api-details.md.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { activityRoutes } from './activity-routes.ts';
import { apimRoutes } from './apim-routes.ts';
import { ArmFault, invalid } from './arm-fault.ts';
import { type ArmPath, parseArmPath } from './arm-path.ts';
import { automationRoutes } from './automation-routes.ts';
import { containerAppRoutes } from './container-app-routes.ts';
import type { AcceptedWrite } from './contract.ts';
import { dataRoutes } from './data-routes.ts';
import type { Estate } from './estate.ts';
import type { Faults } from './faults.ts';
import { frontDoorRoutes } from './front-door-routes.ts';
import { gatewayRoutes } from './gateway-routes.ts';
import type { Identity } from './identity.ts';
import type { Call, Handler, Reply } from './json-server.ts';
import { subscriptionId } from './layout.ts';
import { actionGroupRoutes } from './monitor/action-group-routes.ts';
import { alertRuleRoutes } from './monitor/alert-rule-routes.ts';
import { logRuleRoutes } from './monitor/log-rule-routes.ts';
import type { RateLimits } from './rate-limits.ts';
import { blobServiceRoutes } from './recovery/blob-service-routes.ts';
import { cosmosStoreRoutes } from './recovery/cosmos-routes.ts';
import { sqlDatabaseRoutes } from './recovery/sql-database-routes.ts';
import { sqlScaleRoutes } from './recovery/sql-scale-routes.ts';
import { resourceHealthRoutes } from './resource-health-routes.ts';
import { resourceListRoutes } from './resource-list.ts';
import { type Route, routeKey } from './route.ts';
import { refuseOtherVersions, silenceRoutes } from './silence-routes.ts';
import { storageRoutes } from './storage-routes.ts';
import { trafficRoutes } from './traffic-routes.ts';
import { upkeepRoutes } from './upkeep-routes.ts';

/** Told when a write arrives, and when it was done and before its answer goes out: where crash tests pull the plug. */
export type WriteWatcher = (phase: 'arrived' | 'accepted', write: { method: string; path: string }) => void;

export interface ArmWorld {
  readonly estate: Estate;
  readonly faults: Faults;
  readonly identity: Identity;
  /** Undefined: unlimited. */
  readonly limits: RateLimits | undefined;
  readonly accepted: AcceptedWrite[];
  readonly backendHealthDelayMs: number;
  watcher: WriteWatcher;
  /** How many requests came, by method. */
  readonly requests: Map<string, number>;
}

const routes = new Map<string, Route>(
  [
    ...gatewayRoutes,
    ...containerAppRoutes,
    ...silenceRoutes,
    ...alertRuleRoutes,
    ...logRuleRoutes,
    ...sqlDatabaseRoutes,
    ...sqlScaleRoutes,
    ...cosmosStoreRoutes,
    ...blobServiceRoutes,
    ...actionGroupRoutes,
    ...trafficRoutes,
    ...resourceListRoutes,
    ...dataRoutes,
    ...storageRoutes,
    ...frontDoorRoutes,
    ...activityRoutes,
    ...upkeepRoutes,
    ...apimRoutes,
    ...automationRoutes,
    ...resourceHealthRoutes,
  ].map((route) => [route.on, route]),
);
/** What a token for ARM may be for: the public cloud's names, or the address that the client was given. */
const audiences = ['https://management.azure.com', 'https://management.core.windows.net'];
const keptWrites = 10_000;

export function createArmHandler(world: ArmWorld): Handler {
  return async (call) => {
    world.requests.set(call.method, (world.requests.get(call.method) ?? 0) + 1);
    if (world.faults.latencyMs > 0) await sleep(world.faults.latencyMs);
    const reply = answer(world, call);
    if (reply === 'reset') return reply;
    const clientId = call.headers['x-ms-client-request-id'];
    const ids = {
      date: new Date(world.estate.now()).toUTCString(),
      'x-ms-request-id': randomUUID(),
      'x-ms-correlation-request-id': randomUUID(),
      ...(typeof clientId === 'string' && { 'x-ms-client-request-id': clientId }),
    };
    return { ...reply, headers: { ...ids, ...reply.headers } };
  };
}

function answer(world: ArmWorld, call: Call): Reply | 'reset' {
  const { estate, faults, limits, accepted, backendHealthDelayMs } = world;
  try {
    authenticate(world.identity, call);
    estate.settle();
    const { path, route, apiVersion } = find(call, groupsOf(estate));
    const isWrite = route.writes ?? ['PUT', 'PATCH', 'DELETE'].includes(call.method);
    const operation = `${call.method}/SUBSCRIPTIONS/RESOURCEGROUPS/PROVIDERS/${path.type.toUpperCase()}`;
    const now = estate.now();
    const left = limits?.take(call.method, path.type, operation, now);
    faults.refuse(isWrite, operation);
    const write = { method: call.method, path: call.url.pathname };
    if (isWrite) world.watcher('arrived', write);
    const { changed, ...reply } = route.run({ ...call, path, apiVersion, estate, faults, now, backendHealthDelayMs });
    if (isWrite) {
      const clientRequestId = String(call.headers['x-ms-client-request-id'] ?? '');
      accepted.push({ at: now, ...write, changed: changed ?? true, clientRequestId });
      if (accepted.length > keptWrites) accepted.shift();
      world.watcher('accepted', write);
      estate.changed();
      if (faults.takeLoss()) return 'reset';
    }
    return { ...reply, headers: { ...left, ...reply.headers } };
  } catch (error) {
    if (error instanceof ArmFault) return error.reply;
    throw error;
  }
}

function authenticate(identity: Identity, { headers, origin }: Call): void {
  const [, token] = /^Bearer (.+)$/i.exec(headers.authorization ?? '') ?? [];
  const problem = identity.check(token, [...audiences, origin]);
  if (!problem) return;
  const challenge = `Bearer authorization_uri="https://login.microsoftonline.com", error="invalid_token", error_description="${problem.message}"`;
  throw new ArmFault(401, problem.code, problem.message, { 'www-authenticate': challenge });
}

function groupsOf({ regions }: Estate): string[] {
  return regions.map(({ resourceGroup }) => resourceGroup.toLowerCase());
}

function find({ method, url }: Call, groups: readonly string[]): { path: ArmPath; route: Route; apiVersion: string } {
  const apiVersion = url.searchParams.get('api-version');
  if (!apiVersion)
    throw invalid(
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    );
  if (!/^\d{4}-\d{2}-\d{2}(-preview)?$/.test(apiVersion))
    throw invalid('InvalidApiVersionParameter', `The api-version '${apiVersion}' is invalid.`);
  const path = parseArmPath(url.pathname, method);
  if (!path) throw new ArmFault(404, 'InvalidResourceId', `The path '${url.pathname}' is no resource’s.`);
  if (path.subscription !== subscriptionId)
    throw new ArmFault(404, 'SubscriptionNotFound', `The subscription '${path.subscription}' could not be found.`);
  if (path.group !== undefined && !groups.includes(path.group.toLowerCase())) {
    throw new ArmFault(404, 'ResourceGroupNotFound', `Resource group '${path.group}' could not be found.`);
  }
  refuseOtherVersions(path.type, apiVersion);
  const route = routes.get(routeKey(method, path));
  if (route && apiVersion >= route.since) return { path, route, apiVersion };
  if (route)
    throw invalid(
      'NoRegisteredProviderFound',
      `The emulator knows ${path.type} since api-version ${route.since} only.`,
    );
  if ([...routes.keys()].some((key) => key.split(' ')[1]?.split(/[:[]/)[0] === path.type)) {
    throw new ArmFault(405, 'HttpMethodNotAllowed', `The emulator does not do ${method} here.`);
  }
  throw new ArmFault(
    404,
    'InvalidResourceType',
    `The resource type '${path.type}' could not be found for api version '${apiVersion}'.`,
  );
}
