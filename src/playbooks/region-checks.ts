import { z } from 'zod';
import type { Policy } from '../domain/approval.ts';
import { minuteMs } from '../domain/duration.ts';
import { cellsOf, type Estate, findRegion, pairsOf, type Region } from '../domain/estate.ts';
import type { Lease } from '../domain/run.ts';
import { isOpsError } from '../errors.ts';
import type { AzurePorts } from '../ports/azure.ts';
import type { Check, CheckAnswer } from '../ports/checks.ts';
import type { Clock } from '../ports/clock.ts';
import type { ProbesPort } from '../ports/probes.ts';
import { isServing } from './checks.ts';
import { createDataChecks } from './data-checks.ts';
import { globalFigures } from './global-figures.ts';
import { endpointOf, standbyLoads } from './region-parts.ts';
import { createStandbyChecks, type StandbyCheckParts } from './standby-checks.ts';

export interface RegionCheckParts extends Pick<StandbyCheckParts, 'openIncidents'> {
  readonly estate: Estate;
  readonly policy: Policy;
  readonly azure: AzurePorts;
  readonly probes: ProbesPort;
  readonly clock: Clock;
  leases(): Promise<Lease[]>;
}

const both = z.object({ from: z.string(), to: z.string() });
const one = z.object({ region: z.string(), slowestMs: z.number().default(5_000) });
const served = z.object({ mostErrorPercent: z.number(), slowestMs: z.number() });
/** Azure’s figures are a minute or two behind. */
const figuresOfMs = 4 * minuteMs;
const no = (says: string): CheckAnswer => ({ ok: false, says });
const yes = (says: string): CheckAnswer => ({ ok: true, says });

/** The checks of what moves a whole region, by name. */
export function createRegionChecks(parts: RegionCheckParts): Record<string, Check> {
  const { estate, policy, azure, probes, clock, leases } = parts;

  const between =
    (check: (from: Region, to: Region, signal: AbortSignal) => Promise<CheckAnswer>): Check =>
    async (args, signal) => {
      const { from, to } = both.parse(args);
      return check(findRegion(estate, from), findRegion(estate, to), signal);
    };
  const about =
    (check: (region: Region, signal: AbortSignal, slowestMs: number) => Promise<CheckAnswer>): Check =>
    async (args, signal) => {
      const { region, slowestMs } = one.parse(args);
      return check(findRegion(estate, region), signal, slowestMs);
    };

  /** Does its own address answer? Without one in the estate file nobody can tell. */
  async function probed(region: Region, signal: AbortSignal, slowestMs: number): Promise<CheckAnswer> {
    if (region.probeUrl === undefined)
      return no(`The estate file gives no probe for ${region.name}, so nobody sees whether it answers.`);
    try {
      const { status, tookMs } = await probes.call(region.probeUrl, signal);
      if (status < 200 || status > 299) return no(`${region.name} answers its probe with ${status}.`);
      if (tookMs > slowestMs) return no(`${region.name} took ${tookMs} ms to answer; ${slowestMs} ms is the most.`);
      return yes(`${region.name} answers its probe with ${status}.`);
    } catch (error) {
      // A region that does not answer is what is asked about, not a fault on the way.
      if (!isOpsError(error, 'unavailable') && !isOpsError(error, 'timeout')) throw error;
      return no(`${region.name} does not answer: ${error.message}`);
    }
  }

  async function cellsServe(region: Region, wanted: ReturnType<typeof cellsOf>, signal: AbortSignal) {
    const held = new Set((await leases()).map(({ subject }) => subject));
    const serving = await Promise.all(
      wanted.map(async ({ containerAppId }) =>
        (await azure.containerApps.revisions(containerAppId, signal)).some(isServing),
      ),
    );
    const isolated = wanted.filter(({ name }) => held.has(name)).map(({ name }) => name);
    if (isolated.length > 0) return no(`${isolated.join(' and ')} in ${region.name} is held out of service.`);
    const down = wanted.filter((_, index) => !serving[index]).map(({ name }) => name);
    return down.length > 0
      ? no(`${down.join(' and ')} in ${region.name} has no revision that is running and healthy.`)
      : yes(`All ${wanted.length} cells in ${region.name} run and are healthy.`);
  }

  async function backendsUp(region: Region, wanted: ReturnType<typeof cellsOf>, signal: AbortSignal) {
    const pools = await azure.gateways.healthOfPools(region.gatewayId, signal);
    const down = wanted.filter(
      ({ backendPool }) => !pools.get(backendPool.toLowerCase())?.some(({ health }) => health === 'Up'),
    );
    return down.length > 0
      ? no(`The gateway of ${region.name} finds no backend up for ${down.map(({ name }) => name).join(' and ')}.`)
      : yes(`The gateway of ${region.name} finds backends up for all of them.`);
  }

  const standbysOf = (from: Region, to: Region) => [
    ...new Set(pairsOf(estate, from.name, to.name).flatMap(({ standby }) => (standby ? [standby] : []))),
  ];

  return {
    'target-answers': between(async (_from, to, signal) => {
      const profile = await azure.traffic.profile(estate.trafficManagerId, signal);
      if (profile.monitorStatus === 'Disabled')
        return no('The Traffic Manager profile is switched off as a whole: it would lead nobody there.');
      const endpoint = endpointOf(profile, to);
      if (endpoint?.enabled && !['Online', 'CheckingEndpoint', 'Unmonitored'].includes(endpoint.monitorStatus))
        return no(`Traffic Manager finds ${to.name} ${endpoint.monitorStatus}.`);
      return probed(to, signal, 5_000);
    }),

    'source-is-well': between(async (from, _to, signal) => {
      const endpoint = endpointOf(await azure.traffic.profile(estate.trafficManagerId, signal), from);
      if (!endpoint?.enabled || endpoint.monitorStatus !== 'Online')
        return no(`Traffic Manager finds ${from.name} ${endpoint?.enabled ? endpoint.monitorStatus : 'switched off'}.`);
      return probed(from, signal, 5_000);
    }),

    'clients-are-served': async (args, signal) => {
      const { mostErrorPercent, slowestMs } = served.parse(args);
      const to = clock.now();
      const figures = await globalFigures(
        parts,
        {
          id: estate.frontDoorId,
          namespace: 'Microsoft.Cdn/profiles',
          metrics: [
            { name: 'Percentage5XX', aggregation: 'average' },
            { name: 'TotalLatency', aggregation: 'average' },
          ],
          from: to - figuresOfMs,
          to,
          interval: 'PT1M',
        },
        signal,
      ).catch((error: unknown) => {
        if (isOpsError(error, 'not-found')) return undefined;
        throw error;
      });
      const errors = figures?.get('Percentage5XX')?.at(-1)?.value;
      const took = figures?.get('TotalLatency')?.at(-1)?.value;
      if (errors === undefined) return yes('Front Door has no figures of this minute; the probes alone watch.');
      if (errors > mostErrorPercent)
        return no(`${errors.toFixed(1)} % of requests fail at Front Door; ${mostErrorPercent} % is the most.`);
      if (took !== undefined && took > slowestMs)
        return no(`Front Door takes ${Math.round(took)} ms; ${slowestMs} ms is the most.`);
      return yes(`${errors.toFixed(1)} % of requests fail at Front Door, and it takes ${Math.round(took ?? 0)} ms.`);
    },

    'target-has-every-cell': between(async (from, to) => {
      const without = pairsOf(estate, from.name, to.name).filter(({ standby }) => !standby);
      return without.length > 0
        ? no(
            `${without.map(({ cell }) => cell.name).join(' and ')} has nobody in ${to.name}: its tenants would get errors.`,
          )
        : yes(`Every cell of ${from.name} has a standby in ${to.name}.`);
    }),

    'target-has-capacity': between(async (from, to, signal) => {
      const figures = await Promise.all(
        (await standbyLoads({ estate, azure, signal }, from, to)).map(
          async ({ standby, requestsPerSecond: needed }) => {
            const { maxReplicas } = await azure.containerApps.app(standby.containerAppId, signal);
            const each = standby.requestsPerSecondPerReplica * policy.caps.fallbackUtilisationShare;
            return { name: standby.name, needed, most: maxReplicas * each };
          },
        ),
      );
      const unknown = figures.filter(({ needed }) => needed === undefined).map(({ name }) => name);
      if (unknown.length > 0) return no(`Azure has no figures of the load that ${unknown.join(' and ')} would have.`);
      const says = figures.map((it) => `${it.name} ${Math.round(it.needed ?? 0)} of ${Math.round(it.most)} requests/s`);
      return {
        ok: figures.every(({ needed = 0, most }) => needed <= most),
        says: `As in the busiest of the last five minutes it would have: ${says.join(', ')}.`,
      };
    }),

    'target-cells-serve': between((from, to, signal) => cellsServe(to, standbysOf(from, to), signal)),
    'target-gateway-sees-backends': between((from, to, signal) => backendsUp(to, standbysOf(from, to), signal)),

    'target-scale-takes-effect': between(async (from, to, signal) => {
      const apps = await Promise.all(
        standbysOf(from, to).map(async ({ name, containerAppId }) => ({
          name,
          ...(await azure.containerApps.app(containerAppId, signal)),
        })),
      );
      const pinned = apps.filter(({ followsLatest }) => !followsLatest).map(({ name }) => name);
      return pinned.length > 0
        ? no(`The traffic of ${pinned.join(' and ')} is pinned to a revision by name; a new scale would not reach it.`)
        : yes('A new scale reaches the traffic of every app.');
    }),

    'clients-are-led-there': about(async (region, signal) => {
      if (estate.publicHost === undefined) return yes('The estate file does not say what clients resolve.');
      const profile = await azure.traffic.profile(estate.trafficManagerId, signal);
      const target = endpointOf(profile, region)?.target.toLowerCase();
      const answer = await probes.leadsTo(estate.publicHost, signal);
      return answer === target
        ? yes(`DNS leads ${estate.publicHost} to ${target}.`)
        : no(
            `DNS leads ${estate.publicHost} to ${answer ?? 'nowhere'}, not to ${target ?? 'an endpoint of the region'}.`,
          );
    }),

    'region-answers': about(probed),

    'region-can-serve-again': about(async (region, signal, slowestMs) => {
      const active = cellsOf(estate, region.name).filter(({ role }) => role === 'active');
      const answers = await Promise.all([
        probed(region, signal, slowestMs),
        cellsServe(region, active, signal),
        backendsUp(region, active, signal),
      ]);
      return answers.find(({ ok }) => !ok) ?? yes(answers.map(({ says }) => says).join(' '));
    }),

    ...createStandbyChecks(parts),
    ...createDataChecks({
      estate,
      azure,
      clock,
      answers: async (region, signal) => (await probed(region, signal, 5_000)).ok,
    }),
  };
}
