import type { Row } from './kql-evaluate.ts';
import type { Expression, Named, Operator } from './kql-parser.ts';

export type ColumnType = 'string' | 'int' | 'long' | 'real' | 'bool' | 'datetime' | 'dynamic';

/** Kusto’s own words for what is not there; SEM0100 is its number for them. */
export class SemanticFault extends Error {}

const callTypes: Readonly<Record<string, ColumnType>> = {
  count: 'long',
  countif: 'long',
  dcount: 'long',
  tostring: 'string',
  tolower: 'string',
  toint: 'int',
  tolong: 'long',
  todouble: 'real',
  toreal: 'real',
  avg: 'real',
  percentile: 'real',
  percentilew: 'real',
  '/': 'real',
};

/** Of an expression over columns of these types. */
export function typeOf(expression: Expression, types: Readonly<Record<string, ColumnType>>): ColumnType {
  if (expression.is === 'column') return types[expression.name] ?? 'string';
  if (expression.is === 'path' || expression.is === 'list') return 'dynamic';
  if (expression.is === 'value')
    return typeof expression.value === 'string' ? 'string' : typeof expression.value === 'boolean' ? 'bool' : 'real';
  const known = callTypes[expression.name];
  if (known) return known;
  const of = expression.arguments.map((argument) => typeOf(argument, types));
  if (['+', '-', '*', '%', 'sum', 'max', 'min', 'round'].includes(expression.name))
    return of.includes('real') ? 'real' : (of[0] ?? 'real');
  if (['bin', 'coalesce', 'arg_max'].includes(expression.name)) return of[0] ?? 'real';
  if (['iff', 'iif', 'column_ifexists'].includes(expression.name)) return of[1] ?? 'string';
  return 'bool';
}

/** Throws SemanticFault for a name that nothing has at this operator. */
export function checkNames(operator: Operator, types: Readonly<Record<string, ColumnType>>, bound: Row): void {
  const known = new Set([...Object.keys(types), ...Object.keys(bound)]);
  const check = (expression: Expression): void => {
    if (expression.is === 'column' && !known.has(expression.name))
      throw new SemanticFault(
        `'${operator.is}' operator: Failed to resolve column or scalar expression named '${expression.name}'`,
      );
    if (expression.is === 'path') check(expression.of);
    if (expression.is === 'list') expression.items.forEach(check);
    if (expression.is === 'call') expression.arguments.forEach(check);
  };
  const named = (columns: readonly Named[]) => {
    for (const { name, value } of columns) {
      check(value);
      if (operator.is === 'extend' || operator.is === 'project') known.add(name);
    }
  };
  if (operator.is === 'where') check(operator.condition);
  if (operator.is === 'extend' || operator.is === 'project') named(operator.columns);
  if (operator.is === 'summarize') {
    named(operator.by);
    named(operator.aggregates);
  }
  if (operator.is === 'sort' || operator.is === 'top') check(operator.by);
}
