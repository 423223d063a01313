import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { DefaultAzureCredential } from '@azure/identity';
import { type AzureOptions, type AzureTestEmulator, startAzureEmulator } from '../../sandbox/azure/start-azure.ts';
import type { AzureEmulator } from '../../sandbox/contract.ts';

export interface RunningAzure extends AzureTestEmulator {
  readonly credential: DefaultAzureCredential;
}

/** An Azure emulator that is quick, and that this process trusts and has an identity at. */
export async function startRunningAzure(options: AzureOptions = {}): Promise<RunningAzure> {
  const azure = await startAzureEmulator({
    gatewayDelayMs: 50,
    replicaDelayMs: 20,
    ...(process.env.TEST_CERTIFICATE && { certificate: JSON.parse(process.env.TEST_CERTIFICATE) }),
    ...options,
  });
  setDefaultCACertificates([...getCACertificates('default'), azure.ca]);
  Object.assign(process.env, azure.env);
  return { ...azure, credential: new DefaultAzureCredential() };
}

/** A token as the managed identity gets it. */
export async function tokenFor({ env }: AzureEmulator, resource: string): Promise<string> {
  const answer = await fetch(
    `${env.IDENTITY_ENDPOINT}?api-version=2019-08-01&resource=${encodeURIComponent(resource)}`,
    {
      headers: { 'X-IDENTITY-HEADER': env.IDENTITY_HEADER ?? '' },
    },
  );
  const { access_token } = (await answer.json()) as { access_token: string };
  return access_token;
}
