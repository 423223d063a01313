import { isSeenDown } from '../domain/assessment.ts';
import { type Cell, type Estate, pairsOf, type Region } from '../domain/estate.ts';
import { type Impact, impactOf } from '../domain/impact.ts';
import { busiestTogether } from '../domain/load.ts';
import type { ChangeStep, CheckStep } from '../domain/plan.ts';
import { isOpsError, OpsError } from '../errors.ts';
import type { ContainerApp, TrafficEndpoint, TrafficProfile } from '../ports/azure.ts';
import type { PlanContext } from '../ports/playbook.ts';
import { check } from './steps.ts';

/** A region's endpoint in the profile: the one that the estate file names, else the only one whose location it is. */
export function endpointOf(
  { endpoints }: Pick<TrafficProfile, 'endpoints'>,
  region: Region,
): TrafficEndpoint | undefined {
  if (region.endpoint !== undefined)
    return endpoints.find(({ name }) => name.toLowerCase() === region.endpoint?.toLowerCase());
  const there = endpoints.filter(({ location }) => location === region.name);
  return there.length === 1 ? there[0] : undefined;
}

/** Throws `not-found`. */
export function mustHaveEndpoint(profile: TrafficProfile, region: Region): TrafficEndpoint {
  const endpoint = endpointOf(profile, region);
  if (endpoint) return endpoint;
  throw new OpsError('not-found', `Traffic Manager has no endpoint that is known to be ${region.name}’s.`, {
    hint: 'Name it as `endpoint` of the region in the estate file.',
  });
}

/** What is asked before clients and data come back to a region; `data`: what of it is moved. */
export function mayComeBack({ name }: Region, data: readonly ChangeStep[]): CheckStep[] {
  const args = { region: name };
  const cosmosMoves = data.some(({ resource }) => resource.kind === 'cosmos-regions');
  return [
    check('region-can-serve-again', `${name} serves again`, args),
    check('data-has-caught-up', `The data of ${name} has caught up`, { ...args, ...(cosmosMoves && { cosmosMoves }) }),
  ];
}

/** May data wait for the region that it leaves? Who accepts a loss wants it done: one that is seen down is not asked. */
export function mayWait(source: Pick<TrafficEndpoint, 'enabled' | 'monitorStatus'>, acceptLoss: boolean): boolean {
  return !acceptLoss || !isSeenDown(source);
}

/** The failover group, by the id at the region that takes over: it can be asked while the other is lost. */
export function sqlGroupOf(to: Region, from: Region): string | undefined {
  return to.sqlFailoverGroupId ?? from.sqlFailoverGroupId;
}

/**
 * A standby, the cells of another region that it stands in for, and the requests a second that it would have in all: as
 * in the busiest of the last minutes.
 */
export interface StandbyLoad {
  readonly standby: Cell;
  readonly cells: readonly Cell[];
  /** Undefined: Azure has no figures of one of them, or they cannot be read where clients leave. */
  readonly requestsPerSecond?: number | undefined;
}

/** As many as the load needs, and no fewer than the cells keep that it stands in for; what is not known counts as none. */
export function replicasNeeded(
  { standby, requestsPerSecond = 0 }: Pick<StandbyLoad, 'standby' | 'requestsPerSecond'>,
  apps: readonly (Pick<ContainerApp, 'minReplicas'> | undefined)[],
  utilisationShare: number,
): number {
  const least = apps.reduce((sum, app) => sum + (app?.minReplicas ?? 0), 0);
  return Math.max(least, Math.ceil(requestsPerSecond / (standby.requestsPerSecondPerReplica * utilisationShare)));
}

/** What a region that clients leave tells of itself: undefined where it is away, so that it can be left all the same. */
async function ifThere<T>(read: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (signal.aborted || !(isOpsError(error, 'unavailable') || isOpsError(error, 'timeout'))) throw error;
    return undefined;
  }
}

/** The apps of the cells that have a standby, by id; absent: it cannot be read, for its region is away. */
export async function appsLeft(
  { estate, azure, signal }: Pick<PlanContext, 'estate' | 'azure' | 'signal'>,
  from: Region,
  to: Region,
): Promise<ReadonlyMap<string, ContainerApp>> {
  const cells = pairsOf(estate, from.name, to.name).flatMap(({ cell, standby }) => (standby ? [cell] : []));
  const apps = await Promise.all(
    cells.map(async ({ containerAppId }) => {
      const app = await ifThere(azure.containerApps.app(containerAppId, signal), signal);
      return app ? [[containerAppId, app] as const] : [];
    }),
  );
  return new Map(apps.flat());
}

/** One for each standby, though it may stand in for several cells. */
export async function standbyLoads(
  { estate, azure, signal }: Pick<PlanContext, 'estate' | 'azure' | 'signal'>,
  from: Region,
  to: Region,
): Promise<StandbyLoad[]> {
  const pairs = pairsOf(estate, from.name, to.name).flatMap(({ cell, standby }) =>
    standby ? [{ cell, standby }] : [],
  );
  const groups = [...Map.groupBy(pairs, ({ standby }) => standby)];
  const ids = (cells: readonly Cell[]) => cells.map(({ containerAppId }) => containerAppId);
  const [left, right] = await Promise.all([
    ifThere(azure.load.load(ids(pairs.map(({ cell }) => cell)), from.metricsUrl, signal), signal),
    azure.load.load(ids(groups.map(([standby]) => standby)), to.metricsUrl, signal),
  ]);
  return groups.map(([standby, some]) => {
    const cells = some.map(({ cell }) => cell);
    const there = right.get(standby.containerAppId);
    const moving = cells.map(({ containerAppId }) => left?.get(containerAppId));
    // Who has moved already is not measured where they were; an idle standby is not measured at all.
    const known = left !== undefined && (moving.every((load) => load !== undefined) || there !== undefined);
    return { standby, cells, requestsPerSecond: known ? busiestTogether([...moving, there]) : undefined };
  });
}

/** Who is concerned when a region's clients go elsewhere, or come back. */
export async function regionImpact(
  { estate, azure, leases, signal }: Pick<PlanContext, 'estate' | 'azure' | 'leases' | 'signal'>,
  region: Region,
  out: boolean,
): Promise<Impact> {
  const cells = estate.cells.filter((cell) => cell.region === region.name && cell.role === 'active');
  const [tenants, held] = await Promise.all([
    Promise.all(cells.map(({ name }) => azure.tenants.onCell(name, signal))),
    leases(),
  ]);
  const isolated = cellsHeld(
    estate,
    held.map(({ subject }) => subject),
    region.name,
  );
  return impactOf(tenants.flat(), {
    healthyCellsLeft: estate.cells
      .filter(({ name, region: home }) => home !== region.name && !isolated.has(name))
      .map(({ name }) => name),
    cellsOut: isolated.size + (out ? cells.length : 0),
  });
}

/** Cells that leases hold, by themselves or with their region; without those of one region. */
function cellsHeld(estate: Estate, subjects: readonly string[], without: string): Set<string> {
  return new Set(
    estate.cells
      .filter(({ name, region }) => region !== without && (subjects.includes(name) || subjects.includes(region)))
      .map(({ name }) => name),
  );
}
