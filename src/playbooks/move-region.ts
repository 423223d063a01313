import { isSeenDown } from '../domain/assessment.ts';
import type { Region } from '../domain/estate.ts';
import type { ChangeStep, CheckStep } from '../domain/plan.ts';
import { OpsError } from '../errors.ts';
import type {
  CosmosRegionsState,
  EndpointState,
  OriginState,
  ScaleState,
  SqlGroupState,
  TrafficProfile,
} from '../ports/azure.ts';
import type { PlanContext } from '../ports/playbook.ts';
import { endpointMoves, type PlannedEndpoint, stateOf } from './endpoint-moves.ts';
import type { Found } from './found.ts';
import { appsLeft, mayWait, mustHaveEndpoint, replicasNeeded, sqlGroupOf, standbyLoads } from './region-parts.ts';
import { change, check, resources } from './steps.ts';
import { storageSteps } from './storage-steps.ts';

/** The parts of a plan that moves a region's clients, in the order in which they must come. */
export interface RegionMove {
  readonly guards: CheckStep[];
  readonly capacity: ChangeStep[];
  readonly data: ChangeStep[];
  readonly clients: ChangeStep[];
  /** Storage accounts that cannot go, so that no step moves them. */
  readonly storageLeft: number;
  /** Undefined: there is none, or no data moves. */
  readonly cosmos?: CosmosMove;
}

/**
 * How the writes of Cosmos come along: by a step, not at all since every region takes them, by Azure itself where their
 * region is lost, or they stay. Whether Azure has moved them already makes no difference: it may while the run goes on.
 */
export type CosmosMove = 'by-step' | 'everywhere' | 'by-azure' | 'stays';

/** Reads what there is and says what has to change. Throws `refused` where the routing or the data cannot follow. */
export async function moveRegion(
  from: Region,
  to: Region,
  profile: TrafficProfile,
  { acceptLoss, withData = true }: { acceptLoss: boolean; withData?: boolean },
  found: Found,
  context: PlanContext,
): Promise<RegionMove> {
  const [capacity, sql, cosmos, storage, endpoints, origins] = await Promise.all([
    scaleSteps(from, to, found, context),
    withData ? sqlStep(from, to, profile, acceptLoss, found, context) : [],
    withData ? cosmosSteps(from, to, profile, found, context) : noCosmos,
    withData ? storageSteps(from, to, profile, acceptLoss, found, context) : { steps: [], left: 0 },
    endpointSteps(from, to, profile, found),
    originSteps(from, to, found, context),
  ]);
  const args = { from: from.name, to: to.name };
  return {
    guards: [
      check('target-answers', `${to.name} answers`, args),
      check('target-has-every-cell', `${to.name} has a standby for every cell`, args),
      check('target-has-capacity', `${to.name} can take the load`, args),
      check('target-cells-serve', `The cells of ${to.name} run and are healthy`, args),
      check('target-gateway-sees-backends', `The gateway of ${to.name} finds them up`, args),
      check('target-has-quota', `${to.name} may have the cores for it`, args),
      check('target-has-certificates', `The certificates of ${to.name} hold`, args),
      check('target-has-no-incident', `${to.name} has no trouble of its own`, args),
      ...(capacity.length > 0 ? [check('target-scale-takes-effect', 'A new scale reaches the traffic', args)] : []),
      ...(withData
        ? [
            check('sql-can-follow', 'SQL can follow', { ...args, acceptLoss }),
            check('cosmos-can-follow', 'Cosmos can follow', {
              ...args,
              ...(cosmos.move === 'by-step' && { cosmosMoves: true }),
            }),
            check('storage-can-follow', 'Storage can follow', { ...args, acceptLoss }),
          ]
        : []),
    ],
    capacity,
    data: [...sql, ...cosmos.steps, ...storage.steps],
    clients: [...endpoints, ...origins],
    storageLeft: storage.left,
    ...(cosmos.move && { cosmos: cosmos.move }),
  };
}

/** Replicas enough for what each standby will have to take, and as many as the cell that it stands in for keeps. */
async function scaleSteps(from: Region, to: Region, found: Found, context: PlanContext): Promise<ChangeStep[]> {
  const { policy } = context;
  const [loads, left] = await Promise.all([standbyLoads(context, from, to), appsLeft(context, from, to)]);
  const steps = await Promise.all(
    loads.map(async (load) => {
      const { standby, cells } = load;
      const scale = (await found(resources.scale(standby))) as ScaleState | null;
      if (!scale) return [];
      const apps = cells.map(({ containerAppId }) => left.get(containerAppId));
      const needed = replicasNeeded(load, apps, policy.caps.fallbackUtilisationShare);
      // What was approved and done holds, though the load has moved meanwhile.
      const done = found.own(resources.scale(standby))?.after as ScaleState | undefined;
      const wanted = done ?? { minReplicas: Math.min(needed, scale.maxReplicas), maxReplicas: scale.maxReplicas };
      if (wanted.minReplicas <= scale.minReplicas) return [];
      const says = `Run at least ${wanted.minReplicas} replicas of ${standby.name}, not ${scale.minReplicas}, and wait until they are ready`;
      return [change(`scale-${standby.name}`, says, resources.scale(standby), scale, wanted)];
    }),
  );
  return steps.flat();
}

/** Without loss where it replicates and its region may be waited for; Azure still says `CATCH_UP` of some that are lost. */
async function sqlStep(
  from: Region,
  to: Region,
  profile: TrafficProfile,
  acceptLoss: boolean,
  found: Found,
  { azure, signal }: PlanContext,
): Promise<ChangeStep[]> {
  const id = sqlGroupOf(to, from);
  if (id === undefined) return [];
  const [group, before] = await Promise.all([
    azure.sql.group(id, signal),
    found(resources.sqlGroup(id)) as Promise<SqlGroupState | null>,
  ]);
  const server = group.servers.find(({ region }) => region === to.name)?.name;
  if (!before || server === undefined || before.primary === server) return [];
  const replicates = group.replicationState === 'CATCH_UP';
  // Once this run itself has moved it, the other side is behind: what was planned then holds.
  const done = group.primary === server ? (found.own(resources.sqlGroup(id))?.after as SqlGroupState) : undefined;
  if (!done && !replicates && !acceptLoss) {
    throw new OpsError(
      'refused',
      `SQL does not replicate to ${to.name} (${group.replicationState}): failing over now loses what was written since.`,
      {
        hint: `Wait until it has caught up, or accept the loss: \`/stamps failover ${from.name} to ${to.name} accepting loss because …\``,
      },
    );
  }
  const leaves = group.servers.some(({ name, region }) => name === before.primary && region === from.name);
  const waits = !leaves || mayWait(mustHaveEndpoint(profile, from), acceptLoss);
  const forced = done ? done.dataLossAllowed === true : !replicates || !waits;
  const after: SqlGroupState = { primary: server, ...(forced && { dataLossAllowed: true as const }) };
  const says = forced
    ? `Force SQL over to ${server}: what was not replicated from ${before.primary} is lost`
    : `Fail SQL over to ${server}, without loss: it waits until everything is there`;
  return [change('fail-over-sql', says, resources.sqlGroup(id), before, after)];
}

interface CosmosPart {
  readonly steps: ChangeStep[];
  readonly move?: CosmosMove;
}
const noCosmos: CosmosPart = { steps: [] };

async function cosmosSteps(
  from: Region,
  to: Region,
  profile: TrafficProfile,
  found: Found,
  { estate, azure, signal }: PlanContext,
): Promise<CosmosPart> {
  const id = estate.cosmosAccountId;
  if (id === undefined) return noCosmos;
  const [{ multipleWriteRegions, automaticFailover }, before] = await Promise.all([
    azure.cosmosAccounts.account(id, signal),
    found(resources.cosmos(id)) as Promise<CosmosRegionsState | null>,
  ]);
  if (multipleWriteRegions) return { steps: [], move: 'everywhere' };
  const unmoved: CosmosPart = { steps: [], move: automaticFailover ? 'by-azure' : 'stays' };
  const regions = before?.regions ?? [];
  const source = mustHaveEndpoint(profile, from);
  // Data goes before clients: whoever has led them away already has no more to do here, and no longer sees the source.
  if (found.own(resources.endpoint(source.id)) && !found.own(resources.cosmos(id))) return unmoved;
  if (regions[0] !== from.name || !regions.includes(to.name)) return unmoved;
  // By hand it needs both regions; when one is lost, Azure does it by itself or nobody can: the check says which.
  if (isSeenDown(source)) return unmoved;
  const after: CosmosRegionsState = { regions: [to.name, ...regions.filter((region) => region !== to.name)] };
  const says = `Let Cosmos take writes in ${to.name}`;
  return { steps: [change('move-cosmos-writes', says, resources.cosmos(id), before, after)], move: 'by-step' };
}

async function endpointSteps(from: Region, to: Region, profile: TrafficProfile, found: Found): Promise<ChangeStep[]> {
  const endpoints = await Promise.all(
    profile.endpoints.map(async (endpoint): Promise<PlannedEndpoint> => {
      const live: EndpointState = stateOf({ priority: 1, weight: 1, ...endpoint });
      const state = (await found(resources.endpoint(endpoint.id), live)) as EndpointState | null;
      return { ...endpoint, ...(state ?? live) };
    }),
  );
  const [source, target] = [from, to].map((region) => {
    const { id } = mustHaveEndpoint(profile, region);
    return endpoints.find((endpoint) => endpoint.id === id) as PlannedEndpoint;
  }) as [PlannedEndpoint, PlannedEndpoint];
  const moves = endpointMoves(profile, endpoints, source, target);
  return moves.flatMap(({ id, endpoint, after }) => {
    const before = stateOf(endpoints.find((it) => it.id === endpoint.id) as PlannedEndpoint);
    const says = {
      'enable-target-endpoint': `Switch ${endpoint.name} on`,
      'promote-target-endpoint': `Put ${endpoint.name} first: priority ${after.priority}, weight ${after.weight}`,
      'disable-source-endpoint': `Switch ${endpoint.name} off: clients go to ${target.target}`,
    }[id];
    const same =
      before.enabled === after.enabled && before.priority === after.priority && before.weight === after.weight;
    return same ? [] : [change(id, says, resources.endpoint(endpoint.id), before, after)];
  });
}

async function originSteps(
  from: Region,
  to: Region,
  found: Found,
  { estate, azure, signal }: PlanContext,
): Promise<ChangeStep[]> {
  if (estate.originGroupId === undefined || from.origin === undefined || to.origin === undefined) return [];
  const origins = await azure.frontDoor.origins(estate.originGroupId, signal);
  const step = async (id: string, named: string | undefined, enabled: boolean) => {
    const origin = origins.find(({ name }) => name === named);
    if (!origin) {
      throw new OpsError('not-found', `Front Door has no origin “${named}”.`, {
        hint: 'Correct `origin` of the region in the estate file.',
      });
    }
    const before = (await found(resources.origin(origin.id), { enabled: origin.enabled })) as OriginState | null;
    if (!before || before.enabled === enabled) return [];
    const says = `Switch the origin ${origin.name} of Front Door ${enabled ? 'on' : 'off'}`;
    return [change(id, says, resources.origin(origin.id), before, { enabled })];
  };
  return [
    ...(await step('enable-target-origin', to.origin, true)),
    ...(await step('disable-source-origin', from.origin, false)),
  ];
}
