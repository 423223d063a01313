import { z } from 'zod';
import { type CellTenant, leastRequests, slowestFirst } from '../domain/cell-tenants.ts';
import { minuteMs } from '../domain/duration.ts';
import type { Cell } from '../domain/estate.ts';
import { OpsError } from '../errors.ts';
import { appOf } from '../kpis/kpi-targets.ts';
import { queries } from '../kpis/queries.ts';
import type { AzurePorts } from '../ports/azure.ts';
import type { Reading } from './reading.ts';

const windowMs = 15 * minuteMs;
const tenantRows = z.array(
  z.looseObject({
    tenant: z.string().nullable(),
    requests: z.number(),
    failed: z.number(),
    p95: z.number().nullable(),
  }),
);

/** How a cell answers each of its tenants: one query. */
export async function readCellTenants(
  azure: Pick<AzurePorts, 'logs'>,
  cell: Cell,
  now: number,
  { attempt }: Reading,
): Promise<CellTenant[] | undefined> {
  return attempt(`tenants of ${cell.name}`, async (signal) => {
    const { rows, partial } = await azure.logs.query(
      { kql: queries.tenantsOfApp, bind: { app: appOf(cell) }, from: now - windowMs, to: now },
      signal,
    );
    if (partial !== undefined) throw new OpsError('bad-response', `Azure gave a part of the answer only: ${partial}`);
    const found = tenantRows.safeParse(rows);
    if (!found.success) throw new OpsError('bad-response', 'The app’s log answered in a shape that is not known.');
    return slowestFirst(
      found.data.map(({ tenant, requests, failed, p95 }) => ({
        ...(tenant && { tenant }),
        requests,
        failed,
        ...(p95 !== null && requests >= leastRequests && { p95Ms: p95 }),
      })),
    );
  });
}
