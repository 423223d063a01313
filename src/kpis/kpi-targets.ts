import type { Cell, Estate } from '../domain/estate.ts';
import { cellScope, type KpiScope, type KpiSource } from '../domain/kpi.ts';

/** A resource whose metric is an indicator. */
export interface Target {
  readonly scope: KpiScope;
  readonly id: string;
  readonly metricsUrl: string;
  readonly cell?: Cell;
}

/** What a metric is asked of, in the whole estate. */
export function targetsOf(estate: Estate, { of }: Extract<KpiSource, { kind: 'metric' }>): Target[] {
  if (of === 'apim') return [{ scope: 'global', id: estate.apim.id, metricsUrl: estate.apim.metricsUrl }];
  const urls = new Map(estate.regions.map(({ name, metricsUrl }) => [name, metricsUrl]));
  return estate.cells.map((cell) => ({
    scope: cellScope(cell.name),
    id: of === 'storage' ? cell.storageId : cell.containerAppId,
    metricsUrl: urls.get(cell.region) ?? '',
    cell,
  }));
}

/** The name by which a cell's app calls itself in the logs. */
export function appOf({ containerAppId }: Cell): string {
  return containerAppId.split('/').at(-1)?.toLowerCase() ?? '';
}
