import { setImmediate as breath } from 'node:timers/promises';
import { aggregate, sum, type Weighted } from './kql-aggregate.ts';
import { type Cell, compare, evaluate, type Row } from './kql-evaluate.ts';
import { type Expression, type Named, type Operator, parseKql } from './kql-parser.ts';
import { type ColumnType, checkNames, SemanticFault, typeOf } from './kql-types.ts';

/** A row of a log; `count` rows that are alike are kept as one. */
export interface LogRow {
  readonly columns: Readonly<Record<string, Cell>>;
  readonly count: number;
}

export interface LogTable {
  /** With their types, in order. */
  readonly columns: Readonly<Record<string, ColumnType>>;
  rows(): LogRow[];
}

export interface LogResult {
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[];
  readonly rows: readonly Cell[][];
}

type Tables = ReadonlyMap<string, LogTable>;

/** So many rows are worked on before others of the process have their turn. */
const rowsAtOnce = 500;

/** Runs a query over tables. Throws SyntaxError for what the emulator's KQL does not have, SemanticFault for unknown names. */
export function runKql(text: string, tables: Tables): LogResult {
  const work = workOn(text, tables);
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** The same, part by part: an hour of logs takes a fifth of a second, and the other emulators live in the same process. */
export async function runKqlCalmly(text: string, tables: Tables): Promise<LogResult> {
  const work = workOn(text, tables);
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    await breath();
  }
}

/** The work on a query; it yields between its parts. */
function* workOn(text: string, tables: Tables): Generator<void, LogResult> {
  const query = parseKql(text);
  const table = tables.get(query.table);
  if (!table) throw new SemanticFault(`Failed to resolve table or column expression named '${query.table}'`);
  const bound: Record<string, Cell> = {};
  for (const [name, value] of query.bound) bound[name] = evaluate(value, bound);
  let rows: Weighted[] = table.rows().map(({ columns, count }) => ({ row: columns, count }));
  yield;
  let types: Record<string, ColumnType> = { ...table.columns };
  for (const operator of query.operators) {
    checkNames(operator, types, bound);
    ({ rows, types } = yield* apply(operator, rows, types, bound));
  }
  const names = Object.keys(types);
  return {
    columns: names.map((name) => ({ name, type: types[name] as ColumnType })),
    rows: rows.flatMap(({ row, count }) =>
      Array.from({ length: Math.round(count) }, () => names.map((name) => row[name] ?? null)),
    ),
  };
}

interface Made {
  readonly rows: Weighted[];
  readonly types: Record<string, ColumnType>;
}

function* apply(
  operator: Operator,
  rows: readonly Weighted[],
  types: Record<string, ColumnType>,
  bound: Row,
): Generator<void, Made> {
  const value = (expression: Expression, row: Row) => evaluate(expression, row, bound);
  switch (operator.is) {
    case 'where':
      return {
        rows: yield* inParts(rows, (some) => some.filter(({ row }) => value(operator.condition, row) === true)),
        types,
      };
    case 'extend':
    case 'project': {
      const start = operator.is === 'extend' ? types : {};
      const made = yield* inParts(rows, (some) =>
        some.map(({ row, count }) => {
          let next: Row = row;
          for (const column of operator.columns) next = { ...next, [column.name]: value(column.value, next) };
          return {
            row:
              operator.is === 'extend'
                ? next
                : Object.fromEntries(operator.columns.map(({ name }) => [name, next[name] ?? null])),
            count,
          };
        }),
      );
      let known: Record<string, ColumnType> = { ...types };
      for (const column of operator.columns) known = { ...known, [column.name]: typeOf(column.value, known) };
      return { rows: made, types: { ...start, ...pick(known, operator.columns) } };
    }
    case 'summarize':
      return yield* summarize(operator, rows, types, bound);
    case 'sort':
    case 'top': {
      const sign = operator.descending ? -1 : 1;
      const sorted = [...rows].sort((a, b) => sign * compare(value(operator.by, a.row), value(operator.by, b.row)));
      return { rows: operator.count === undefined ? sorted : sorted.slice(0, operator.count), types };
    }
    case 'take':
      return { rows: rows.slice(0, operator.count).map((it) => ({ ...it, count: 1 })), types };
    case 'count':
      return { rows: [{ row: { Count: sum(rows.map(({ count }) => count)) }, count: 1 }], types: { Count: 'long' } };
  }
}

/** The same work on all rows, some at a time. */
function* inParts(
  rows: readonly Weighted[],
  work: (some: readonly Weighted[]) => readonly Weighted[],
): Generator<void, Weighted[]> {
  const made: Weighted[] = [];
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    for (const one of work(rows.slice(from, from + rowsAtOnce))) made.push(one);
    yield;
  }
  return made;
}

function* summarize(
  { aggregates, by }: Extract<Operator, { is: 'summarize' }>,
  rows: readonly Weighted[],
  types: Record<string, ColumnType>,
  bound: Row,
): Generator<void, Made> {
  const groups = new Map<string, Weighted[]>();
  // Without `by`, nothing still sums up to one row.
  if (by.length === 0) groups.set('[]', []);
  yield* inParts(rows, (some) => {
    for (const one of some) {
      const key = JSON.stringify(by.map(({ value }) => evaluate(value, one.row, bound)));
      const group = groups.get(key);
      if (group) group.push(one);
      else groups.set(key, [one]);
    }
    return [];
  });
  const made = [...groups.values()].map((group): Weighted => {
    const [first] = group;
    const keys = by.map(({ name, value }) => [name, evaluate(value, first?.row ?? {}, bound)] as const);
    return {
      row: Object.fromEntries([...keys, ...aggregates.flatMap((one) => aggregate(one, group, bound))]),
      count: 1,
    };
  });
  const columns = aggregates.flatMap(({ name, value }) =>
    value.is === 'call' && value.name === 'arg_max'
      ? value.arguments.map((argument) => [(argument as { name: string }).name, typeOf(argument, types)] as const)
      : [[name, typeOf(value, types)] as const],
  );
  return {
    rows: made,
    types: {
      ...Object.fromEntries(by.map(({ name, value }) => [name, typeOf(value, types)])),
      ...Object.fromEntries(columns),
    },
  };
}

function pick(types: Readonly<Record<string, ColumnType>>, columns: readonly Named[]): Record<string, ColumnType> {
  return Object.fromEntries(columns.map(({ name }) => [name, types[name] as ColumnType]));
}
