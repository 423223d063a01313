import { z } from 'zod';
import type { Policy } from '../domain/approval.ts';
import { type Cell, cellByName, cellsOf, type Estate } from '../domain/estate.ts';
import type { Lease } from '../domain/run.ts';
import { defaultScaling } from '../domain/scaling.ts';
import type { ScalingFloor } from '../domain/scaling-floor.ts';
import type { AzurePorts } from '../ports/azure.ts';
import type { Check, CheckAnswer } from '../ports/checks.ts';
import { isServing } from './checks.ts';

export interface ScalingCheckParts {
  readonly estate: Estate;
  readonly policy: Policy;
  readonly azure: Pick<AzurePorts, 'containerApps' | 'load'>;
  leases(): Promise<Lease[]>;
  floors(): Promise<Pick<ScalingFloor, 'cell' | 'replicas'>[]>;
}

const asked = z.object({
  cell: z.string(),
  least: z.int().default(0),
  most: z.int().default(0),
  own: z.boolean().default(false),
});
const no = (says: string): CheckAnswer => ({ ok: false, says });
const yes = (says: string): CheckAnswer => ({ ok: true, says });

/** The checks of what scales a cell, by name. */
export function createScalingChecks({
  estate,
  policy,
  azure,
  leases,
  floors,
}: ScalingCheckParts): Record<string, Check> {
  const { mostPerCell, mostPerRegion } = policy.scaling ?? defaultScaling;
  const about =
    (
      check: (cell: Cell, signal: AbortSignal, size: Omit<z.output<typeof asked>, 'cell'>) => Promise<CheckAnswer>,
    ): Check =>
    async (args, signal) => {
      const { cell, ...wanted } = asked.parse(args);
      return check(cellByName(estate, cell), signal, wanted);
    };

  return {
    'cell-is-in-service': about(async (cell, signal) => {
      const held = (await leases()).find(({ subject }) => subject === cell.name);
      if (held) return no(`${cell.name} is out of service (${held.runId}): scaling would start replicas of it.`);
      const serves = (await azure.containerApps.revisions(cell.containerAppId, signal)).some(isServing);
      return serves
        ? yes(`${cell.name} has a revision that is running and healthy.`)
        : no(`${cell.name} has no revision that is running and healthy: more of what is broken helps nobody.`);
    }),

    'scale-reaches-traffic': about(async (cell, signal) => {
      const { followsLatest } = await azure.containerApps.app(cell.containerAppId, signal);
      return followsLatest
        ? yes('Its traffic follows its newest revision.')
        : no(
            `The traffic of ${cell.name} is pinned to revisions by name; a new scale is a new revision and would get none of it.`,
          );
    }),

    'replicas-within-policy': about(async (cell, signal, { least, most }) => {
      if (Math.max(least, most) > mostPerCell)
        return no(`The policy allows a cell ${mostPerCell} replicas; this would be up to ${Math.max(least, most)}.`);
      const others = cellsOf(estate, cell.region).filter(({ name }) => name !== cell.name);
      const apps = await Promise.all(
        others.map(({ containerAppId }) => azure.containerApps.app(containerAppId, signal)),
      );
      const all = apps.reduce((sum, { minReplicas }) => sum + minReplicas, least);
      const says = `${cell.region} would keep ${all} replicas; the policy allows ${mostPerRegion}`;
      return all > mostPerRegion ? no(`${says}.`) : yes(`${says}, and ${mostPerCell} a cell.`);
    }),

    'fewer-replicas-suffice': about(async (cell, signal, { least }) => {
      const region = estate.regions.find(({ name }) => name === cell.region);
      const found = await azure.load.load([cell.containerAppId], region?.metricsUrl ?? '', signal);
      const load = found.get(cell.containerAppId);
      if (!load)
        return no(`Azure has no figures of the load on ${cell.name}, so nobody knows what fewer would have to take.`);
      const room = least * cell.requestsPerSecondPerReplica * policy.caps.fallbackUtilisationShare;
      const says = `${cell.name} has ${Math.round(load.requestsPerSecond)} requests/s, and ${least} replicas may have ${Math.round(room)}.`;
      return load.requestsPerSecond <= room ? yes(says) : no(says);
    }),

    'above-floor': about(async (cell, _signal, { least, own }) => {
      const floor = (await floors()).find((one) => one.cell === cell.name);
      if (!floor) return yes(`Nobody set a floor for ${cell.name}.`);
      if (own)
        return yes(`A person wanted at least ${floor.replicas} replicas of ${cell.name}; this sets it to ${least}.`);
      return least < floor.replicas
        ? no(`A person wants at least ${floor.replicas} replicas of ${cell.name}.`)
        : yes(`A person wants at least ${floor.replicas} replicas of ${cell.name}; so it stays.`);
    }),
  };
}
