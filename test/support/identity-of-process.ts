import { Identity } from '../../sandbox/azure/identity.ts';
import { startJsonServer } from '../../sandbox/azure/json-server.ts';

let started: Promise<{ IDENTITY_ENDPOINT: string; IDENTITY_HEADER: string }> | undefined;

/**
 * The managed identity of this process, for all worlds in it: MSAL asks, as long as the process lives, where it asked
 * first (msal-node, ManagedIdentityClient.identitySource). Its tokens hold for every emulator in the process.
 */
export function identityOfProcess() {
  started ??= start();
  return started;
}

async function start() {
  const identity = new Identity({ lifetimeMs: 86_400_000, now: Date.now });
  const { url } = await startJsonServer(identity.handle);
  return { IDENTITY_ENDPOINT: `${url}/msi/token`, IDENTITY_HEADER: identity.header };
}
