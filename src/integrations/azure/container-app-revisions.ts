import { ContainerAppsAPIClient } from '@azure/arm-appcontainers';
import { z } from 'zod';
import { isOpsError, OpsError } from '../../errors.ts';
import type { ContainerAppsPort, Revision, RevisionState } from '../../ports/azure.ts';
import { allPages } from './all-pages.ts';
import { armOptions } from './arm.ts';
import type { AzureContext } from './azure-context.ts';
import { bySubscription } from './by-subscription.ts';
import { appInOurWords, appSchema, appType, type ClientOf, readApp, scale } from './container-app.ts';
import { parseArmId, parseResourceGroupId } from './parse-arm-id.ts';

const revisionType = `${appType}/revisions`;

const template = z.looseObject({ scale }).nullish();
const revisionSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  active: z.boolean(),
  createdTime: z.date().optional(),
  replicas: z.number().nullish(),
  trafficWeight: z.number().nullish(),
  healthState: z.string().nullish(),
  provisioningState: z.string().nullish(),
  runningState: z.string().nullish(),
  template,
});
type AzureRevision = z.infer<typeof revisionSchema>;

/** Revisions of container apps. Activating and deactivating are plain calls: Azure answers when it has taken note. */
export function createContainerAppRevisions(azure: AzureContext): ContainerAppsPort {
  const { arm, call, credential } = azure;
  const clientOf: ClientOf = bySubscription((id) => new ContainerAppsAPIClient(credential, id, armOptions(arm.origin)));

  const readRevision = async (revisionId: string, signal: AbortSignal): Promise<AzureRevision | null> => {
    const { subscriptionId, resourceGroup, names } = parseArmId(revisionId, revisionType);
    const [app, revision] = names as [string, string];
    try {
      return await call.read(`read the revision ${revision}`, signal, async (abortSignal) =>
        revisionSchema.parse(
          await clientOf(subscriptionId).containerAppsRevisions.getRevision(resourceGroup, app, revision, {
            abortSignal,
          }),
        ),
      );
    } catch (error) {
      if (isOpsError(error, 'not-found')) return null;
      throw error;
    }
  };

  return {
    kind: 'container-app-revision',
    equals: (a, b) => a?.active === b?.active,
    describe: (before, after) => `revision: ${word(before)} → ${word(after)}`,

    async read(ref, signal) {
      const revision = await readRevision(ref.id, signal);
      if (!revision) return { state: null };
      return {
        state: { active: revision.active },
        busy: /^(de)?provisioning$/i.test(revision.provisioningState ?? ''),
      };
    },

    async write(ref, to, { signal }) {
      const { subscriptionId, resourceGroup, names } = parseArmId(ref.id, revisionType);
      const [app, revision] = names as [string, string];
      if (!to)
        throw new OpsError('refused', `Stamps removes no revisions: ${revision} stays.`, {
          hint: 'Deactivate it instead.',
        });
      const { containerAppsRevisions } = clientOf(subscriptionId);
      await call.write(`${to.active ? 'activate' : 'deactivate'} the revision ${revision}`, signal, (abortSignal) =>
        to.active
          ? containerAppsRevisions.activateRevision(resourceGroup, app, revision, { abortSignal })
          : containerAppsRevisions.deactivateRevision(resourceGroup, app, revision, { abortSignal }),
      );
      return {};
    },

    async pending(ref, state, signal) {
      if (!state) return null;
      const revision = await readRevision(ref.id, signal);
      if (!revision) return 'the revision is gone';
      return state.active ? missingToServe(revision) : missingToRest(revision);
    },

    app: (appId, signal) => readApp(azure, clientOf, appId, signal),

    async appsOf(resourceGroupId, signal) {
      const { subscriptionId, resourceGroup } = parseResourceGroupId(resourceGroupId);
      return call.read(`list the container apps of ${resourceGroup}`, signal, async (abortSignal) => {
        const { containerApps } = clientOf(subscriptionId);
        const pages = containerApps.listByResourceGroup(resourceGroup, { abortSignal });
        return z
          .array(appSchema)
          .parse(await allPages(pages))
          .map(appInOurWords);
      });
    },

    async revisions(appId, signal) {
      const { subscriptionId, resourceGroup, names } = parseArmId(appId, appType);
      const found = await call.read(`list the revisions of ${names[0]}`, signal, async (abortSignal) => {
        const pages = clientOf(subscriptionId).containerAppsRevisions.listRevisions(resourceGroup, names[0], {
          abortSignal,
        });
        return z.array(revisionSchema).parse(await allPages(pages));
      });
      return found.sort((a, b) => (b.createdTime?.getTime() ?? 0) - (a.createdTime?.getTime() ?? 0)).map(inOurWords);
    },
  };
}

function inOurWords(revision: AzureRevision): Revision {
  return {
    id: revision.id,
    name: revision.name,
    active: revision.active,
    ...(revision.createdTime && { createdAt: revision.createdTime.toISOString() }),
    trafficPercent: revision.trafficWeight ?? 0,
    replicas: revision.replicas ?? 0,
    health: revision.healthState ?? 'None',
    running: revision.runningState ?? 'Unknown',
  };
}

function missingToServe({ replicas, healthState, runningState, template }: AzureRevision): string | null {
  const running = runningState ?? 'Unknown';
  // An app that scales to zero has no replica before its first request.
  const mayBeEmpty = template?.scale != null && (template.scale.minReplicas ?? 0) === 0;
  if (!mayBeEmpty && (replicas ?? 0) === 0) return `it has no replica yet (${running})`;
  // `RunningAtMaxScale` serves as well; `None` is the health of a revision without probes.
  if (!/^(running|scaled)/i.test(running)) return `it is ${running}, not Running`;
  return healthState === 'Unhealthy' ? 'its replicas are not healthy yet' : null;
}

function missingToRest({ replicas }: AzureRevision): string | null {
  const left = replicas ?? 0;
  return left === 0 ? null : `${left} ${left === 1 ? 'replica is' : 'replicas are'} still there`;
}

function word(state: RevisionState | null): string {
  if (!state) return 'none';
  return state.active ? 'active' : 'stopped';
}
