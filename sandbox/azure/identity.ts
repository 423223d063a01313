/**
 * The token endpoint that Container Apps and App Service give to an app with a managed identity, version 2019-08-01:
 * GET $IDENTITY_ENDPOINT?api-version&resource with the header X-IDENTITY-HEADER (source: msal-node, AppService.ts;
 * learn.microsoft.com, “Managed identities in Azure Container Apps”). Rules kept: the header is checked, `resource`
 * is required, `expires_on` is in seconds and a string. Tokens are signed; what is foreign, expired or for another
 * resource is refused by the services (401).
 */
import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import type { Call, Reply } from './json-server.ts';
import { subscriptionId } from './layout.ts';

/** One key for the process: MSAL keeps tokens for the process, and may bring one emulator's to the next. */
const signingKey = randomBytes(32);
const entraTenantId = '00000000-0000-4000-8000-00000000e72a';
const principalId = '00000000-0000-4000-8000-0000000b07a7';

export interface TokenProblem {
  /** ARM's words for it. */
  readonly code:
    | 'AuthenticationFailed'
    | 'InvalidAuthenticationToken'
    | 'ExpiredAuthenticationToken'
    | 'InvalidAuthenticationTokenAudience';
  readonly message: string;
}

export class Identity {
  /** For IDENTITY_HEADER. */
  readonly header = randomUUID();
  readonly #lifetimeMs: number;
  readonly #now: () => number;

  constructor({ lifetimeMs, now }: { lifetimeMs: number; now: () => number }) {
    this.#lifetimeMs = lifetimeMs;
    this.#now = now;
  }

  /** Answers the token endpoint. */
  readonly handle = ({ method, url, headers }: Call): Reply => {
    const refuse = (status: number, message: string) => ({ status, body: { statusCode: status, message } });
    if (method !== 'GET' || url.pathname !== '/msi/token') return refuse(404, 'There is no such endpoint.');
    if (headers['x-identity-header'] !== this.header)
      return refuse(401, 'The header X-IDENTITY-HEADER is missing or wrong.');
    if (url.searchParams.get('api-version') !== '2019-08-01') return refuse(400, 'The api-version must be 2019-08-01.');
    const resource = url.searchParams.get('resource');
    if (!resource) return refuse(400, 'The parameter resource is required.');
    const expiresOn = Math.floor((this.#now() + this.#lifetimeMs) / 1000);
    const body = {
      access_token: this.#issue(resource, expiresOn),
      expires_on: String(expiresOn),
      resource,
      token_type: 'Bearer',
      client_id: principalId,
    };
    return { status: 200, body };
  };

  /** What is wrong with a token for one of these resources; undefined when nothing is. */
  check(token: string | undefined, resources: readonly string[]): TokenProblem | undefined {
    if (!token) return { code: 'AuthenticationFailed', message: 'Authentication failed. The bearer token is missing.' };
    const [head = '', claims = '', signature = ''] = token.split('.');
    const given = Buffer.from(signature, 'base64url');
    const right = sign(`${head}.${claims}`);
    if (given.length !== right.length || !timingSafeEqual(given, right)) {
      return {
        code: 'InvalidAuthenticationToken',
        message: 'The access token is invalid: it is not of this directory.',
      };
    }
    const { aud, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as { aud: string; exp: number };
    if (exp * 1000 <= this.#now())
      return { code: 'ExpiredAuthenticationToken', message: 'The access token has expired.' };
    if (!resources.includes(aud.replace(/\/$/, ''))) {
      return {
        code: 'InvalidAuthenticationTokenAudience',
        message: `The access token has been obtained for the wrong audience '${aud}'.`,
      };
    }
    return undefined;
  }

  #issue(aud: string, exp: number): string {
    const now = Math.floor(this.#now() / 1000);
    const claims = {
      aud,
      iss: `https://sts.windows.net/${entraTenantId}/`,
      iat: now,
      nbf: now,
      exp,
      appid: principalId,
      oid: principalId,
      tid: entraTenantId,
      xms_mirid: `/subscriptions/${subscriptionId}/resourceGroups/rg-stamps-production/providers/Microsoft.App/containerApps/stamps-bot`,
    };
    const text = `${base64({ typ: 'JWT', alg: 'HS256' })}.${base64(claims)}`;
    return `${text}.${sign(text).toString('base64url')}`;
  }
}

function base64(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function sign(text: string): Buffer {
  return createHmac('sha256', signingKey).update(text).digest();
}
