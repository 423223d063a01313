/**
 * Microsoft.App/containerApps and their revisions. Rules kept:
 * - activate, deactivate and restart are plain POSTs: 200 with no body, no long-running operation (arm-appcontainers
 *   3.0.0, containerAppsRevisions.ts); a repeat answers 200 as well.
 * - Weights of the ingress sum to 100 and name revisions that exist (MicrosoftDocs, “Traffic splitting in Azure
 *   Container Apps”).
 * - A revision's words are those of the SDK's KnownRevisionRunningState, …HealthState, …ProvisioningState.
 * - A change of the template, its scale too, makes a new revision; a suffix must be new (MicrosoftDocs, “Revisions in
 *   Azure Container Apps”).
 * The emulator's own choices: replicas come and go `replicaDelayMs` after their revision, and what is weighted to an
 * inactive revision goes to the active ones. A PATCH is done at once, where Azure takes some seconds (202).
 */
import { z } from 'zod';
import { ArmFault, invalid, resourceNotFound } from './arm-fault.ts';
import { type ContainerApp, containerAppType, environmentName, type TrafficWeight } from './container-app.ts';
import { type ArmCall, type ArmReply, ok, type Route, same } from './route.ts';

const type = containerAppType.toLowerCase();
const since = '2023-05-01';

export const containerAppRoutes: readonly Route[] = [
  { on: `GET ${type}`, since, run: (call) => ok(found(call).document) },
  { on: `GET ${type}[]`, since, run: list },
  { on: `PATCH ${type}`, since, run: patch },
  { on: `GET ${type}/revisions`, since, run: (call) => ok(revisionDocument(call, found(call), foundRevision(call))) },
  {
    on: `GET ${type}/revisions[]`,
    since,
    run: (call) =>
      ok({ value: found(call).revisions.map((revision) => revisionDocument(call, found(call), revision)) }),
  },
  { on: `POST ${type}/revisions:activate`, since, writes: true, run: (call) => setActive(call, true) },
  { on: `POST ${type}/revisions:deactivate`, since, writes: true, run: (call) => setActive(call, false) },
  { on: `POST ${type}/revisions:restart`, since, writes: true, run: restart },
  { on: `GET ${type}/revisions/replicas[]`, since, run: replicas },
  { on: 'GET microsoft.app/managedenvironments/usages[]', since, run: usages },
];

/** Of an environment: cores that all its replicas take, of those that it may have. A core a replica, as the template says. */
function usages({ estate, now, path: { group = '', names } }: ArmCall): ArmReply {
  const [name = ''] = names;
  const region = estate.regions.find((it) => same(group, it.resourceGroup) && same(name, environmentName(it)));
  if (!region) throw resourceNotFound('Microsoft.App/managedEnvironments', name, group);
  const apps = [...estate.apps.values()].filter((app) => app.region === region);
  const currentValue = apps.reduce((sum, app) => sum + app.replicas(now).all, 0);
  const quota = {
    value: 'ManagedEnvironmentConsumptionCores',
    localizedValue: 'Managed Environment Consumption Cores',
  };
  return ok({ value: [{ unit: 'Count', currentValue, limit: estate.coreLimit, name: quota }] });
}

type Revision = ContainerApp['revisions'][number];

function found({ estate, path: { group = '', names } }: ArmCall): ContainerApp {
  const [name = ''] = names;
  const app = [...estate.apps.values()].find((app) => same(group, app.region.resourceGroup) && same(name, app.name));
  if (!app) throw resourceNotFound(containerAppType, name, group);
  return app;
}

function foundRevision(call: ArmCall): Revision {
  const app = found(call);
  const name = call.path.names[1] ?? '';
  const revision = app.revision(name);
  if (!revision)
    throw new ArmFault(404, 'RevisionNotFound', `Revision '${name}' of container app '${app.name}' was not found.`);
  return revision;
}

function list({ estate, path: { group } }: ArmCall): ArmReply {
  const apps = [...estate.apps.values()].filter(
    ({ region }) => group === undefined || same(group, region.resourceGroup),
  );
  return ok({ value: apps.map(({ document }) => document) });
}

function revisionDocument({ estate, now }: ArmCall, app: ContainerApp, revision: Revision): object {
  return {
    id: `${app.id}/revisions/${revision.name}`,
    name: revision.name,
    type: `${containerAppType}/revisions`,
    properties: {
      createdTime: revision.created,
      ...(revision.active && { lastActiveTime: new Date(now).toISOString() }),
      fqdn: app.revisionHost(revision.name),
      template: app.template(revision.name),
      active: revision.active,
      trafficWeight: app.weightOf(revision),
      ...app.stateOf(revision, estate.works(app.cell.name), now),
    },
  };
}

function setActive(call: ArmCall, active: boolean): ArmReply {
  return { status: 200, changed: found(call).setActive(foundRevision(call), active, call.now) };
}

function restart(call: ArmCall): ArmReply {
  const revision = foundRevision(call);
  if (!revision.active)
    throw invalid('RevisionInactive', `Revision '${revision.name}' is not active and cannot be restarted.`);
  revision.changedAt = call.now;
  return { status: 200 };
}

function replicas(call: ArmCall): ArmReply {
  const app = found(call);
  const revision = foundRevision(call);
  const { replicas: count, runningState } = app.stateOf(revision, call.estate.works(app.cell.name), call.now);
  const ready = runningState === 'Running';
  return ok({
    value: Array.from({ length: count }, (_, index) => {
      const name = `${revision.name}-${(0x5f3759df ^ index).toString(36)}`;
      return {
        id: `${app.id}/revisions/${revision.name}/replicas/${name}`,
        name,
        type: `${containerAppType}/revisions/replicas`,
        properties: {
          createdTime: revision.created,
          runningState: ready ? 'Running' : 'NotRunning',
          containers: [{ name: 'cell', ready, started: true, restartCount: 0, runningState: 'Running' }],
        },
      };
    }),
  });
}

const traffic = z.array(
  z.object({
    revisionName: z.string().optional(),
    latestRevision: z.boolean().optional(),
    label: z.string().optional(),
    weight: z.int().min(0).max(100),
  }),
);
const variable = z.object({ name: z.string(), value: z.string().optional() });
const scale = z.looseObject({ minReplicas: z.int().min(0).max(1_000), maxReplicas: z.int().min(1).max(1_000) });
const patchSchema = z.looseObject({
  properties: z.looseObject({
    configuration: z.looseObject({ ingress: z.looseObject({ traffic }).optional() }).optional(),
    template: z
      .looseObject({
        scale,
        revisionSuffix: z.string().nullish(),
        containers: z
          .array(z.looseObject({ env: z.array(variable).optional() }))
          .length(1)
          .optional(),
      })
      .optional(),
  }),
});

/** Only the traffic, the scale and the variables can be changed here, by JSON Merge Patch. */
function patch(call: ArmCall): ArmReply {
  const app = found(call);
  const { data } = patchSchema.safeParse(call.body);
  const wanted = data?.properties.configuration?.ingress?.traffic as TrafficWeight[] | undefined;
  const scaled = data?.properties.template?.scale;
  if (!wanted && !scaled)
    throw invalid(
      'InvalidRequestContent',
      'The emulator changes nothing but properties.configuration.ingress.traffic and properties.template.scale.',
    );
  if (scaled && scaled.minReplicas > scaled.maxReplicas)
    throw invalid('ContainerAppInvalidScale', 'minReplicas must not be greater than maxReplicas.');
  const rerouted = wanted !== undefined && setTraffic(app, wanted);
  const { revisionSuffix, containers } = data?.properties.template ?? {};
  if (containers && revisionSuffix) {
    if (!/^[a-z][a-z0-9-]*[a-z0-9]$/.test(revisionSuffix) || app.revision(`${app.name}--${revisionSuffix}`))
      throw invalid(
        'ContainerAppInvalidRevisionSuffix',
        `The revision suffix '${revisionSuffix}' is taken, or no suffix.`,
      );
    app.revise(revisionSuffix, containers[0]?.env ?? [], call.now);
    return { status: 200, body: app.document };
  }
  const rescaled =
    scaled !== undefined && app.rescale({ minReplicas: scaled.minReplicas, maxReplicas: scaled.maxReplicas }, call.now);
  return { status: 200, body: app.document, changed: rerouted || rescaled };
}

function setTraffic(app: ContainerApp, traffic: TrafficWeight[]): boolean {
  const sum = traffic.reduce((total, { weight }) => total + weight, 0);
  if (sum !== 100)
    throw invalid('ContainerAppInvalidTrafficWeight', `The traffic weights sum to ${sum}, and must sum to 100.`);
  const stray = traffic.find(
    ({ revisionName, latestRevision }) => !latestRevision && !app.revision(revisionName ?? ''),
  );
  if (stray)
    throw invalid('RevisionNotFound', `Traffic is sent to revision '${stray.revisionName}', which does not exist.`);
  const changed = JSON.stringify(traffic) !== JSON.stringify(app.traffic);
  app.traffic = traffic;
  return changed;
}
