import type { Flows } from './request-history.ts';

/** How long a switch to another size is seen in what is looked at every five seconds. */
const seenMs = 10_000;
/** Of ten seconds' requests, those that were on the way when their connection was dropped: apps connect again at once. */
const shareOnTheWay = 0.006;

/**
 * What fails when a database is switched over to another size: “existing connections are dropped, new ones are
 * established to the new compute instance” (learn.microsoft.com, “Scale single database resources in Azure SQL
 * Database”). `switchedAt`: when that of a cell's database was, the last time.
 */
export function withDropped(flows: Flows, switchedAt: (cell: string) => number | undefined, at: number): Flows {
  const dropped = (cell: string | undefined) => {
    const moment = cell === undefined ? undefined : switchedAt(cell);
    return moment !== undefined && moment < at && at - moment <= seenMs;
  };
  return {
    ...flows,
    tenants: flows.tenants.map((flow) =>
      dropped(flow.servedBy) ? { ...flow, failed: Math.max(flow.failed, flow.requests * shareOnTheWay) } : flow,
    ),
  };
}
