import type { Expression } from './kql-parser.ts';

export type Cell = string | number | boolean | Date | null | { readonly [key: string]: unknown };
export type Row = Readonly<Record<string, Cell>>;

/** A value in a row; a name that nothing has is null. Throws SyntaxError for a function that the emulator does not have. */
export function evaluate(expression: Expression, row: Row, bound: Row = {}): Cell {
  switch (expression.is) {
    case 'value':
      return expression.value;
    case 'column':
      return row[expression.name] ?? bound[expression.name] ?? null;
    case 'path': {
      const of = evaluate(expression.of, row, bound);
      return typeof of === 'object' && of !== null && !(of instanceof Date)
        ? ((of[expression.name] as Cell | undefined) ?? null)
        : null;
    }
    case 'list':
      return null;
    case 'call':
      return call(expression.name, expression.arguments, row, bound);
  }
}

function call(name: string, given: readonly Expression[], row: Row, bound: Row): Cell {
  const value = (index: number): Cell => {
    const one = given[index];
    return one === undefined ? null : evaluate(one, row, bound);
  };
  const items = () => (given[1]?.is === 'list' ? given[1].items.map((item) => evaluate(item, row, bound)) : []);
  const low = (cell: Cell) => String(cell ?? '').toLowerCase();
  switch (name) {
    case 'and':
      return value(0) === true && value(1) === true;
    case 'or':
      return value(0) === true || value(1) === true;
    case 'not':
      return value(0) !== true;
    case '==':
      return compare(value(0), value(1)) === 0;
    case '!=':
      return compare(value(0), value(1)) !== 0;
    case '=~':
      return low(value(0)) === low(value(1));
    case '!~':
      return low(value(0)) !== low(value(1));
    case 'in':
      return items().includes(value(0));
    case 'in~':
      return items()
        .map(low)
        .includes(low(value(0)));
    case 'has':
    case 'contains':
      return low(value(0)).includes(low(value(1)));
    case 'startswith':
      return low(value(0)).startsWith(low(value(1)));
    case 'between': {
      const [least = null, most = null] = items();
      return compare(value(0), least) >= 0 && compare(value(0), most) <= 0;
    }
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const [a, b] = [value(0), value(1)];
      if (a === null || b === null) return false;
      const order = compare(a, b);
      return name === '<' ? order < 0 : name === '<=' ? order <= 0 : name === '>' ? order > 0 : order >= 0;
    }
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return arithmetic(name, value(0), value(1));
    case 'negative':
      return arithmetic('-', 0, value(0));
    case 'bin':
      return bin(value(0), Number(value(1)));
    case 'iff':
    case 'iif':
      return value(0) === true ? value(1) : value(2);
    case 'coalesce':
      return given.map((_, index) => value(index)).find((one) => one !== null && !Number.isNaN(one)) ?? null;
    case 'isempty':
      return value(0) === null || value(0) === '';
    case 'isnotempty':
      return value(0) !== null && value(0) !== '';
    case 'column_ifexists': {
      const column = String(value(0));
      return column in row ? (row[column] ?? null) : value(1);
    }
    case 'tostring':
      return value(0) === null ? '' : String(value(0));
    case 'tolower':
      return low(value(0));
    case 'toint':
    case 'tolong':
      return number(value(0), Math.trunc);
    case 'todouble':
    case 'toreal':
      return number(value(0), (found) => found);
    case 'round':
      return number(value(0), (found) => Number(found.toFixed(Number(value(1) ?? 0))));
    default:
      throw new SyntaxError(`The emulator’s KQL has no function ${name}`);
  }
}

function number(cell: Cell, shape: (found: number) => number): Cell {
  if (cell === null || cell === '' || typeof cell === 'object') return null;
  const found = Number(cell);
  return Number.isNaN(found) ? null : shape(found);
}

function arithmetic(sign: string, a: Cell, b: Cell): Cell {
  const [left, right] = [a instanceof Date ? a.getTime() : a, b instanceof Date ? b.getTime() : b];
  if (typeof left !== 'number' || typeof right !== 'number') return null;
  if (sign === '+') return left + right;
  if (sign === '-') return left - right;
  if (sign === '*') return left * right;
  return sign === '/' ? left / right : left % right;
}

function bin(cell: Cell, size: number): Cell {
  if (cell instanceof Date) return new Date(cell.getTime() - (cell.getTime() % size));
  return typeof cell === 'number' ? Math.floor(cell / size) * size : null;
}

export function compare(a: Cell, b: Cell): number {
  const [left, right] = [a instanceof Date ? a.getTime() : a, b instanceof Date ? b.getTime() : b];
  if (left === right) return 0;
  if (left === null) return -1;
  if (right === null) return 1;
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return String(left) < String(right) ? -1 : 1;
}
