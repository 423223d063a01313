import { type KpiDefinition, type KpiSource, ratioOf } from '../domain/kpi.ts';
import type { LogAnswer, MetricPoint } from '../ports/monitor.ts';

/** A value, or why there is none. */
export type Finding =
  | { readonly value: number; readonly good?: number; readonly total?: number; readonly of?: string }
  | { readonly reason: string };

export type LogRow = LogAnswer['rows'][number];

/** Of so many of the window's minutes there must be a value, or the rest says too little. */
const leastShare = 0.6;

/** What a row of a query says. A ratio of nothing is not known. */
export function valueOfRow(definition: KpiDefinition, row: LogRow | undefined): Finding {
  const nothing = `there were no requests, or it lacks ${definition.source.kind === 'logs' ? definition.source.needs : 'data'}`;
  if (definition.budget.by === 'ratio') {
    const good = number(row?.good);
    const total = number(row?.total);
    if (good === undefined || total === undefined) return { reason: nothing };
    const value = ratioOf(definition, good, total);
    return value === undefined ? { reason: nothing } : { value, good, total };
  }
  const value = number(row?.value);
  if (value === undefined) return { reason: nothing };
  return { value, ...(typeof row?.of === 'string' && row.of !== '' && { of: row.of }) };
}

/** What a metric's minutes say of a window of so many minutes. */
export function valueOfMinutes(
  { as }: Extract<KpiSource, { kind: 'metric' }>,
  points: readonly MetricPoint[],
  minutes: number,
): Finding {
  if (points.length < leastShare * minutes) return { reason: `only ${points.length} of ${minutes} minutes have data` };
  const mean = points.reduce((sum, { value }) => sum + value, 0) / points.length;
  return { value: as === 'perSecond' ? mean / 60 : mean };
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
