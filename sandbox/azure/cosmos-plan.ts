import { ArmFault } from './arm-fault.ts';
import { groupedParts } from './cosmos-query.ts';

/**
 * How a client must run a query over all ranges, as the gateway tells it. A grouped query is rewritten so that each
 * range answers with its groups' keys (`groupByItems`) and their values (`payload`), aggregates as `{ item }`, which
 * the client adds up (@azure/cosmos 4.9, GroupByEndpointComponent.ts; learn.microsoft.com, “GROUP BY clause”).
 * `features`: what the client says it can do by itself; grouping must be among it.
 */
export function planOf(query: string, features: string) {
  const parts = groupedParts(query);
  if (parts && !/\bGroupBy\b/.test(features))
    throw new ArmFault(400, 'BadRequest', 'Query contains the feature GroupBy, which the client does not support.');
  const types = parts?.columns.map(({ name, counts }) => [name, counts ? 'Count' : null] as const) ?? [];
  return {
    partitionedQueryExecutionInfoVersion: 2,
    queryInfo: {
      distinctType: 'None',
      top: null,
      offset: null,
      limit: null,
      orderBy: [],
      orderByExpressions: [],
      groupByExpressions: parts?.by ?? [],
      groupByAliases: parts?.columns.map(({ name }) => name) ?? [],
      aggregates: [],
      groupByAliasToAggregateType: Object.fromEntries(types),
      rewrittenQuery: parts ? rewritten(parts) : '',
      hasSelectValue: false,
      hasNonStreamingOrderBy: false,
      dCountInfo: null,
    },
    queryRanges: [{ min: '', max: 'FF', isMinInclusive: true, isMaxInclusive: false }],
  };
}

function rewritten({ columns, by, rest }: NonNullable<ReturnType<typeof groupedParts>>): string {
  const keys = by.map((expression) => `{"item": ${expression}}`).join(', ');
  const values = columns.map(({ name, expression, counts }) =>
    counts ? `"${name}": {"item": ${expression}}` : `"${name}": ${expression}`,
  );
  return `SELECT [${keys}] AS groupByItems, {${values.join(', ')}} AS payload ${rest}`;
}
