import type { ContainerAppsAPIClient } from '@azure/arm-appcontainers';
import { z } from 'zod';
import type { ContainerApp } from '../../ports/azure.ts';
import type { AzureContext } from './azure-context.ts';
import { parseArmId } from './parse-arm-id.ts';

export const appType = 'Microsoft.App/containerApps';
export type ClientOf = (subscriptionId: string) => ContainerAppsAPIClient;

export const scale = z.looseObject({ minReplicas: z.number().nullish(), maxReplicas: z.number().nullish() }).nullish();
const weight = z.looseObject({ latestRevision: z.boolean().nullish(), weight: z.number().nullish() });
const ingress = z.looseObject({ fqdn: z.string().nullish(), traffic: z.array(weight).nullish() }).nullish();
export const appSchema = z.looseObject({
  id: z.string(),
  provisioningState: z.string().default('Unknown'),
  latestRevisionName: z.string().nullish(),
  latestReadyRevisionName: z.string().nullish(),
  configuration: z.looseObject({ ingress, activeRevisionsMode: z.string().nullish() }).nullish(),
  template: z.looseObject({ scale }).nullish(),
});

/** Throws `not-found`. */
export async function readApp(
  { call }: AzureContext,
  clientOf: ClientOf,
  appId: string,
  signal: AbortSignal,
): Promise<ContainerApp> {
  const { subscriptionId, resourceGroup, names } = parseArmId(appId, appType);
  return call.read(`read the container app ${names[0]}`, signal, async (abortSignal) =>
    appInOurWords(
      appSchema.parse(await clientOf(subscriptionId).containerApps.get(resourceGroup, names[0], { abortSignal })),
    ),
  );
}

export function appInOurWords(app: z.infer<typeof appSchema>): ContainerApp {
  const { ingress, activeRevisionsMode } = app.configuration ?? {};
  const pinned = (ingress?.traffic ?? []).some((it) => it.latestRevision !== true && (it.weight ?? 0) > 0);
  return {
    id: app.id,
    fqdn: ingress?.fqdn ?? '',
    provisioningState: app.provisioningState,
    // Azure's defaults where the app says nothing: “Set scaling rules in Azure Container Apps”.
    minReplicas: app.template?.scale?.minReplicas ?? 0,
    maxReplicas: app.template?.scale?.maxReplicas ?? 10,
    // In single-revision mode all traffic goes to the newest that is ready: “Revisions in Azure Container Apps”.
    followsLatest: /^single$/i.test(activeRevisionsMode ?? 'Single') || !pinned,
    latestRevision: app.latestRevisionName ?? '',
    latestReadyRevision: app.latestReadyRevisionName ?? '',
  };
}
