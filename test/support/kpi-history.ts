import { hourMs } from '../../src/domain/duration.ts';
import type { KpiDefinition, KpiScope } from '../../src/domain/kpi.ts';
import { kpiState } from '../../src/domain/kpi.ts';
import type { Queries } from '../../src/engine/database.ts';

/** Fills the stored hours of an indicator; `valueAt` undefined: nothing was known in that hour. */
export async function storeHours(
  queries: Queries,
  { definition, scope }: { definition: KpiDefinition; scope: KpiScope },
  from: number,
  to: number,
  valueAt: (at: number) => number | undefined,
): Promise<void> {
  const rows = [];
  for (let at = Math.floor(from / hourMs) * hourMs; at < to; at += hourMs) {
    const value = valueAt(at);
    const ratio = definition.budget.by === 'ratio' && value !== undefined;
    const goodPercent = definition.better === 'higher' ? (value ?? 0) : 100 - (value ?? 0);
    rows.push({
      kpi: definition.id,
      scope,
      at: new Date(at).toISOString(),
      known: value === undefined ? 0 : 12,
      met: value !== undefined && kpiState(definition, value) === 'ok' ? 12 : 0,
      mean: value ?? null,
      good: ratio ? goodPercent * 1_000 : null,
      total: ratio ? 100_000 : null,
    });
  }
  for (const grain of ['hour', 'day']) {
    await queries.query(
      `insert into stamps.kpi_rollups (grain, kpi, scope, at, windows, known, met, mean, least, most, good, total)
       select $2, kpi, scope, date_trunc($2, at, 'UTC'), sum(12), sum(known), sum(met), avg(mean), min(mean), max(mean), sum(good), sum(total)
       from jsonb_to_recordset($1) as r(kpi text, scope text, at timestamptz, known int, met int, mean float8, good float8, total float8)
       group by kpi, scope, date_trunc($2, at, 'UTC')`,
      [JSON.stringify(rows), grain],
    );
  }
}

/** Stores a whole snapshot: one window of each indicator. */
export async function storeSnapshot(
  queries: Queries,
  at: number,
  readings: readonly { definition: KpiDefinition; scope: KpiScope; value?: number; reason?: string }[],
): Promise<void> {
  const moment = new Date(at).toISOString();
  await queries.query(
    `insert into stamps.kpi_slots (at, claimed_until, claimed_by, done_at) values ($1, $1, 'test', $1)`,
    [moment],
  );
  for (const { definition, scope, value, reason } of readings) {
    const ratio = definition.budget.by === 'ratio' && value !== undefined;
    const goodPercent = definition.better === 'higher' ? (value ?? 0) : 100 - (value ?? 0);
    await queries.query(
      `insert into stamps.kpi_samples (kpi, scope, at, value, good, total, reason) values ($1, $2, $3, $4, $5, $6, $7)`,
      [
        definition.id,
        scope,
        moment,
        value ?? null,
        ratio ? goodPercent * 1_000 : null,
        ratio ? 100_000 : null,
        value === undefined ? (reason ?? 'not asked') : null,
      ],
    );
  }
}
