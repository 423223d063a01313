import { z } from 'zod';
import { OpsError } from '../../errors.ts';
import type { BilledCost, UpkeepPort } from '../../ports/upkeep.ts';
import { subscriptionPath } from './arm-list.ts';
import type { AzureContext } from './azure-context.ts';

/** Rows are arrays, their columns named beside them (learn.microsoft.com/rest/api/cost-management/query/usage). */
const answer = z.looseObject({
  properties: z.looseObject({
    columns: z.array(z.looseObject({ name: z.string() })),
    rows: z.array(z.array(z.union([z.string(), z.number(), z.null()]))),
    nextLink: z.string().nullish(),
  }),
});
const apiVersion = '2023-11-01';
const day = /^\d{4}-\d{2}-\d{2}$/;

export function createBilledCost({ arm, call }: AzureContext): UpkeepPort['cost'] {
  return (subscriptionId, from, to, signal) =>
    call.read('read the cost of the subscription', signal, async (abortSignal) => {
      if (!day.test(from) || !day.test(to)) throw new OpsError('bad-input', 'A day is written 2026-11-18.');
      const path = `${subscriptionPath(subscriptionId)}/providers/Microsoft.CostManagement/query`;
      const body = {
        type: 'ActualCost',
        timeframe: 'Custom',
        timePeriod: { from: `${from}T00:00:00Z`, to: `${to}T23:59:59Z` },
        dataset: {
          granularity: 'None',
          aggregation: { totalCost: { name: 'Cost', function: 'Sum' } },
          grouping: [{ type: 'Dimension', name: 'ResourceGroupName' }],
        },
      };
      const { properties } = answer.parse(
        (await arm.send({ method: 'POST', path, apiVersion, body }, abortSignal)).body,
      );
      if (properties.nextLink)
        throw new OpsError('bad-response', 'The cost has more groups than one page holds.', { service: 'Azure' });
      return costOf(properties);
    });
}

function costOf({ columns, rows }: z.output<typeof answer>['properties']): BilledCost {
  const index = (name: string) => columns.findIndex((column) => column.name.toLowerCase() === name.toLowerCase());
  const [cost, group, currency] = [index('Cost'), index('ResourceGroupName'), index('Currency')];
  if (cost < 0 || group < 0 || currency < 0) {
    throw new OpsError('bad-response', 'Azure’s cost lacks a column.', { service: 'Azure' });
  }
  const byGroup = rows
    .map((row) => ({ group: String(row[group] ?? ''), cost: Number(row[cost] ?? 0) }))
    .toSorted((a, b) => b.cost - a.cost);
  const currencies = new Set(rows.map((row) => String(row[currency] ?? '')));
  if (currencies.size > 1)
    throw new OpsError('bad-response', 'The cost is billed in several currencies.', { service: 'Azure' });
  return { currency: [...currencies][0] ?? '', total: byGroup.reduce((sum, one) => sum + one.cost, 0), byGroup };
}
