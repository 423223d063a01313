import { type Cell, compare, evaluate, type Row } from './kql-evaluate.ts';
import type { Expression, Named } from './kql-parser.ts';

/** A row, so many times. */
export interface Weighted {
  readonly row: Row;
  readonly count: number;
}

/** The columns that an aggregate makes of a group. */
export function aggregate({ name, value }: Named, group: readonly Weighted[], bound: Row): (readonly [string, Cell])[] {
  if (value.is !== 'call') throw new SyntaxError(`${name} is no aggregate`);
  const [first, second, third] = value.arguments;
  const of = (expression: Expression | undefined, row: Row) =>
    expression === undefined ? null : evaluate(expression, row, bound);
  const numbers = () =>
    group.flatMap(({ row, count }) => {
      const found = of(first, row);
      return typeof found === 'number' && Number.isFinite(found) ? [{ value: found, count }] : [];
    });
  switch (value.name) {
    case 'count':
      return [[name, Math.round(sum(group.map(({ count }) => count)))]];
    case 'countif':
      return [[name, Math.round(sum(group.filter(({ row }) => of(first, row) === true).map(({ count }) => count)))]];
    case 'sum':
      return [[name, sum(numbers().map((one) => one.value * one.count))]];
    case 'avg': {
      const found = numbers();
      return [[name, sum(found.map((one) => one.value * one.count)) / sum(found.map(({ count }) => count))]];
    }
    case 'max':
    case 'min': {
      const found = numbers().map((one) => one.value);
      return [[name, found.length === 0 ? null : value.name === 'max' ? Math.max(...found) : Math.min(...found)]];
    }
    case 'dcount':
      return [[name, new Set(group.map(({ row }) => JSON.stringify(of(first, row)))).size]];
    case 'percentile':
      return [[name, percentile(numbers(), Number(of(second, {})))]];
    case 'percentilew': {
      const found = group.flatMap(({ row, count }) => {
        const one = of(first, row);
        return typeof one === 'number' ? [{ value: one, count: count * Number(of(second, row)) }] : [];
      });
      return [[name, percentile(found, Number(of(third, {})))]];
    }
    case 'arg_max': {
      const best = [...group].sort((a, b) => compare(of(first, b.row), of(first, a.row)))[0];
      return value.arguments.map((argument) => [(argument as { name: string }).name, of(argument, best?.row ?? {})]);
    }
    default:
      throw new SyntaxError(`The emulator’s KQL has no aggregate ${value.name}`);
  }
}

/** The nearest rank. Of nothing: NaN, as Kusto's. */
function percentile(values: readonly { value: number; count: number }[], percent: number): number {
  const sorted = [...values].sort((a, b) => a.value - b.value);
  const rank = (percent / 100) * sum(sorted.map(({ count }) => count));
  let passed = 0;
  for (const { value, count } of sorted) {
    passed += count;
    if (passed >= rank) return value;
  }
  return Number.NaN;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
