import { ContainerAppsAPIClient } from '@azure/arm-appcontainers';
import { z } from 'zod';
import { isOpsError, OpsError } from '../../errors.ts';
import type { ContainerAppScalePort, ScaleState } from '../../ports/azure.ts';
import { armOptions } from './arm.ts';
import type { AzureContext } from './azure-context.ts';
import { bySubscription } from './by-subscription.ts';
import { appType, type ClientOf, readApp } from './container-app.ts';
import { isTerminal, operationOf, pollOperation } from './operation.ts';
import { parseArmId } from './parse-arm-id.ts';

/** Stable, and with PATCH as JSON Merge Patch (azure-rest-api-specs, ContainerApps.json). */
const apiVersion = '2024-03-01';

const revisionSchema = z.looseObject({ replicas: z.number().nullish(), healthState: z.string().nullish() });

/** Replicas of container apps. What the SDK would send and poll in one call is sent here, and polled by the engine. */
export function createContainerAppScale(azure: AzureContext): ContainerAppScalePort {
  const { arm, call, clock, credential } = azure;
  const clientOf: ClientOf = bySubscription((id) => new ContainerAppsAPIClient(credential, id, armOptions(arm.origin)));

  return {
    kind: 'container-app-scale',
    equals: (a, b) => a?.minReplicas === b?.minReplicas && a?.maxReplicas === b?.maxReplicas,
    describe: (before, after) => `replicas: ${word(before)} → ${word(after)}`,

    async read(ref, signal) {
      try {
        const { minReplicas, maxReplicas, provisioningState } = await readApp(azure, clientOf, ref.id, signal);
        return { state: { minReplicas, maxReplicas }, busy: !isTerminal(provisioningState) };
      } catch (error) {
        if (isOpsError(error, 'not-found')) return { state: null };
        throw error;
      }
    },

    async write(ref, to, { signal }) {
      const [app] = parseArmId(ref.id, appType).names;
      if (!to) throw new OpsError('refused', `Stamps removes no container apps: ${app} stays.`);
      const resource = { path: ref.id, apiVersion };
      // A suffix that the newest revision has already would be refused; Azure makes up the next one's.
      const body = { properties: { template: { scale: { ...to }, revisionSuffix: null } } };
      return call.write(`change the replicas of ${app}`, signal, async (signal) => {
        const operation = operationOf(await arm.send({ method: 'PATCH', ...resource, body }, signal), arm, resource);
        return operation === undefined ? {} : { operation };
      });
    },

    poll: (operation, signal) =>
      call.read('follow a change of a container app', signal, (signal) =>
        pollOperation(arm, operation, signal, clock.now()),
      ),

    async pending(ref, state, signal) {
      if (!state) return null;
      const { latestRevision, latestReadyRevision } = await readApp(azure, clientOf, ref.id, signal);
      if (latestRevision !== latestReadyRevision) return `its revision ${latestRevision} is not ready yet`;
      const { subscriptionId, resourceGroup, names } = parseArmId(ref.id, appType);
      const { replicas, healthState } = await call.read(
        `read the revision ${latestRevision}`,
        signal,
        async (abortSignal) =>
          revisionSchema.parse(
            await clientOf(subscriptionId).containerAppsRevisions.getRevision(resourceGroup, names[0], latestRevision, {
              abortSignal,
            }),
          ),
      );
      if ((replicas ?? 0) < state.minReplicas) return `${replicas ?? 0} of ${state.minReplicas} replicas are there`;
      return healthState === 'Unhealthy' ? 'its replicas are not healthy yet' : null;
    },
  };
}

function word(state: ScaleState | null): string {
  return state ? `${state.minReplicas} to ${state.maxReplicas}` : 'none';
}
