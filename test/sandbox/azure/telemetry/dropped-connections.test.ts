import { withDropped } from '../../../../sandbox/azure/telemetry/dropped-connections.ts';
import type { Flows, TenantFlow } from '../../../../sandbox/azure/telemetry/request-history.ts';

const flow = (servedBy: string, failed = 0): TenantFlow => ({
  ...{
    tenant: 'northwind',
    cell: 'cell-a',
    servedBy,
    region: 'eastus',
    requests: 100,
    failed,
    throttled: 0,
    load: 0.5,
  },
});
const flows: Flows = { tenants: [flow('cell-a'), flow('cell-b'), flow('cell-a', 50)], cells: [] };
const failedAt = (at: number) =>
  withDropped(flows, (cell) => (cell === 'cell-a' ? 60_000 : undefined), at).tenants.map(({ failed }) => failed);

it('fails what is on the way when a database is switched over, at its cell alone, for a moment', () => {
  expect(failedAt(60_000)).toEqual([0, 0, 50]);
  expect(failedAt(65_000)).toEqual([0.6, 0, 50]);
  expect(failedAt(71_000)).toEqual([0, 0, 50]);
});
