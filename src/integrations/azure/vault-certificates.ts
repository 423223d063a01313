import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineRequest,
  RestError,
} from '@azure/core-rest-pipeline';
import { z } from 'zod';
import { isOpsError, OpsError } from '../../errors.ts';
import type { Certificates, UpkeepPort } from '../../ports/upkeep.ts';
import { armList, subscriptionPath } from './arm-list.ts';
import type { AzureContext } from './azure-context.ts';
import { parseArmId } from './parse-arm-id.ts';
import { translateError } from './translate-error.ts';

const vaultType = 'Microsoft.KeyVault/vaults';
const vault = z.looseObject({ id: z.string(), properties: z.looseObject({ vaultUri: z.string() }) });
/** `exp` in seconds since 1970 (learn.microsoft.com/rest/api/keyvault/certificates/get-certificates). */
const page = z.looseObject({
  value: z.array(
    z.looseObject({
      id: z.string(),
      attributes: z.looseObject({ enabled: z.boolean().default(true), exp: z.number().nullish() }),
    }),
  ),
  nextLink: z.string().nullish(),
});
const scope = 'https://vault.azure.net/.default';
const apiVersion = '7.4';
const mostPages = 100;

/** Certificates are in the vaults themselves: each has a host of its own, which ARM names. */
export function createVaultCertificates({ arm, call, credential, clock }: AzureContext): UpkeepPort['certificates'] {
  const client = createDefaultHttpClient();

  async function ask(url: string, signal: AbortSignal): Promise<z.output<typeof page>> {
    const token = await credential.getToken(scope, { abortSignal: signal });
    const headers = createHttpHeaders({ accept: 'application/json', authorization: `Bearer ${token?.token ?? ''}` });
    const request = createPipelineRequest({ url, method: 'GET', headers, abortSignal: signal });
    const response = await client.sendRequest(request);
    if (response.status !== 200) throw new RestError('', { statusCode: response.status, request, response });
    return page.parse(JSON.parse(response.bodyAsText ?? ''));
  }

  async function certificatesOf(name: string, uri: string, signal: AbortSignal): Promise<Certificates['found']> {
    const base = vaultHost(uri, arm.origin);
    const found: { id: string; vault: string; name: string; expiresAt: string }[] = [];
    let next: string | null | undefined = new URL(`certificates?api-version=${apiVersion}`, base).href;
    for (let pages = 0; next && pages < mostPages; pages += 1) {
      if (new URL(next).origin !== base.origin) throw elsewhere();
      const { value, nextLink }: z.output<typeof page> = await ask(next, signal);
      for (const { id, attributes } of value) {
        if (!attributes.enabled || attributes.exp == null) continue;
        const expiresAt = new Date(attributes.exp * 1000).toISOString();
        found.push({ id, vault: name, name: id.split('/').at(-1) ?? id, expiresAt });
      }
      next = nextLink;
    }
    return found;
  }

  return (subscriptionId, signal) =>
    call.read('read the certificates', signal, async (abortSignal) => {
      const path = `${subscriptionPath(subscriptionId)}/providers/${vaultType}`;
      const vaults = await armList(arm, { path, apiVersion: '2023-07-01' }, vault, abortSignal);
      const unread: string[] = [];
      const found = await Promise.all(
        vaults.map(async ({ id, properties }) => {
          const [name] = parseArmId(id, vaultType).names;
          try {
            return await certificatesOf(name, properties.vaultUri, abortSignal);
          } catch (error) {
            const translated = isOpsError(error)
              ? error
              : translateError(error, `read the certificates of ${name}`, clock.now());
            // One vault without access must not hide the others; what may pass is tried again as a whole.
            if (translated.transient) throw error;
            unread.push(name);
            return [];
          }
        }),
      );
      return { found: found.flat(), unread };
    });
}

/** A token for Key Vault goes to Key Vault only; an emulator serves it on ARM's own host. */
function vaultHost(uri: string, armOrigin: string): URL {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  const isVault = url !== undefined && /\.vault\.(azure\.net|azure\.cn|usgovcloudapi\.net)$/.test(url.hostname);
  if (url?.protocol === 'https:' && (isVault || url.hostname === new URL(armOrigin).hostname)) return url;
  throw elsewhere();
}

function elsewhere(): OpsError {
  return new OpsError('bad-response', 'Azure names a key vault at a host that is not Key Vault’s; it was not asked.', {
    service: 'Azure',
  });
}
