import type { EstateStatus } from '../blocks/status-card.ts';
import type { Cell, Estate, Region } from '../domain/estate.ts';
import type { KpiReport } from '../domain/kpi-report.ts';
import { recoveredCell } from '../domain/recovery.ts';
import { type EstateResource, resourcesOf } from '../domain/resource-health.ts';
import type { RunState } from '../domain/run.ts';
import type { AzurePorts } from '../ports/azure.ts';
import type { Clock } from '../ports/clock.ts';
import type { Operations } from '../ports/operations.ts';
import type { ProbesPort } from '../ports/probes.ts';
import { readRegionGateway } from './read-api-status.ts';
import { readCellTenants } from './read-cell-tenants.ts';
import { readCells } from './read-cells.ts';
import { readGlobalServices } from './read-global-services.ts';
import { readRegionServices } from './read-region-services.ts';
import { readHealthSummary } from './read-resource-health.ts';
import { type Reading, readWithin } from './reading.ts';

export interface StatusSources {
  readonly estate: Estate;
  readonly operations: Pick<Operations, 'leases' | 'runs' | 'paused'>;
  readonly azure?: AzurePorts;
  readonly probes?: ProbesPort;
  readonly clock: Clock;
}

const openStates: readonly RunState[] = ['waiting', 'queued', 'running', 'stopped'];

interface Wanted {
  readonly deadlineMs: number;
  /** With what leads clients to the regions. */
  readonly global?: boolean;
  /** With what else stands in it. */
  readonly region?: Region;
  /** With how it answers each of its tenants. */
  readonly tenantsOf?: Cell;
  readonly indicators?: () => Promise<KpiReport>;
  /** With Azure's own word on the resources of these cells, and where they are. */
  readonly health?: boolean;
}

/**
 * What is so now, of these cells, read side by side; what could not be read in time is left out and listed. So is what
 * our own database does not give: whoever asks how things stand needs the rest of it now, not all of it later.
 */
export async function readEstateStatus(
  { estate, operations, azure, probes, clock }: StatusSources,
  cells: readonly Cell[],
  { deadlineMs, global = false, region, tenantsOf, indicators, health = false }: Wanted,
): Promise<EstateStatus> {
  const whole = cells.length === estate.cells.length;
  const names = new Set(cells.map(({ name }) => name));
  /** A cell is out where its region is held, too. */
  const concerned = new Set([...names, ...cells.map(({ region }) => region)]);
  return readWithin(clock, deadlineMs, async (reading) => {
    const { attempt, troubles } = reading;
    const [leases, runs, paused, report, read, endpoints, before, services, gateway, tenants, healths] =
      await Promise.all([
        attempt('leases', () => operations.leases()),
        attempt('open runs', () => operations.runs({ states: openStates })),
        attempt('whether everything is paused', () => operations.paused()),
        indicators && attempt('indicators', indicators),
        azure
          ? readCells(azure, estate, cells, reading)
          : cells.map(({ name, region, role }) => ({ name, region, role })),
        global && azure ? readTraffic(azure, estate, reading) : undefined,
        global && azure ? readGlobalServices({ estate, azure, clock, ...(probes && { probes }) }, reading) : undefined,
        region && azure ? readRegionServices(azure, region, clock.now(), reading) : undefined,
        region && azure ? readRegionGateway(estate, azure, region, clock.now(), reading) : undefined,
        tenantsOf && azure ? readCellTenants(azure, tenantsOf, clock.now(), reading) : undefined,
        health && azure ? readHealthSummary(azure, resourcesAt(estate, cells, region, global), reading) : undefined,
      ]);
    if (azure === undefined) troubles.add('Azure is not configured');
    return {
      cells: read,
      ...(endpoints && { traffic: endpoints }),
      ...(before && { global: before }),
      ...(services && { services: { ...services, ...(gateway !== undefined && { apiGateway: gateway }) } }),
      ...(tenantsOf && azure && { tenants: { ...(tenants && { found: tenants }) } }),
      ...(health && azure && { health: { ...(healths && { found: healths }) } }),
      ...(report && { indicators: report }),
      ...(leases && {
        leases: leases.filter(({ subject }) => whole || concerned.has(recoveredCell(subject) ?? subject)),
      }),
      ...(runs && {
        runs: runs.filter(({ plan }) => whole || plan.target.cell === undefined || names.has(plan.target.cell)),
      }),
      ...(paused && { paused }),
      troubles: [...troubles],
    };
  });
}

/** Of some cells their own resources and those of their region; of the estate all. */
function resourcesAt(
  estate: Estate,
  cells: readonly Cell[],
  region: Region | undefined,
  global: boolean,
): EstateResource[] {
  const names = new Set(cells.map(({ name }) => name));
  const regions = new Set([...cells.map((cell) => cell.region), region?.name]);
  return resourcesOf(estate).filter((one) =>
    global ? true : one.cell === undefined ? one.region !== undefined && regions.has(one.region) : names.has(one.cell),
  );
}

async function readTraffic(
  azure: AzurePorts,
  estate: Estate,
  reading: Reading,
): Promise<NonNullable<EstateStatus['traffic']>> {
  const profile = await reading.attempt('Traffic Manager', (signal) =>
    azure.traffic.profile(estate.trafficManagerId, signal),
  );
  return profile === undefined ? {} : { endpoints: profile.endpoints };
}
