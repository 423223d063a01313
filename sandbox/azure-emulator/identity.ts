import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readCall, send } from './http.ts';

/** Tokens live an hour here; Azure's of a managed identity live a day. */
const lifeMs = 3_600_000;

/**
 * The managed identity of Container Apps and App Service (api-version 2019-08-01): GET with the secret header, over
 * plain http on loopback. Tokens look like JWTs and are remembered; ARM refuses those that it did not give.
 */
export async function startIdentity(now: () => number) {
  const header = randomBytes(16).toString('hex');
  const given = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const call = await readCall(request, 'http://127.0.0.1');
    if (call.headers['x-identity-header'] !== header)
      return send(response, { status: 401, body: { statusCode: 401, message: 'No X-IDENTITY-HEADER' } });
    const resource = call.query.get('resource');
    if (!resource || call.query.get('api-version') !== '2019-08-01')
      return send(response, {
        status: 400,
        body: { statusCode: 400, message: 'resource and api-version are required' },
      });
    const until = now() + lifeMs;
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = `${part({ alg: 'none', typ: 'JWT' })}.${part({ aud: resource, exp: Math.floor(until / 1000), n: randomBytes(8).toString('hex') })}.x`;
    given.set(token, until);
    send(response, {
      status: 200,
      body: { access_token: token, expires_on: String(Math.floor(until / 1000)), resource, token_type: 'Bearer' },
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/msi/token`,
    header,
    knows: (authorization: string | undefined): boolean => {
      // Cosmos carries the token as `type=aad&ver=1.0&sig=<token>`, encoded.
      const token = decodeURIComponent(authorization ?? '').replace(/^(Bearer |type=aad&ver=1\.0&sig=)/, '');
      return (given.get(token) ?? 0) > now();
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
