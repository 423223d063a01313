import { type CellLayout, hostOf, providerId, type RegionLayout, subscriptionId } from './layout.ts';

export const containerAppType = 'Microsoft.App/containerApps';

const keptRevisions = 100;

/** Of the container apps' environment of a region. */
export function environmentName({ name }: RegionLayout): string {
  return `cae-${name}`;
}

/** Of a template: a change of it makes a new revision. */
export interface Scale {
  readonly minReplicas: number;
  readonly maxReplicas: number;
}

export interface EnvironmentVariable {
  readonly name: string;
  readonly value?: string | undefined;
}

interface Revision {
  readonly env: readonly EnvironmentVariable[];
  readonly name: string;
  readonly created: string;
  /** While it is active and has come up. */
  readonly wantedReplicas: number;
  /** As its template has it. */
  readonly scale: Scale;
  active: boolean;
  /** When it was last switched on or off, or restarted. */
  changedAt: number;
}

export interface TrafficWeight {
  revisionName?: string;
  latestRevision?: boolean;
  weight: number;
  label?: string;
}

export interface RevisionState {
  readonly replicas: number;
  readonly runningState: 'Running' | 'Processing' | 'Stopped' | 'Degraded';
  readonly healthState: 'Healthy' | 'Unhealthy' | 'None';
  readonly provisioningState: 'Provisioned' | 'Provisioning' | 'Deprovisioning' | 'Deprovisioned';
}

/**
 * A cell's container app: replicas that come and go a little after their revision. One whose traffic is split between
 * revisions, or pinned to one, is in multiple-revision mode, pinned to them by name; any other is in single-revision mode, where the newest
 * revision takes over when it is ready and the one before is switched off (MicrosoftDocs, “Revisions in Azure Container
 * Apps”).
 */
export class ContainerApp {
  readonly id: string;
  readonly name: string;
  readonly cell: CellLayout;
  readonly region: RegionLayout;
  readonly host: string;
  readonly revisions: Revision[];
  readonly mode: 'Single' | 'Multiple';
  traffic: TrafficWeight[];
  readonly #replicaDelayMs: number;

  readonly #now: () => number;

  constructor(region: RegionLayout, cell: CellLayout, replicaDelayMs: number, now: () => number) {
    this.#now = now;
    this.name = `app-${cell.name}`;
    this.id = providerId(region.resourceGroup, containerAppType, this.name);
    this.cell = cell;
    this.region = region;
    this.host = hostOf(region, cell.name);
    this.#replicaDelayMs = replicaDelayMs;
    this.mode = cell.pinned || cell.revisions.filter(({ weight }) => weight > 0).length > 1 ? 'Multiple' : 'Single';
    const minReplicas = Math.min(...cell.revisions.map(({ replicas }) => replicas));
    this.revisions = cell.revisions.map(({ suffix, created, replicas, active }) => ({
      name: `${this.name}--${suffix}`,
      created,
      wantedReplicas: replicas,
      scale: { minReplicas, maxReplicas: cell.maxReplicas },
      env: [
        { name: 'SQL_DATABASE', value: `sql-${cell.name}` },
        { name: 'COSMOS_ENDPOINT', value: `https://cosmos-${cell.name}.documents.azure.com:443/` },
      ],
      active,
      changedAt: 0,
    }));
    this.traffic =
      this.mode === 'Single'
        ? [{ latestRevision: true, weight: 100 }]
        : cell.revisions
            .filter(({ weight }) => weight > 0)
            .map(({ suffix, weight }) => ({ revisionName: `${this.name}--${suffix}`, weight }));
  }

  revision(name: string): Revision | undefined {
    return this.revisions.find((revision) => revision.name.toLowerCase() === name.toLowerCase());
  }

  get latest(): Revision {
    return this.revisions[0] as Revision;
  }

  get scale(): Scale {
    return this.latest.scale;
  }

  /** The newest revision that has come up. */
  latestReady(now: number): Revision {
    return this.revisions.find((it) => it.active && now - it.changedAt >= this.#replicaDelayMs) ?? this.latest;
  }

  /** Another scale is another revision, with replicas within it; answers whether that changes anything. */
  rescale(scale: Scale, now: number): boolean {
    const { latest } = this;
    if (scale.minReplicas === latest.scale.minReplicas && scale.maxReplicas === latest.scale.maxReplicas) return false;
    const wantedReplicas = Math.min(Math.max(latest.scale.minReplicas, scale.minReplicas), scale.maxReplicas);
    const [, base = latest.name, nth = '0'] = /^(.*?)(?:-s(\d+))?$/.exec(latest.name) ?? [];
    const name = `${base}-s${Number(nth) + 1}`;
    this.revisions.unshift({
      name,
      created: new Date(now).toISOString(),
      // A scale that shrinks takes what it may have, one that grows what it must.
      wantedReplicas: scale.minReplicas < latest.scale.minReplicas ? scale.minReplicas : wantedReplicas,
      scale,
      env: latest.env,
      active: true,
      changedAt: now,
    });
    // As `maxInactiveRevisions` has it.
    this.revisions.splice(keptRevisions);
    return true;
  }

  /** A revision like the newest, with other variables and a suffix of its own. In multiple-revision mode it gets no traffic by itself. */
  revise(suffix: string, env: readonly EnvironmentVariable[], now: number): void {
    const { latest } = this;
    this.revisions.unshift({
      ...latest,
      name: `${this.name}--${suffix}`,
      created: new Date(now).toISOString(),
      wantedReplicas: this.revisions.find((it) => it.active)?.wantedReplicas ?? latest.wantedReplicas,
      env,
      active: true,
      changedAt: now,
    });
    this.revisions.splice(keptRevisions);
  }

  /** The revision that gets the most traffic. */
  get serving(): Revision {
    return this.revisions.toSorted((a, b) => this.weightOf(b) - this.weightOf(a))[0] as Revision;
  }

  /** Lets what is due happen: in single-revision mode the newest takes over when it is ready. */
  settle(now: number): void {
    if (this.mode === 'Multiple' || this.latestReady(now) !== this.latest) return;
    for (const revision of this.revisions.slice(1)) this.setActive(revision, false, now);
  }

  weightOf({ name }: Revision): number {
    return this.traffic
      .filter(
        ({ revisionName, latestRevision }) =>
          revisionName === name || (latestRevision === true && name === this.latest.name),
      )
      .reduce((sum, { weight }) => sum + weight, 0);
  }

  /** Answers whether that changes anything. */
  setActive(revision: Revision, active: boolean, now: number): boolean {
    if (revision.active === active) return false;
    revision.active = active;
    revision.changedAt = now;
    return true;
  }

  /** How a revision is; `works` is false while its cell has failed. */
  stateOf({ active, wantedReplicas, changedAt }: Revision, works: boolean, now: number): RevisionState {
    const settled = now - changedAt >= this.#replicaDelayMs;
    if (!active) {
      return {
        replicas: settled ? 0 : wantedReplicas,
        runningState: settled ? 'Stopped' : 'Processing',
        healthState: 'None',
        provisioningState: settled ? 'Deprovisioned' : 'Deprovisioning',
      };
    }
    if (!settled)
      return { replicas: 0, runningState: 'Processing', healthState: 'None', provisioningState: 'Provisioning' };
    return {
      replicas: wantedReplicas,
      runningState: works ? 'Running' : 'Degraded',
      healthState: works ? 'Healthy' : 'Unhealthy',
      provisioningState: 'Provisioned',
    };
  }

  /** Replicas that take requests, and those that are there at all. */
  replicas(now: number): { serving: number; all: number } {
    const states = this.revisions.map((revision) => ({
      active: revision.active,
      ...this.stateOf(revision, true, now),
    }));
    const sum = (some: typeof states) => some.reduce((total, { replicas }) => total + replicas, 0);
    return { serving: sum(states.filter(({ active }) => active)), all: sum(states) };
  }

  /** As GET answers it. */
  get document(): object {
    const environment = providerId(
      this.region.resourceGroup,
      'Microsoft.App/managedEnvironments',
      environmentName(this.region),
    );
    return {
      id: this.id,
      name: this.name,
      type: containerAppType,
      location: this.region.displayName,
      tags: { cell: this.cell.name },
      identity: { type: 'None' },
      properties: {
        provisioningState: 'Succeeded',
        runningStatus: 'Running',
        managedEnvironmentId: environment,
        environmentId: environment,
        workloadProfileName: 'Consumption',
        latestRevisionName: this.latest.name,
        latestReadyRevisionName: this.latestReady(this.#now()).name,
        latestRevisionFqdn: this.revisionHost(this.latest.name),
        configuration: {
          activeRevisionsMode: this.mode,
          maxInactiveRevisions: 100,
          ingress: {
            fqdn: this.host,
            external: true,
            targetPort: 8080,
            transport: 'Auto',
            allowInsecure: false,
            traffic: this.traffic,
          },
        },
        template: this.template(this.latest.name),
        eventStreamEndpoint: `https://${this.region.name}.azurecontainerapps.dev/subscriptions/${subscriptionId}/${this.name}/eventstream`,
      },
    };
  }

  template(revisionName: string): object {
    const [, suffix = ''] = revisionName.split('--');
    return {
      revisionSuffix: suffix,
      containers: [
        {
          image: `stamps.azurecr.io/cell:${suffix}`,
          name: 'cell',
          env: (this.revision(revisionName) ?? this.latest).env,
          resources: { cpu: 1, memory: '2Gi' },
          probes: [{ type: 'Readiness', httpGet: { path: '/health', port: 8080 } }],
        },
      ],
      scale: { ...(this.revision(revisionName) ?? this.latest).scale, cooldownPeriod: 300, pollingInterval: 30 },
    };
  }

  revisionHost(revisionName: string): string {
    return this.host.replace(this.name, revisionName);
  }
}
