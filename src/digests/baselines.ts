import { dayMs } from '../domain/duration.ts';
import { isWorse, type KpiDefinition, type KpiId, type KpiScope, ratioOf } from '../domain/kpi.ts';
import type { KpiBaseline } from '../domain/maintenance.ts';
import type { Queries } from '../engine/database.ts';

const monthDays = 30;

interface DayRow {
  readonly kpi: KpiId;
  readonly scope: KpiScope;
  readonly before: boolean;
  readonly mean: number | null;
  readonly good: number | null;
  readonly total: number | null;
  readonly least: number | null;
  readonly most: number | null;
}

/** Each indicator's last 30 days beside the 30 before, from the days kept; the worst day's mean beside it. */
export async function kpiBaselines(
  queries: Queries,
  definitions: readonly KpiDefinition[],
  at: number,
): Promise<KpiBaseline[]> {
  const ago = (days: number) => new Date(at - days * dayMs).toISOString();
  const rows = await queries.query<DayRow>(
    `select kpi, scope, at < $2 as before, sum(mean * known) / nullif(sum(known), 0) as mean,
            sum(good) as good, sum(total) as total, min(mean) as least, max(mean) as most
     from stamps.kpi_rollups where grain = 'day' and at >= $1 and at < $3 group by 1, 2, 3`,
    [ago(2 * monthDays), ago(monthDays), ago(0)],
  );
  const found = new Map<string, KpiBaseline>();
  for (const row of rows) {
    const definition = definitions.find(({ id }) => id === row.kpi);
    if (!definition) continue;
    const name = `${row.kpi} ${row.scope}`;
    const known = found.get(name) ?? { definition, scope: row.scope };
    const mean =
      definition.budget.by === 'ratio' ? ratioOf(definition, row.good ?? 0, row.total ?? 0) : (row.mean ?? undefined);
    if (mean === undefined) continue;
    found.set(name, row.before ? { ...known, meanBefore: mean } : { ...known, mean, ...worstDay(definition, row) });
  }
  return [...found.values()];
}

function worstDay(definition: KpiDefinition, { least, most }: DayRow): Pick<KpiBaseline, 'worst'> {
  if (least === null || most === null) return {};
  return { worst: isWorse(definition, least, most) ? least : most };
}
