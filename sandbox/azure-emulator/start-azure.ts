import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AcceptedWrite, AzureEmulator, AzureFaults } from '../contract.ts';
import { type Certificate, createCertificate } from './certificate.ts';
import { containerAppRoutes } from './container-apps.ts';
import { cosmosReply } from './cosmos.ts';
import { EstateState } from './estate-state.ts';
import { type GatewayTrouble, gatewayRoutes } from './gateways.ts';
import { armError, type Reply, readCall, send } from './http.ts';
import { startIdentity } from './identity.ts';
import { metricsReply, otherRoutes } from './other-resources.ts';
import { estateFile, subscriptionId } from './seed.ts';

export interface AzureOptions {
  /** How long a gateway update takes; Azure's takes minutes. Default 3 s. */
  readonly gatewayDelayMs?: number;
  /** `drain` of the estate file. Default 5s. */
  readonly drain?: string;
  readonly now?: () => number;
  /** Default: a new one. */
  readonly certificate?: Certificate;
}

interface Troubles {
  throttle: { times: number; retryAfter: number; writes: boolean };
  lose: number;
  refuse: { times: number; status: number; code: string };
  latencyMs: number;
}

/** Told before and after a write is accepted, and before its answer goes out: where crash tests pull the plug. */
export type WriteWatcher = (phase: 'arrived' | 'accepted', write: { method: string; path: string }) => void;

/** The emulator with what only tests need. */
export interface AzureTestEmulator extends AzureEmulator {
  watchWrites(watcher: WriteWatcher): void;
}

/**
 * Azure on loopback, over TLS: ARM, metrics, Cosmos on one port, the managed identity on another. Kept of ARM: api-version
 * and a token that identity gave are required, ids in any case, errors in ARM's shape, 429 with Retry-After.
 * Each resource's own rules stand in its file.
 */
export async function startAzureEmulator({
  gatewayDelayMs = 3_000,
  drain = '5s',
  now = Date.now,
  certificate,
}: AzureOptions = {}): Promise<AzureTestEmulator> {
  const state = new EstateState(now);
  const [{ key, cert }, identity] = await Promise.all([certificate ?? createCertificate(), startIdentity(now)]);
  const gateway: GatewayTrouble = { delayMs: gatewayDelayMs, hangs: false, failNext: false };
  const troubles: Troubles = {
    throttle: { times: 0, retryAfter: 1, writes: false },
    lose: 0,
    refuse: { times: 0, status: 500, code: '' },
    latencyMs: 0,
  };
  const accepted: AcceptedWrite[] = [];
  const routes = [gatewayRoutes(state, gateway), containerAppRoutes(state), otherRoutes(state)];
  let watcher: WriteWatcher = () => undefined;

  const server = createHttps(
    { key, cert },
    (request, response) => void take(request, response).catch(() => response.destroy()),
  );
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = await readCall(request, origin);
    if (!identity.knows(request.headers.authorization))
      return send(response, armError(401, 'InvalidAuthenticationToken', 'The access token is missing or invalid.'));
    if (troubles.latencyMs > 0) await sleep(troubles.latencyMs);
    if (call.path === '/' || call.path.startsWith('/dbs/')) return send(response, cosmosReply(call));
    if (!call.query.get('api-version'))
      return send(
        response,
        armError(
          400,
          'MissingApiVersionParameter',
          'The api-version query parameter (?api-version=) is required for all requests.',
        ),
      );
    if (call.path.endsWith('/metrics:getBatch')) return send(response, metricsReply(state, call));

    const writes = call.method === 'PUT' || call.method === 'DELETE' || /\/(de)?activate$/.test(call.path);
    const refusal = refused(writes);
    if (refusal) return send(response, refusal);
    if (writes) watcher('arrived', call);
    const reply: (Reply & { changed?: boolean }) | undefined = routes
      .map((route) => route(call))
      .find((one) => one !== undefined);
    if (!reply)
      return send(
        response,
        armError(404, 'ResourceNotFound', `The resource ${call.path.split('/').slice(-2).join('/')} was not found.`),
      );
    if (writes && reply.status < 300) {
      accepted.push({
        at: now(),
        method: call.method,
        path: call.path,
        changed: reply.changed ?? false,
        clientRequestId: String(call.headers['x-ms-client-request-id'] ?? ''),
      });
      watcher('accepted', call);
      state.changed();
      if (troubles.lose > 0) {
        troubles.lose -= 1;
        return void request.socket.destroy();
      }
    }
    send(response, reply);
  }

  function refused(writes: boolean): Reply | undefined {
    const { throttle, refuse } = troubles;
    if (throttle.times > 0 && (writes || !throttle.writes)) {
      throttle.times -= 1;
      return armError(429, 'TooManyRequests', 'The request is being throttled.', {
        'retry-after': String(throttle.retryAfter),
      });
    }
    if (writes && refuse.times > 0) {
      refuse.times -= 1;
      return armError(refuse.status, refuse.code, 'The request was refused.');
    }
    return undefined;
  }

  /** What the page says is broken on purpose. */
  function trouble(): string[] {
    return [
      ...(troubles.throttle.times > 0 ? [`${troubles.throttle.times} ARM requests will be throttled`] : []),
      ...(troubles.latencyMs > 0 ? [`ARM answers after ${troubles.latencyMs} ms`] : []),
      ...(gateway.hangs
        ? ['gateway updates never end']
        : gateway.delayMs > gatewayDelayMs
          ? [`gateway updates take ${gateway.delayMs / 1000} s`]
          : []),
      ...(gateway.failNext ? ['the next gateway update fails'] : []),
    ];
  }

  const changing =
    <Args extends unknown[]>(change: (...args: Args) => void) =>
    (...args: Args) => {
      change(...args);
      state.changed();
    };

  const faults: AzureFaults = {
    failCell: changing((cell) => setFailed(cell, true)),
    healCell: changing((cell) => setFailed(cell, false)),
    gatewayDelay: changing((ms) => {
      gateway.delayMs = ms;
    }),
    gatewayHangs: changing((on) => {
      gateway.hangs = on;
      if (!on)
        for (const one of state.gateways.values()) if (one.pending) one.settlesAt = Math.min(one.settlesAt, now());
    }),
    throttle: changing((times, retryAfterSeconds, onlyWrites = false) => {
      troubles.throttle = { times, retryAfter: retryAfterSeconds, writes: onlyWrites };
    }),
    loseAnswers: changing((times) => {
      troubles.lose = times;
    }),
    refuseWrites: changing((times, status, code) => {
      troubles.refuse = { times, status, code };
    }),
    failOperation: changing(() => {
      gateway.failNext = true;
    }),
    latency: changing((ms) => {
      troubles.latencyMs = ms;
    }),
    setPool: changing((name, addresses) => {
      const cell = state.cell(name);
      if (!cell) return;
      const target = state.gateway(cell.region);
      target.pools.set(`${name}-backend`, [...addresses]);
      target.etag += 1;
    }),
    setRevision: changing((name, revision, active) => {
      const found = state.cell(name)?.revisionStates.find((one) => one.name === revision);
      if (found && found.active !== active) Object.assign(found, { active, changedAt: now() });
    }),
  };

  function setFailed(name: string, failed: boolean): void {
    const cell = state.cell(name);
    if (cell) cell.failed = failed;
  }

  return {
    armUrl: origin,
    metricsUrl: origin,
    cosmosUrl: origin,
    ca: cert,
    env: {
      IDENTITY_ENDPOINT: identity.endpoint,
      IDENTITY_HEADER: identity.header,
      AZURE_RESOURCE_MANAGER_URL: origin,
      AZURE_METRICS_URL: origin,
      AZURE_LOGS_URL: origin,
      AZURE_SUBSCRIPTION_ID: subscriptionId,
      AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential',
    },
    estateFile: estateFile(origin, origin, drain),
    snapshot: () => state.snapshot(trouble()),
    subscribe: (listener) => state.subscribe(listener),
    faults,
    accepted,
    configuration: () => ({
      pools: Object.fromEntries(
        [...state.gateways.keys()].map((region) => [region, Object.fromEntries(state.gateway(region).pools)]),
      ),
      revisions: Object.fromEntries(
        state.cells.map(({ name, revisionStates }) => [
          name,
          Object.fromEntries(revisionStates.map((revision) => [revision.name, revision.active])),
        ]),
      ),
      rules: Object.fromEntries(state.rules),
    }),
    watchWrites: (next) => {
      watcher = next;
    },
    async close() {
      server.closeAllConnections();
      await Promise.all([new Promise((closed) => server.close(closed)), identity.close()]);
    },
  };
}
