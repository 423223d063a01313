import { z } from 'zod';
import type { ReadinessPort, ShownCertificate } from '../../ports/readiness.ts';
import type { UpkeepPort } from '../../ports/upkeep.ts';
import { gatewayApiVersion, gatewayType } from './application-gateway.ts';
import { armList } from './arm-list.ts';
import type { AzureContext } from './azure-context.ts';
import { appType } from './container-app.ts';
import { parseArmId } from './parse-arm-id.ts';
import { publicCertificateEnd } from './public-certificate.ts';

/** azure-rest-api-specs: Microsoft.App ContainerApps.json, ManagedEnvironments.json (Usages); Microsoft.Cdn afdx.json (Secrets). */
const appVersion = '2024-03-01';
const cdnVersion = '2024-02-01';
const environmentType = 'Microsoft.App/managedEnvironments';
const profileType = 'Microsoft.Cdn/profiles';
const coresOfConsumption = 'ManagedEnvironmentConsumptionCores';

const container = z.looseObject({ resources: z.looseObject({ cpu: z.number().nullish() }).nullish() });
const appSchema = z.looseObject({
  properties: z.looseObject({
    environmentId: z.string().nullish(),
    managedEnvironmentId: z.string().nullish(),
    workloadProfileName: z.string().nullish(),
    template: z.looseObject({ containers: z.array(container).nullish() }).nullish(),
  }),
});
const usage = z.looseObject({
  name: z.looseObject({ value: z.string() }),
  currentValue: z.number(),
  limit: z.number(),
});
const gatewaySchema = z.looseObject({
  properties: z.looseObject({
    sslCertificates: z
      .array(
        z.looseObject({
          name: z.string(),
          properties: z.looseObject({
            publicCertData: z.string().nullish(),
            keyVaultSecretId: z.string().nullish(),
          }),
        }),
      )
      .default([]),
  }),
});
const secret = z.looseObject({
  name: z.string(),
  properties: z.looseObject({
    parameters: z.looseObject({ type: z.string().nullish(), expirationDate: z.coerce.date().nullish() }).nullish(),
  }),
});

/** What a region needs, beside cells that run, before it can take over. */
export function createReadiness({ arm, call }: AzureContext, vaults: UpkeepPort['certificates']): ReadinessPort {
  return {
    async quota(appId, signal) {
      const [name] = parseArmId(appId, appType).names;
      const { properties } = await call.read(`read the container app ${name}`, signal, async (abortSignal) =>
        appSchema.parse((await arm.send({ method: 'GET', path: appId, apiVersion: appVersion }, abortSignal)).body),
      );
      const environmentId = properties.environmentId ?? properties.managedEnvironmentId ?? '';
      const [environment] = parseArmId(environmentId, environmentType).names;
      const each = (properties.template?.containers ?? []).map(({ resources }) => resources?.cpu ?? undefined);
      const known = each.length > 0 && each.every((cpu) => cpu !== undefined);
      // A dedicated profile has its own nodes: the limit of the consumption profile is not its.
      const dedicated = !/^consumption$/i.test(properties.workloadProfileName ?? 'Consumption');
      const usages = dedicated
        ? []
        : await call.read(`read what ${environment} uses`, signal, (abortSignal) =>
            armList(arm, { path: `${environmentId}/usages`, apiVersion: appVersion }, usage, abortSignal),
          );
      const cores = usages.find((one) => one.name.value.toLowerCase() === coresOfConsumption.toLowerCase());
      return {
        environment,
        ...(known && { coresPerReplica: each.reduce<number>((sum, cpu) => sum + (cpu ?? 0), 0) }),
        ...(cores && { cores: { used: cores.currentValue, limit: cores.limit } }),
      };
    },

    async gatewayCertificates(gatewayId, signal) {
      const { names, subscriptionId } = parseArmId(gatewayId, gatewayType);
      const { properties } = await call.read(`read the gateway ${names[0]}`, signal, async (abortSignal) =>
        gatewaySchema.parse(
          (await arm.send({ method: 'GET', path: gatewayId, apiVersion: gatewayApiVersion }, abortSignal)).body,
        ),
      );
      const found = properties.sslCertificates.map(({ name, properties: { publicCertData, keyVaultSecretId } }) => ({
        name,
        end: publicCertData ? publicCertificateEnd(publicCertData) : undefined,
        secret: vaultSecret(keyVaultSecretId ?? ''),
      }));
      const asked = found.some(({ end, secret }) => end === undefined && secret !== undefined);
      const inVaults = asked ? (await vaults(subscriptionId, signal)).found : [];
      return found.map(({ name, end, secret }): ShownCertificate => {
        const kept = inVaults.find(
          (one) => one.vault.toLowerCase() === secret?.vault && one.name.toLowerCase() === secret.name,
        );
        const expiresAt = end ?? (kept && Date.parse(kept.expiresAt));
        return { name: secret?.name ?? name, ...(expiresAt !== undefined && { expiresAt }) };
      });
    },

    async frontDoorCertificates(frontDoorId, signal) {
      const [name] = parseArmId(frontDoorId, profileType).names;
      const secrets = await call.read(`list the certificates of ${name}`, signal, (abortSignal) =>
        armList(arm, { path: `${frontDoorId}/secrets`, apiVersion: cdnVersion }, secret, abortSignal),
      );
      return secrets
        .filter(({ properties }) => /certificate/i.test(properties.parameters?.type ?? ''))
        .map(({ name, properties }) => {
          const expiresAt = properties.parameters?.expirationDate?.getTime();
          return { name, ...(expiresAt !== undefined && { expiresAt }) };
        });
    },
  };
}

/** `https://kv-stamps.vault.azure.net/secrets/stamps-tls/…`: the vault and the certificate of the same name. */
function vaultSecret(id: string): { vault: string; name: string } | undefined {
  const [, vault, name] = /^https:\/\/([a-z0-9-]{3,24})\.[^/]+\/secrets\/([a-z0-9-]{1,127})(?:\/|$)/i.exec(id) ?? [];
  return vault === undefined || name === undefined
    ? undefined
    : { vault: vault.toLowerCase(), name: name.toLowerCase() };
}
