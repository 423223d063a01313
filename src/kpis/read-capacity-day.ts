import { dayMs, hourMs } from '../domain/duration.ts';
import type { Estate } from '../domain/estate.ts';
import { cellScope, type KpiScope } from '../domain/kpi.ts';
import type { MetricsPort } from '../ports/monitor.ts';
import type { CapacityFigure } from './capacity-figures.ts';

/** A cell's figure of a day: mean, lowest and highest of its points. */
export interface DayFigure {
  readonly scope: KpiScope;
  readonly known: number;
  readonly mean: number;
  readonly least: number;
  readonly most: number;
}

/**
 * A figure of all cells on the day that began at `day` (ms since 1970); what has no data is absent. Throws where Azure
 * may know more in a while.
 */
export async function readCapacityDay(
  { estate, metrics }: { readonly estate: Estate; readonly metrics: MetricsPort },
  figure: CapacityFigure,
  day: number,
  signal: AbortSignal,
): Promise<DayFigure[]> {
  const { namespace, aggregation, interval, hours, per } = figure;
  const found: DayFigure[] = [];
  // One region after the other: this must not stand in the way of what people wait for.
  for (const region of estate.regions) {
    const targets = estate.cells
      .filter((cell) => cell.region === region.name)
      .flatMap((cell) => {
        const id = figure.of(cell);
        return id === undefined ? [] : [{ id, scope: cellScope(cell.name) }];
      });
    if (targets.length === 0) continue;
    const { series, failed } = await metrics.query(
      {
        resourceIds: targets.map(({ id }) => id),
        namespace,
        metrics: figure.metrics.map((name) => ({ name, aggregation })),
        metricsUrl: region.metricsUrl,
        from: day + dayMs - hours * hourMs,
        to: day + dayMs,
        interval,
      },
      signal,
    );
    const trouble = [...failed.values()].find((error) => error.transient);
    if (trouble) throw trouble;
    for (const { id, scope } of targets) {
      const points = figure.metrics.map((name) => series.get(id)?.get(name) ?? []).find((each) => each.length > 0);
      if (points === undefined) continue;
      const values = points.map(({ value }) => value / per);
      const sum = values.reduce((all, value) => all + value, 0);
      const mean = sum / values.length;
      found.push({ scope, known: values.length, mean, least: Math.min(...values), most: Math.max(...values) });
    }
  }
  return found;
}
