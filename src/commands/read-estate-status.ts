import type { EstateStatus } from '../blocks/status-card.ts';
import type { Cell, Estate, Region } from '../domain/estate.ts';
import type { RunState } from '../domain/run.ts';
import type { AzurePorts } from '../ports/azure.ts';
import type { Clock } from '../ports/clock.ts';
import type { Operations } from '../ports/operations.ts';
import { readCells } from './read-cells.ts';
import { readRegionServices } from './read-region-services.ts';
import { type Reading, readWithin } from './reading.ts';

export interface StatusSources {
  readonly estate: Estate;
  readonly operations: Pick<Operations, 'leases' | 'runs' | 'paused'>;
  readonly azure?: AzurePorts;
  readonly clock: Clock;
}

const openStates: readonly RunState[] = ['waiting', 'queued', 'running', 'stopped'];

/** What is so now, of these cells, read side by side; what could not be read in time is left out and listed. `region`: with what else stands in it. */
export async function readEstateStatus(
  { estate, operations, azure, clock }: StatusSources,
  cells: readonly Cell[],
  { deadlineMs, traffic, region }: { deadlineMs: number; traffic: boolean; region?: Region },
): Promise<EstateStatus> {
  const names = new Set(cells.map(({ name }) => name));
  const known = Promise.all([operations.leases(), operations.runs({ states: openStates }), operations.paused()]);
  const live = readWithin(clock, deadlineMs, async (reading) => {
    const [read, endpoints, services] = await Promise.all([
      azure
        ? readCells(azure, estate, cells, reading)
        : cells.map(({ name, region, role }) => ({ name, region, role })),
      traffic && azure ? readTraffic(azure, estate, reading) : undefined,
      region && azure ? readRegionServices(azure, region, clock.now(), reading) : undefined,
    ]);
    return {
      cells: read,
      ...(endpoints && { traffic: endpoints }),
      ...(services && { services }),
      troubles: [...reading.troubles],
    };
  });
  const [[leases, runs, paused], read] = await Promise.all([known, live]);
  const whole = cells.length === estate.cells.length;
  return {
    ...read,
    troubles: azure === undefined ? ['Azure is not configured'] : read.troubles,
    leases: leases.filter(({ subject }) => whole || names.has(subject)),
    runs: runs.filter(({ plan }) => whole || plan.target.cell === undefined || names.has(plan.target.cell)),
    ...(paused && { paused }),
  };
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
