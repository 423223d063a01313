/**
 * Key Vault's certificates. Rules kept: a token for Key Vault, not ARM's (401); an api-version; `exp` in seconds; pages
 * with `nextLink`, `maxresults` at most 25 (learn.microsoft.com/rest/api/keyvault/certificates/get-certificates). In
 * Azure each vault has a host of its own: here they share one, each under its name.
 */
import type { Estate } from './estate.ts';
import type { Identity } from './identity.ts';
import type { Call, Handler, Reply } from './json-server.ts';
import { pageOf } from './page-of.ts';

const audience = 'https://vault.azure.net';

export function createVaultHandler({ estate, identity }: { estate: Estate; identity: Identity }): Handler {
  return (call) => answer(estate, identity, call);
}

function answer(estate: Estate, identity: Identity, { method, url, headers, origin }: Call): Reply {
  const refuse = (status: number, code: string, message: string): Reply => ({
    status,
    body: { error: { code, message } },
  });
  const [, token] = /^Bearer (.+)$/i.exec(headers.authorization ?? '') ?? [];
  const problem = identity.check(token, [audience]);
  if (problem) return refuse(401, 'Unauthorized', problem.message);
  if (!url.searchParams.get('api-version')) return refuse(400, 'BadParameter', 'The api-version is missing.');
  const [, vault] = /^\/([\w-]+)\/certificates$/.exec(url.pathname) ?? [];
  if (method !== 'GET' || vault === undefined || !estate.upkeep.keyVaults.includes(vault)) {
    return refuse(404, 'NotFound', 'There is no such vault or object.');
  }
  const size = Math.min(Number(url.searchParams.get('maxresults')) || 25, 25);
  const all = estate.upkeep.certificates.filter((one) => one.vault === vault);
  const { value, nextLink = null } = pageOf(all, size, { url, origin });
  const certificates = value.map(({ name, enabled, expiresAt }) => ({
    id: `${origin}/${vault}/certificates/${name}`,
    attributes: { enabled, exp: Math.floor(expiresAt / 1000) },
  }));
  return { status: 200, body: { value: certificates, nextLink } };
}
