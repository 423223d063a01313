import type { KpiTrend } from '../domain/digest.ts';
import { dayMs } from '../domain/duration.ts';
import { type KpiDefinition, type KpiId, type KpiScope, ratioOf } from '../domain/kpi.ts';
import type { Queries } from '../engine/database.ts';

interface PeriodRow {
  readonly kpi: KpiId;
  readonly scope: KpiScope;
  readonly period: 'now' | 'yesterday' | 'lastWeek';
  readonly good: number | null;
  readonly total: number | null;
  readonly mean: number | null;
}

/** Every indicator's last 24 hours beside the 24 before and the same 24 a week ago, from the hours kept; `to`: ISO 8601. */
export async function kpiTrends(
  queries: Queries,
  definitions: readonly KpiDefinition[],
  to: string,
): Promise<KpiTrend[]> {
  const before = (days: number) => new Date(Date.parse(to) - days * dayMs).toISOString();
  const rows = await queries.query<PeriodRow>(
    `select kpi, scope,
            case when at >= $2 then 'now' when at >= $3 then 'yesterday' else 'lastWeek' end as period,
            sum(good) as good, sum(total) as total, sum(mean * known) / nullif(sum(known), 0) as mean
     from stamps.kpi_rollups
     where grain = 'hour' and at < $1 and (at >= $3 or (at >= $5 and at < $4))
     group by 1, 2, 3`,
    [to, before(1), before(2), before(7), before(8)],
  );
  const found = new Map<string, KpiTrend>();
  for (const { kpi, scope, period, good, total, mean } of rows) {
    const definition = definitions.find(({ id }) => id === kpi);
    if (!definition) continue;
    const value = definition.budget.by === 'ratio' ? ratioOf(definition, good ?? 0, total ?? 0) : (mean ?? undefined);
    const known = found.get(`${kpi} ${scope}`) ?? { definition, scope };
    found.set(`${kpi} ${scope}`, value === undefined ? known : { ...known, [period]: value });
  }
  return [...found.values()];
}
