import { z } from 'zod';
import type { Policy } from '../domain/approval.ts';
import { backendPoolId, type Cell, cellByName, cellsOf, type Estate } from '../domain/estate.ts';
import { busiestTogether, type Load } from '../domain/load.ts';
import type { Lease } from '../domain/run.ts';
import type { AzurePorts, Revision } from '../ports/azure.ts';
import type { Check, CheckAnswer } from '../ports/checks.ts';
import { actionGroupExists } from './alert-rule-drift.ts';

export interface CheckParts {
  readonly estate: Estate;
  readonly policy: Policy;
  readonly azure: AzurePorts;
  leases(): Promise<Lease[]>;
}

const cellArgs = z.object({ cell: z.string() });
const no = (says: string): CheckAnswer => ({ ok: false, says });
const yes = (says: string): CheckAnswer => ({ ok: true, says });

/** The checks of all playbooks, by name. Most are about one cell; each asks the world of this moment. */
export function createChecks({ estate, policy, azure, leases }: CheckParts): Record<string, Check> {
  const { containerApps, gateways, load } = azure;
  const { caps } = policy;

  const about =
    (check: (cell: Cell, signal: AbortSignal) => Promise<CheckAnswer>): Check =>
    async (args, signal) =>
      check(cellByName(estate, cellArgs.parse(args).cell), signal);

  /** Cells out of service, this one not counted. */
  async function othersOut(cell: Cell): Promise<Lease[]> {
    return (await leases()).filter(
      ({ subject }) => subject !== cell.name && estate.cells.some(({ name }) => name === subject),
    );
  }

  async function serves(cell: Cell, signal: AbortSignal): Promise<boolean> {
    return (await containerApps.revisions(cell.containerAppId, signal)).some(isServing);
  }

  async function loadOf(cell: Cell, signal: AbortSignal): Promise<Load | undefined> {
    const region = estate.regions.find(({ name }) => name === cell.region);
    return (await load.load([cell.containerAppId], region?.metricsUrl ?? '', signal)).get(cell.containerAppId);
  }

  async function cellHasCapacity(cell: Cell, fallback: Cell, signal: AbortSignal): Promise<CheckAnswer> {
    const isolated = (await leases()).find(({ subject }) => subject === fallback.name);
    if (isolated) return no(`${fallback.name} is itself out of service (${isolated.runId}).`);
    const [app, ready, moving, there] = await Promise.all([
      containerApps.app(fallback.containerAppId, signal),
      serves(fallback, signal),
      loadOf(cell, signal),
      loadOf(fallback, signal),
    ]);
    if (!ready) return no(`${fallback.name} has no revision that is running and healthy.`);
    if (!moving)
      return no(
        `Azure has no figures of the load on ${cell.name}, so nobody knows what ${fallback.name} would have to take.`,
      );
    // Azure measures nothing on an app that nobody calls; that is what a standby is.
    if (!there && fallback.role !== 'standby') return no(`Azure has no figures of the load on ${fallback.name}.`);

    const needed = busiestTogether([moving, there]);
    const most = app.maxReplicas * fallback.requestsPerSecondPerReplica * caps.fallbackUtilisationShare;
    const running = there ? `, ${figure(there.replicas)} of ${app.maxReplicas} replicas run` : ', it is idle';
    const says = `${fallback.name} would have ${figure(needed)} requests/s and may have ${figure(most)}${running}.`;
    return { ok: needed <= most, says };
  }

  return {
    'cell-is-not-protected': about(async (cell) => {
      if (cell.protected !== undefined) return no(`${cell.name} is protected: ${cell.protected}`);
      const served = (await othersOut(cell)).filter(({ subject }) => {
        const { fallback } = cellByName(estate, subject);
        return fallback !== undefined && 'cell' in fallback && fallback.cell === cell.name;
      });
      if (served.length > 0)
        return no(`${cell.name} serves the tenants of ${names(served.map(({ subject }) => subject))} at this moment.`);
      return yes(`${cell.name} is not protected, and takes over from nobody at this moment.`);
    }),

    'region-keeps-a-healthy-cell': about(async (cell, signal) => {
      const out = new Set((await othersOut(cell)).map(({ subject }) => subject));
      const rest = cellsOf(estate, cell.region).filter(({ name }) => name !== cell.name && !out.has(name));
      const able = await Promise.all(rest.map((other) => serves(other, signal)));
      const healthy = rest.filter((_, index) => able[index]).map(({ name }) => name);
      const must = `the policy asks for ${caps.healthyCellsPerRegion}`;
      if (healthy.length < caps.healthyCellsPerRegion)
        return no(`${cell.region} would be left with ${healthy.length} healthy cells; ${must}.`);
      return yes(`${cell.region} keeps ${names(healthy)}; ${must}.`);
    }),

    'isolations-below-cap': about(async (cell) => {
      const out = (await othersOut(cell)).map(({ subject }) => subject);
      const count = `${out.length + 1} of at most ${caps.isolatedCells} cells would be out of service`;
      return {
        ok: out.length < caps.isolatedCells,
        says: out.length > 0 ? `${count}, with ${names(out)}.` : `${count}.`,
      };
    }),

    'pool-is-not-the-default': about(async (cell, signal) => {
      const defaults = await gateways.defaultPools(cell.gatewayId, signal);
      const isDefault = defaults.some((pool) => pool.toLowerCase() === cell.backendPool.toLowerCase());
      if (isDefault)
        return no(`${cell.backendPool} also gets what no rule of the gateway claims; all of that would move too.`);
      return yes(`${cell.backendPool} gets the traffic of ${cell.name} alone.`);
    }),

    'fallback-has-capacity': about(async (cell, signal) => {
      if (!cell.fallback) return no(`The estate file names no fallback for ${cell.name}.`);
      if ('cell' in cell.fallback) return cellHasCapacity(cell, cellByName(estate, cell.fallback.cell), signal);
      return yes(
        `Tenants will see what ${names(cell.fallback.addresses)} shows, such as a maintenance page: no other cell serves them.`,
      );
    }),

    'action-group-exists': async (args, signal) => {
      const { id } = z.object({ id: z.string() }).parse(args);
      const name = id.split('/').at(-1);
      return (await actionGroupExists(id, azure.inventory, signal))
        ? yes(`The action group ${name} exists.`)
        : no(`There is no action group ${name}, so the rules would tell nobody.`);
    },

    'fallback-serves': about(async (cell, signal) => {
      const backends = await gateways.backendHealth(backendPoolId(cell), signal);
      const down = backends.filter(({ health }) => health === 'Down').map(({ address }) => address);
      if (down.length > 0) return no(`The gateway finds ${names(down)} down.`);
      return backends.some(({ health }) => health === 'Up')
        ? yes('The gateway finds its backends up.')
        : no('The gateway finds no backend up.');
    }),

    'restored-cell-can-serve': about(async (cell, signal) => {
      const app = await containerApps.app(cell.containerAppId, signal);
      if (app.provisioningState !== 'Succeeded')
        return no(`The container app of ${cell.name} is ${app.provisioningState}, not Succeeded.`);
      const revisions = await containerApps.revisions(cell.containerAppId, signal);
      if (revisions.length === 0) return no(`The container app of ${cell.name} has no revision that could be started.`);
      return yes(`The container app of ${cell.name} is in order; its health is verified before traffic comes back.`);
    }),
  };
}

/** In Azure's words: `Running`, `RunningAtMaxScale`, `ScaledToZero`; health is `None` for revisions without probes. */
export function isServing(revision: Revision): boolean {
  return revision.active && revision.health !== 'Unhealthy' && /^(running|scaled)/i.test(revision.running);
}

function figure(value: number): string {
  return value.toLocaleString('en-GB', { maximumFractionDigits: value < 10 ? 1 : 0 });
}

function names(all: readonly string[]): string {
  return all.length < 2 ? (all[0] ?? 'none') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}
