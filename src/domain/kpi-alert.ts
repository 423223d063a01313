import type { LogRuleState, MetricRuleState } from './alert-rule.ts';
import type { Cell, Estate } from './estate.ts';
import type { KpiDefinition } from './kpi.ts';

type Shared = 'target' | 'aggregation' | 'operator' | 'threshold';
export type KpiCondition =
  | Pick<MetricRuleState, Shared | 'signal' | 'metric' | 'splitBy'>
  | Pick<LogRuleState, Exclude<Shared, 'target'> | 'signal' | 'query' | 'column' | 'resourceColumn'>;

/** The condition on which an indicator alerts, over a window of so many minutes, of a cell or of all. */
export function kpiCondition(
  definition: KpiDefinition,
  estate: Estate,
  cell: Cell | undefined,
  windowMinutes: number,
): KpiCondition {
  const { source, better, alert } = definition;
  const operator = better === 'higher' ? 'LessThan' : 'GreaterThan';
  if (source.kind === 'logs') {
    return {
      signal: 'log',
      query: boundQuery(source.query, estate, cell),
      column: 'value',
      resourceColumn: cell ? 'resource' : '',
      aggregation: 'Average',
      operator,
      threshold: alert,
    };
  }
  const ids = { apim: estate.apim.id, containerApp: cell?.containerAppId, storage: cell?.storageId };
  const perWindow = { average: 1, perMinute: windowMinutes, perSecond: windowMinutes * 60 }[source.as];
  return {
    signal: 'metric',
    target: ids[source.of] as string,
    metric: source.metric,
    splitBy: [],
    aggregation: source.as === 'average' ? 'Average' : 'Total',
    operator,
    threshold: alert * perWindow,
  };
}

/** The indicator's query with its names bound; of a cell, its own rows only, with the app that they are about. */
function boundQuery(query: string, estate: Estate, cell: Cell | undefined): string {
  const bind = { frontDoorId: estate.frontDoorId, apimId: estate.apim.id };
  const lets = Object.entries(bind)
    .filter(([name]) => new RegExp(`\\b${name}\\b`).test(query))
    .map(([name, id]) => `let ${name} = ${literal(id)};`);
  const own = cell
    ? [
        `| where app =~ ${literal(cell.containerAppId.split('/').at(-1) as string)}`,
        `| extend resource = ${literal(cell.containerAppId)}`,
      ]
    : [];
  return [...lets, query, ...own].join('\n');
}

/** Ids come from the estate file, whose schema lets no quote and no backslash through; this must not depend on it. */
function literal(text: string): string {
  return `"${text.replace(/[^\w().,/ -]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`;
}
