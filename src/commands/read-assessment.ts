import type { Assessment } from '../blocks/assessment-card.ts';
import {
  disagreementsOf,
  failbacksOf,
  failoversOf,
  type RegionFacts,
  type RegionVerdict,
  standingOf,
} from '../domain/assessment.ts';
import { hourMs } from '../domain/duration.ts';
import {
  type Cell,
  cellsOf,
  type Estate,
  findRegion,
  pairsOf,
  type Region,
  resourceGroupOf,
} from '../domain/estate.ts';
import { newestTogether } from '../domain/load.ts';
import { resourcesOf, summaryOf } from '../domain/resource-health.ts';
import { mapSideBySide } from '../domain/side-by-side.ts';
import { isOpsError } from '../errors.ts';
import { endpointOf, sqlGroupOf } from '../playbooks/region-parts.ts';
import type {
  ActivityEntry,
  AzurePorts,
  ContainerApp,
  CosmosAccount,
  FrontDoorEndpoint,
  TrafficProfile,
} from '../ports/azure.ts';
import type { Clock } from '../ports/clock.ts';
import type { Operations } from '../ports/operations.ts';
import type { ProbesPort } from '../ports/probes.ts';
import { readApps } from './read-apps.ts';
import { readDataOutlook } from './read-data-outlook.ts';
import { readHealths } from './read-resource-health.ts';
import { readSqlGroups, type SqlGroups } from './read-sql-groups.ts';
import { type Reading, readWithin } from './reading.ts';
import { touchOf, wholeOff, whoSwitchedOff } from './who-switched-off.ts';

export interface AssessmentSources {
  readonly estate: Estate;
  readonly operations: Pick<Operations, 'leases' | 'runs'>;
  readonly azure: AzurePorts;
  readonly probes?: ProbesPort;
  readonly clock: Clock;
}

const atOnce = 24;
/** How far back Azure is asked who switched something off. */
const activityMs = 24 * hourMs;
const logTooLong =
  'the activity log: it holds more than was read, so who switched something off may be in the rest of it';
/** Runs of ours in which a switch is looked for, newest first. */
const runsLookedAt = 100;

/**
 * Everything that leads clients and carries them, read side by side: by region and by list, never cell by cell, so that
 * twenty regions of twenty cells stay far below Azure's limit of reads. What is late or fails is not known, and said so.
 */
export async function readAssessment(sources: AssessmentSources, deadlineMs: number): Promise<Assessment> {
  const { estate, operations, azure, clock } = sources;
  const standsBy = (from: string, to: string) => pairsOf(estate, from, to).some(({ standby }) => standby !== undefined);
  const resources = resourcesOf(estate);
  return readWithin(clock, deadlineMs, async (reading) => {
    // A hint: nothing that is read after the others waits for it.
    const hint = readHealths(azure, resources, reading);
    const [leases, runs, profile, shared, apps, regions] = await Promise.all([
      reading.attempt('our own leases', () => operations.leases()),
      reading.attempt('our own runs', () => operations.runs({ limit: runsLookedAt })),
      reading.attempt('Traffic Manager', (signal) => azure.traffic.profile(estate.trafficManagerId, signal)),
      readShared(sources, reading),
      readApps(azure, estate.cells, reading),
      mapSideBySide(estate.regions, atOnce, (region) => readRegion(sources, region, reading)),
    ]);
    const facts = estate.regions.map((region, index) => ({
      ...regions[index],
      ...factsOf(region, estate, profile, shared, apps),
    })) as RegionFacts[];
    const seen = facts.map((it) => ({ facts: it, standing: standingOf(it) }));
    const { cosmos } = shared;
    const failovers = await Promise.all(
      failoversOf(seen, standsBy).map(async (failover) => {
        const silent = facts.some(({ name, probe }) => name === failover.from && probe?.ok === false);
        // The one that the playbook will move.
        const sql = shared.sql.group(sqlGroupOf(findRegion(estate, failover.to), findRegion(estate, failover.from)));
        const data = { silent, ...(sql && { sql }), ...(cosmos && { cosmos }), ...(profile && { profile }) };
        return { ...failover, ...(await readDataOutlook(failover, data, sources, reading)) };
      }),
    );
    const whole = wholeOff(estate, profile, shared.entries ?? []);
    const off =
      whole.length > 0 ||
      facts.some(({ endpoint, origin }) => endpoint?.enabled === false || origin?.enabled === false);
    const activity = off ? await readActivity(azure, estate, reading, clock.now() - activityMs) : [];
    const healths = await hint;
    const healthOf = (region: string | undefined) =>
      healths &&
      summaryOf(
        resources.filter((one) => one.region === region),
        healths,
      );
    const verdicts = seen.map(({ facts, standing }): RegionVerdict => {
      const touch = touchOf(facts, profile, estate, { leases: leases ?? [], runs: runs ?? [], activity });
      const health = healthOf(facts.name);
      return {
        facts,
        standing,
        disagreements: disagreementsOf(facts),
        ...(touch && { touch }),
        ...(health && { health }),
      };
    });
    for (const says of notFound(estate, profile, shared)) reading.troubles.add(says);
    return {
      verdicts,
      proposals: [...failovers, ...failbacksOf(verdicts)],
      troubles: [...reading.troubles],
      azureSays: healthOf(undefined)?.bad ?? [],
      ...(profile && { routing: profile.routingMethod, ttlSeconds: profile.ttlSeconds }),
      switchedOff: whole.map((it) => whoSwitchedOff(it, activity)),
      ...(shared.sql.replicates !== undefined && { replicates: shared.sql.replicates }),
    };
  });
}

/** What the estate file names, or a region needs, and the answers do not have. */
function notFound({ regions }: Estate, profile: TrafficProfile | undefined, { origins, sql }: Shared): string[] {
  return regions.flatMap((region) => [
    ...(profile && !endpointOf(profile, region)
      ? [
          `endpoint of ${region.name}: Traffic Manager has none that is known to be its own; name it in the estate file, as \`endpoint\` of the region`,
        ]
      : []),
    ...(region.origin !== undefined && origins && !origins.some(({ name }) => name === region.origin)
      ? [`origin of ${region.name}: Front Door has none of the name ${region.origin}`]
      : []),
    ...(sql.group(region.sqlFailoverGroupId)?.servers.every((server) => server.region !== region.name)
      ? [`SQL of ${region.name}: its failover group has no server there`]
      : []),
  ]);
}

interface Shared {
  /** End of the public name's chain; null: DNS has none. */
  readonly answer?: string | null;
  /** The names at which Front Door answers. */
  readonly entries?: readonly FrontDoorEndpoint[];
  readonly origins?: Awaited<ReturnType<AzurePorts['frontDoor']['origins']>>;
  readonly sql: SqlGroups;
  readonly cosmos?: CosmosAccount;
  /** By region, without blanks and in small letters. */
  readonly apiGateways?: ReadonlyMap<string, NonNullable<RegionFacts['apiGateway']>>;
}

/** What there is once for all regions. */
async function readShared({ estate, azure, probes }: AssessmentSources, reading: Reading): Promise<Shared> {
  const { attempt } = reading;
  const { publicHost, frontDoorId, originGroupId, cosmosAccountId } = estate;
  const [answer, entries, origins, sql, cosmos, apim] = await Promise.all([
    publicHost === undefined || probes === undefined
      ? undefined
      : attempt(`DNS of ${publicHost}`, async (signal) => (await probes.leadsTo(publicHost, signal)) ?? null),
    originGroupId === undefined
      ? undefined
      : attempt('Front Door’s endpoints', (signal) => azure.frontDoor.endpoints(frontDoorId, signal)),
    originGroupId === undefined
      ? undefined
      : attempt('Front Door', (signal) => azure.frontDoor.origins(originGroupId, signal)),
    readSqlGroups(estate, azure.sql, reading),
    cosmosAccountId === undefined
      ? undefined
      : attempt('Cosmos', (signal) => azure.cosmosAccounts.account(cosmosAccountId, signal)),
    attempt('API Management', (signal) =>
      azure.apim.service(estate.apim.id, signal).catch((error: unknown) => {
        // An estate need not have one.
        if (isOpsError(error, 'not-found')) return undefined;
        throw error;
      }),
    ),
  ]);
  return {
    ...(answer !== undefined && { answer }),
    ...(entries && { entries }),
    ...(origins && { origins }),
    sql,
    ...(cosmos && { cosmos }),
    ...(apim && {
      apiGateways: new Map(
        apim.gateways.map(({ location, enabled, unreachable }) => [
          location.replaceAll(/\s/g, '').toLowerCase(),
          { enabled, ...(unreachable && { unreachable }) },
        ]),
      ),
    }),
  };
}

async function readRegion(
  { estate, azure, probes }: AssessmentSources,
  region: Region,
  { attempt, troubles }: Reading,
): Promise<Pick<RegionFacts, 'probe' | 'backends' | 'load'>> {
  const cells = cellsOf(estate, region.name);
  const { probeUrl } = region;
  const [probe, pools, loads] = await Promise.all([
    probeUrl === undefined || probes === undefined
      ? undefined
      : attempt(`probe of ${region.name}`, (signal) => answerOf(probes, probeUrl, signal)),
    cells.length === 0
      ? undefined
      : attempt(`gateway of ${region.name}`, (signal) => azure.gateways.healthOfPools(region.gatewayId, signal)),
    cells.length === 0
      ? undefined
      : attempt(`load in ${region.name}`, (signal) =>
          azure.load.load(
            cells.map(({ containerAppId }) => containerAppId),
            region.metricsUrl,
            signal,
          ),
        ),
  ]);
  const measured = [...(loads?.values() ?? [])];
  const newest = newestTogether(measured);
  return {
    ...(probe && { probe }),
    ...(pools && { backends: backendsOf(region, cells, pools, troubles) }),
    // Who is not measured has no figure, which is not zero.
    ...(newest && {
      load: {
        at: new Date(newest.at).toISOString(),
        requestsPerSecond: newest.requestsPerSecond,
        cells: { known: measured.length, all: cells.length },
        replicas: measured.reduce((sum, { replicas }) => sum + replicas, 0),
      },
    }),
  };
}

/** A pool that the gateway does not tell of, or of which it knows nothing itself, is neither up nor down. */
function backendsOf(
  region: Region,
  cells: readonly Cell[],
  pools: Awaited<ReturnType<AzurePorts['gateways']['healthOfPools']>>,
  troubles: Set<string>,
): NonNullable<RegionFacts['backends']> {
  const found = cells.map(({ backendPool }) => pools.get(backendPool.toLowerCase()));
  const up = found.filter((pool) => pool?.some(({ health }) => health === 'Up')).length;
  const unknown = found.filter(
    (pool) => pool === undefined || (pool.length > 0 && pool.every(({ health }) => health === 'Unknown')),
  ).length;
  if (unknown > 0)
    troubles.add(`gateway of ${region.name}: it does not know how ${unknown} of ${cells.length} pools are`);
  return { up, down: cells.length - up - unknown, all: cells.length };
}

/** A region that does not answer is a finding; only what stood in the way of asking is not known. */
async function answerOf(probes: ProbesPort, url: string, signal: AbortSignal): Promise<{ ok: boolean; says: string }> {
  try {
    const { status } = await probes.call(url, signal);
    return { ok: status >= 200 && status < 300, says: `it answers ${status}` };
  } catch (error) {
    if (signal.aborted || (!isOpsError(error, 'unavailable') && !isOpsError(error, 'timeout'))) throw error;
    return { ok: false, says: isOpsError(error, 'timeout') ? 'no answer in time' : 'no connection' };
  }
}

function factsOf(
  region: Region,
  estate: Estate,
  profile: TrafficProfile | undefined,
  shared: Shared,
  apps: ReadonlyMap<string, ContainerApp>,
): Omit<RegionFacts, 'probe' | 'backends' | 'load'> {
  const endpoint = profile && endpointOf(profile, region);
  const origin = shared.origins?.find(({ name }) => name === region.origin);
  const apiGateway = shared.apiGateways?.get(region.name.toLowerCase());
  const cells = cellsOf(estate, region.name);
  const known = cells.flatMap(({ containerAppId }) => apps.get(containerAppId.toLowerCase()) ?? []);
  const sql = shared.sql.roleIn(region);
  const { cosmos } = shared;
  return {
    name: region.name,
    serves: cells.some(({ role }) => role === 'active'),
    ...(endpoint && { endpoint }),
    ...(endpoint && shared.answer !== undefined && { led: shared.answer === endpoint.target.toLowerCase() }),
    ...(origin && { origin }),
    ...(apiGateway && { apiGateway }),
    ...(cells.length > 0 &&
      known.length === cells.length && {
        apps: {
          ready: known.filter(
            ({ provisioningState, latestRevision, latestReadyRevision }) =>
              provisioningState === 'Succeeded' && latestRevision === latestReadyRevision,
          ).length,
          all: known.length,
        },
      }),
    ...(sql && { sql }),
    ...(cosmos && !cosmos.multipleWriteRegions && { cosmosWrites: cosmos.regions[0] === region.name }),
  };
}

/** Of the groups in which clients are led: an endpoint, an origin and a name of Front Door are switched off there. */
async function readActivity(
  azure: AzurePorts,
  { trafficManagerId, originGroupId }: Estate,
  { attempt, troubles }: Reading,
  sinceMs: number,
): Promise<readonly ActivityEntry[]> {
  const groups = [
    ...new Set([trafficManagerId, originGroupId].flatMap((id) => (id === undefined ? [] : resourceGroupOf(id)))),
  ];
  const logs = await Promise.all(
    groups.map((group) => attempt('the activity log', (signal) => azure.activity.writes(group, sinceMs, signal))),
  );
  if (logs.some((log) => log?.complete === false)) troubles.add(logTooLong);
  return logs.flatMap((log) => log?.entries ?? []).sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}
