import type { CellState, EstateState, Revision } from './estate-state.ts';
import { armError, type Call, type Reply } from './http.ts';
import { appId, fqdnOf, groupId, regions } from './seed.ts';

/**
 * Container apps in multiple-revision mode. Kept: traffic weights that sum to 100, activate and deactivate as plain
 * POSTs that answer 200 and change nothing when repeated, replicas that come and go a little later (arm-appcontainers 3,
 * MicrosoftDocs “traffic splitting”).
 */
export function containerAppRoutes(state: EstateState) {
  return function handle(call: Call): (Reply & { changed?: boolean }) | undefined {
    const path = call.path.toLowerCase();
    const group = regions.find(({ name }) => path === `${groupId(name)}/resources`.toLowerCase());
    if (group) return list(group.name, call.query.get('$filter') ?? '');
    const cell = state.cells.find(
      (one) => path === appId(one).toLowerCase() || path.startsWith(`${appId(one).toLowerCase()}/`),
    );
    if (!cell) return undefined;
    const [kind, name, action] = call.path.slice(appId(cell).length).split('/').filter(Boolean);
    if (kind === undefined) return { status: 200, body: app(cell) };
    if (kind !== 'revisions') return undefined;
    if (name === undefined)
      return { status: 200, body: { value: cell.revisionStates.map((revision) => shown(cell, revision)) } };
    const revision = cell.revisionStates.find((one) => one.name.toLowerCase() === name.toLowerCase());
    if (!revision) return armError(404, 'RevisionNotFound', `Revision ${name} was not found.`);
    if (action === undefined) return { status: 200, body: shown(cell, revision) };
    if (call.method !== 'POST' || (action !== 'activate' && action !== 'deactivate'))
      return armError(404, 'ResourceNotFound', 'No such action.');
    const wanted = action === 'activate';
    const changed = revision.active !== wanted;
    if (changed) Object.assign(revision, { active: wanted, changedAt: state.now() });
    state.changed();
    setTimeout(() => state.changed(), 450).unref();
    return { status: 200, changed };
  };

  function list(region: string, filter: string): Reply {
    const type = /resourceType eq '([^']+)'/i.exec(filter)?.[1]?.toLowerCase();
    const apps = state.cells
      .filter((cell) => cell.region === region)
      .map((cell) => ({
        id: appId(cell),
        name: `app-${cell.name}`,
        type: 'Microsoft.App/containerApps',
        location: region,
      }));
    const gateways = [
      {
        id: `${groupId(region)}/providers/Microsoft.Network/applicationGateways/agw-stamps`,
        name: 'agw-stamps',
        type: 'Microsoft.Network/applicationGateways',
        location: region,
      },
    ];
    return {
      status: 200,
      body: { value: [...apps, ...gateways].filter((one) => type === undefined || one.type.toLowerCase() === type) },
    };
  }

  function app(cell: CellState) {
    const weights = cell.revisionStates.filter(({ active }) => active);
    return {
      id: appId(cell),
      name: `app-${cell.name}`,
      type: 'Microsoft.App/containerApps',
      location: cell.region,
      properties: {
        provisioningState: 'Succeeded',
        latestRevisionName: cell.revisionStates[0]?.name,
        configuration: {
          activeRevisionsMode: 'Multiple',
          ingress: {
            external: true,
            fqdn: fqdnOf(cell),
            targetPort: 8080,
            traffic: weights.map(({ name }, index) => ({
              revisionName: name,
              weight: index === 0 ? 100 - 20 * (weights.length - 1) : 20,
            })),
          },
        },
        template: { scale: { minReplicas: cell.replicas, maxReplicas: cell.maxReplicas } },
      },
    };
  }

  function shown(cell: CellState, revision: Revision) {
    const running = revision.active && state.replicas(cell) > 0;
    return {
      id: `${appId(cell)}/revisions/${revision.name}`,
      name: revision.name,
      type: 'Microsoft.App/containerApps/revisions',
      properties: {
        active: revision.active,
        createdTime: revision.createdAt,
        trafficWeight: revision.active ? 100 : 0,
        replicas: revision.active ? state.replicas(cell) : state.now() - revision.changedAt < 400 ? 1 : 0,
        healthState: !revision.active ? 'None' : cell.failed ? 'Unhealthy' : 'Healthy',
        runningState: !revision.active ? 'Stopped' : cell.failed ? 'Degraded' : running ? 'Running' : 'Processing',
        provisioningState: 'Provisioned',
      },
    };
  }
}
