import { hourMs, minuteMs } from '../domain/duration.ts';
import { cellScope, type KpiDefinition, type KpiReading, type KpiScope } from '../domain/kpi.ts';
import { OpsError } from '../errors.ts';
import type { LogAnswer } from '../ports/monitor.ts';
import { appOf, targetsOf } from './kpi-targets.ts';
import { pastQueries } from './queries.ts';
import { valueOfRow } from './sample-value.ts';
import type { SnapshotSources } from './take-snapshot.ts';

/**
 * The windows of an hour that began at `hour` (ms since 1970), of one indicator, as snapshots would have measured them;
 * what has no value is absent. Throws where Azure gives a part only, or fails in whole.
 */
export function readPastHour(
  sources: Pick<SnapshotSources, 'estate' | 'logs' | 'metrics'>,
  definition: KpiDefinition,
  hour: number,
  signal: AbortSignal,
): Promise<KpiReading[]> {
  const { source } = definition;
  return source.kind === 'logs'
    ? fromLogs(sources, definition, hour, signal)
    : fromMetrics(sources, definition, source, hour, signal);
}

type Sources = Parameters<typeof readPastHour>[0];

async function fromLogs(
  { estate, logs }: Sources,
  definition: KpiDefinition,
  hour: number,
  signal: AbortSignal,
): Promise<KpiReading[]> {
  const bind = { frontDoorId: estate.frontDoorId, apimId: estate.apim.id };
  const kql = pastQueries[definition.id as keyof typeof pastQueries];
  const { rows, partial } = await logs.query({ kql, bind, from: hour, to: hour + hourMs }, signal);
  if (partial !== undefined) throw new OpsError('unavailable', `Azure gave a part of the answer only: ${partial}`);
  const scopes = new Map<string, KpiScope[]>();
  for (const cell of estate.cells) {
    scopes.set(appOf(cell), [...(scopes.get(appOf(cell)) ?? []), cellScope(cell.name)]);
  }
  return rows.flatMap((row): KpiReading[] => {
    const [scope, ...others] = definition.level === 'global' ? (['global'] as const) : scopesOf(row, scopes);
    const began = Date.parse(String(row.window));
    // Of several cells whose apps have one name, nobody can say whose row it is.
    if (scope === undefined || others.length > 0 || !isWithin(began, hour)) return [];
    const found = valueOfRow(definition, row);
    return 'value' in found ? [readingOf(definition, scope, began, found)] : [];
  });
}

function scopesOf(row: LogAnswer['rows'][number], scopes: ReadonlyMap<string, readonly KpiScope[]>) {
  return scopes.get(String(row.app).toLowerCase()) ?? [];
}

async function fromMetrics(
  { estate, metrics }: Sources,
  definition: KpiDefinition,
  { namespace, metric, aggregation, as, ...source }: Extract<KpiDefinition['source'], { kind: 'metric' }>,
  hour: number,
  signal: AbortSignal,
): Promise<KpiReading[]> {
  const targets = targetsOf(estate, { namespace, metric, aggregation, as, ...source });
  const minutes = definition.windowMs / minuteMs;
  const per = as === 'average' ? 1 : as === 'perMinute' ? minutes : minutes * 60;
  const readings: KpiReading[] = [];
  // One region after the other: this must not stand in the way of what people wait for.
  for (const [, some] of Map.groupBy(targets, ({ cell }) => cell?.region)) {
    const { series, failed } = await metrics.query(
      {
        resourceIds: some.map(({ id }) => id),
        namespace,
        metrics: [{ name: metric, aggregation }],
        metricsUrl: some[0]?.metricsUrl ?? '',
        from: hour,
        to: hour + hourMs,
        interval: 'PT5M',
      },
      signal,
    );
    const trouble = [...failed.values()].find((error) => error.transient);
    if (trouble) throw trouble;
    for (const { scope, id } of some) {
      for (const { at, value } of series.get(id)?.get(metric) ?? []) {
        if (isWithin(at, hour)) readings.push(readingOf(definition, scope, at, { value: value / per }));
      }
    }
  }
  return readings;
}

function isWithin(at: number, hour: number): boolean {
  return at >= hour && at < hour + hourMs;
}

function readingOf(
  definition: KpiDefinition,
  scope: KpiScope,
  began: number,
  found: { readonly value: number; readonly good?: number; readonly total?: number; readonly of?: string },
): KpiReading {
  const [from, to] = [new Date(began).toISOString(), new Date(began + definition.windowMs).toISOString()];
  return { kpi: definition.id, scope, from, to, ...found };
}
