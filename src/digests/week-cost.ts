import type { CostLine } from '../domain/digest.ts';
import { dayMs } from '../domain/duration.ts';
import type { Estate } from '../domain/estate.ts';
import type { UpkeepPort } from '../ports/upkeep.ts';

const weekDays = 7;

/** The seven whole days (UTC) before today's, beside the seven before them. `at`: milliseconds since 1970. */
export async function weekCost(
  upkeep: UpkeepPort,
  { subscriptionId }: Estate,
  at: number,
  signal: AbortSignal,
): Promise<CostLine> {
  const day = (ago: number) => new Date(at - ago * dayMs).toISOString().slice(0, 10);
  // One after the other: Cost Management allows few calls a minute.
  const { currency, total, byGroup } = await upkeep.cost(subscriptionId, day(weekDays), day(1), signal);
  const before = await upkeep.cost(subscriptionId, day(2 * weekDays), day(weekDays + 1), signal);
  return { currency, total, byGroup, ...(before.currency === currency && { before: before.total }) };
}
