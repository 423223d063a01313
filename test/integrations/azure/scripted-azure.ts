import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Estate } from '../../../src/domain/estate.ts';
import { createAzure } from '../../../src/integrations/azure/create-azure.ts';
import type { AzurePorts } from '../../../src/ports/azure.ts';
import { type Clock, systemClock } from '../../../src/ports/clock.ts';
import { trustedCertificate } from '../../support/trusted-certificate.ts';

export interface Asked {
  readonly method: string;
  /** Without query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Told {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object goes out as JSON, a string as it is. */
  readonly body?: unknown;
  /** `lost`: the connection breaks before the answer; `never`: no answer at all. */
  readonly answer?: 'lost' | 'never';
}

/** An HTTPS server on loopback that answers what a test tells it, request by request: what no well-kept emulator does. */
export interface ScriptedAzure {
  readonly url: string;
  readonly asked: Asked[];
  /** The answers to come, in order; the last one stays. */
  tell(...answers: (Told | ((request: Asked) => Told))[]): void;
  client(options?: { deadlineMs?: number; clock?: Clock }): AzurePorts;
  close(): Promise<void>;
}

export const subscription = '11111111-2222-3333-4444-555555555555';
export const group = `/subscriptions/${subscription}/resourceGroups/rg-stamps`;
export const gatewayId = `${group}/providers/Microsoft.Network/applicationGateways/agw-stamps`;
export const poolId = `${gatewayId}/backendAddressPools/cell-a-backend`;
export const appId = `${group}/providers/Microsoft.App/containerApps/app-cell-a`;
export const revisionId = `${appId}/revisions/app-cell-a--one`;
export const ruleId = `${group}/providers/Microsoft.AlertsManagement/actionRules/stamps-silence-cell-a`;
export const profileId = `${group}/providers/Microsoft.Network/trafficManagerProfiles/tm-stamps`;

export const workspaceId = '99999999-2222-4333-8444-555555555555';

export const never = new AbortController().signal;
/** Time passes only where somebody sleeps. */
export function steppingClock(): Clock & { readonly slept: number[] } {
  let now = Date.parse('2026-05-04T10:00:00Z');
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    sleep: async (ms) => {
      slept.push(ms);
      now += ms;
    },
  };
}

export async function startScriptedAzure(): Promise<ScriptedAzure> {
  const { key, cert } = trustedCertificate();
  const asked: Asked[] = [];
  let script: (Told | ((request: Asked) => Told))[] = [];
  const server = createServer({ key, cert }, async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const url = new URL(request.url ?? '/', 'https://localhost');
    const body = Buffer.concat(parts).toString();
    const it: Asked = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body,
    };
    asked.push(it);
    const next = (script.length > 1 ? script.shift() : script[0]) ?? { status: 500 };
    const told = typeof next === 'function' ? next(it) : next;
    if (told.answer === 'never') return;
    if (told.answer === 'lost') return void request.socket.destroy();
    const text = typeof told.body === 'string' ? told.body : told.body === undefined ? '' : JSON.stringify(told.body);
    response.writeHead(told.status ?? 200, { 'content-type': 'application/json', ...told.headers }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const url = `https://localhost:${(server.address() as AddressInfo).port}`;

  return {
    url,
    asked,
    tell: (...answers) => {
      script = answers;
      asked.length = 0;
    },
    client: ({ deadlineMs = 5_000, clock = systemClock } = {}) =>
      createAzure({
        estate: {
          tenants: { endpoint: url, database: 'globaldb', container: 'tenants' },
          logsWorkspaceId: workspaceId,
        } as Estate,
        armUrl: url,
        logsUrl: url,
        credential: { getToken: async () => ({ token: 'token', expiresOnTimestamp: Date.now() + 3_600_000 }) },
        deadlineMs,
        clock,
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
