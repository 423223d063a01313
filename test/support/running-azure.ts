import { DefaultAzureCredential } from '@azure/identity';
import type { AzureEmulator } from '../../sandbox/azure/contract.ts';
import { type AzureOptions, type AzureTestEmulator, startAzureEmulator } from '../../sandbox/azure/start-azure.ts';
import { parseEstate } from '../../src/domain/estate-file.ts';
import { createAzure } from '../../src/integrations/azure/create-azure.ts';
import { systemClock } from '../../src/ports/clock.ts';
import { trustedCertificate } from './trusted-certificate.ts';

export interface RunningAzure extends AzureTestEmulator {
  readonly credential: DefaultAzureCredential;
}

/** An Azure emulator that is quick, and that this process trusts and has an identity at. */
export async function startRunningAzure(options: AzureOptions = {}): Promise<RunningAzure> {
  const azure = await startAzureEmulator({
    gatewayDelayMs: 50,
    replicaDelayMs: 20,
    dnsTtlSeconds: 0,
    certificate: trustedCertificate(),
    ...options,
  });
  Object.assign(process.env, azure.env);
  return { ...azure, credential: new DefaultAzureCredential() };
}

/** The product's ports at an emulator, by its own estate file. */
export function portsOf(azure: RunningAzure, now: () => number) {
  const estate = parseEstate(azure.estateFile);
  const clock = { ...systemClock, now };
  const { armUrl, credential, env } = azure;
  return { estate, clock, ports: createAzure({ estate, armUrl, logsUrl: env.AZURE_LOGS_URL, credential, clock }) };
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

export interface ArmAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Undefined without a body. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever ARM answers
  readonly body: any;
}

/** Requests to ARM by hand, with a good token and an api-version unless the test says otherwise. */
export async function armOf(azure: AzureEmulator) {
  const token = await tokenFor(azure, 'https://management.azure.com');
  return async (
    method: string,
    path: string,
    { headers = {}, body }: { headers?: Record<string, string>; body?: unknown } = {},
  ): Promise<ArmAnswer> => {
    const url = path.startsWith('https:') ? path : `${azure.armUrl}${path}`;
    const answer = await fetch(url.includes('api-version') ? url : `${url}?api-version=2024-05-01`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text) };
  };
}
