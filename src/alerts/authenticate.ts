import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import { OpsError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Secret } from '../secret.ts';

/** Who may post alerts: who knows the secret, or brings an Entra token of this directory for this audience. */
export type AlertAccess =
  | { readonly secret: Secret }
  | { readonly audience: string; readonly entraTenantId: string; readonly authorityUrl: string };

/** Whose alerts come in at a path. */
export type Poster = 'azure-monitor' | 'generic';

/**
 * Resolves when the request may post, rejects with `not-allowed` when it may not, with `unavailable` when the keys
 * that would tell can't be had now.
 */
export type Authenticate = (request: IncomingMessage, poster: Poster) => Promise<void>;

/** “AzNS AAD Webhook”, the one application that Azure's action groups call secure webhooks as (learn.microsoft.com, “Action groups”). */
const actionGroupsAppId = '461e8683-5575-4561-ac7f-899cc907d62a';
/** App roles of our registration: Microsoft's script for secure webhooks makes the first one under this name. */
const roleOf: Readonly<Record<Poster, string>> = {
  'azure-monitor': 'ActionGroupsSecureWebhook',
  generic: 'Alerts.Post',
};
const clockToleranceSeconds = 60;
const keysTimeoutMs = 4_000;

/** Undefined: nobody may post. */
export function createAuthenticate(access: AlertAccess | undefined, clock: Clock): Authenticate {
  if (access === undefined) {
    return async () => {
      throw new OpsError('not-allowed', 'Nobody may post alerts yet.', {
        hint: 'Set STAMPS_ALERT_SECRET or STAMPS_ALERT_AUDIENCE.',
      });
    };
  }
  return 'secret' in access ? bySecret(access.secret) : byToken(access, clock);
}

/** Longer than any secret that somebody would set. */
const secretBytes = 1_024;

/** An action group's plain webhook can carry a secret in its address only; what is not Azure may use a header. */
function bySecret(secret: Secret): Authenticate {
  const wanted = Buffer.alloc(secretBytes);
  wanted.write(secret.reveal());
  // One for all requests: a thousand bytes for each would be most of what a storm of them leaves to be cleared away.
  const padded = Buffer.alloc(secretBytes);
  return async (request) => {
    const given = bearer(request) ?? querySecret(request.url ?? '');
    // Of one length, so that the comparison takes the same time for every guess. A secret holds no NUL.
    padded.fill(0, padded.write(given));
    if (!timingSafeEqual(padded, wanted) || Buffer.byteLength(given) > secretBytes) {
      throw refused('The secret is missing or wrong.');
    }
  };
}

function querySecret(url: string): string {
  const at = url.indexOf('?');
  return at < 0 ? '' : (new URLSearchParams(url.slice(at + 1)).get('secret') ?? '').replaceAll('\0', '?');
}

function byToken(access: Exclude<AlertAccess, { readonly secret: Secret }>, clock: Clock): Authenticate {
  const { entraTenantId, authorityUrl } = access;
  const authority = authorityUrl.replace(/\/+$/, '');
  const keys = createRemoteJWKSet(new URL(`${authority}/${entraTenantId}/discovery/v2.0/keys`), {
    timeoutDuration: keysTimeoutMs,
  });
  const plain = access.audience.replace(/^api:\/\//, '');
  return async (request, poster) => {
    const token = bearer(request);
    if (token === undefined) throw refused('The token is missing.');
    const claims = await verified(token);
    if (claims.tid !== entraTenantId) throw refused('The token is of another directory.');
    const roles = Array.isArray(claims.roles) ? claims.roles : [];
    if (!roles.includes(roleOf[poster])) throw refused(`The token lacks the role ${roleOf[poster]}.`);
    // Tokens of version 1 say `appid`, those of version 2 `azp`.
    const appId = claims.ver === '2.0' ? claims.azp : claims.appid;
    if (typeof appId !== 'string') throw refused('The token does not say which application it is of.');
    if (poster === 'azure-monitor' && appId !== actionGroupsAppId)
      throw refused('The token is of another application.');
  };

  async function verified(token: string): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, keys, {
        algorithms: ['RS256'],
        issuer: [`https://sts.windows.net/${entraTenantId}/`, `${authority}/${entraTenantId}/v2.0`],
        audience: [plain, `api://${plain}`],
        requiredClaims: ['exp', 'iss', 'aud', 'tid'],
        currentDate: new Date(clock.now()),
        clockTolerance: clockToleranceSeconds,
      });
      return payload;
    } catch (cause) {
      const kept = cause instanceof errors.JOSEError && !(cause instanceof errors.JWKSTimeout);
      // A key set that is not there, or not a key set, says nothing about the token.
      if (kept && cause.code !== 'ERR_JWKS_INVALID' && cause.code !== 'ERR_JOSE_GENERIC') {
        throw refused('The token is not valid.', cause);
      }
      throw new OpsError('unavailable', 'Entra’s keys can’t be read, so the token can’t be checked.', {
        service: 'Entra ID',
        cause,
      });
    }
  }
}

function bearer(request: IncomingMessage): string | undefined {
  return /^Bearer ([\x21-\x7e]{1,16384})$/i.exec(request.headers.authorization ?? '')?.[1];
}

function refused(message: string, cause?: unknown): OpsError {
  return new OpsError('not-allowed', message, { cause });
}
