import { ArmFault } from './arm-fault.ts';

export type Document = Readonly<Record<string, unknown>>;

export interface CosmosQuery {
  readonly query: string;
  readonly parameters?: readonly { readonly name: string; readonly value: unknown }[];
}

interface Condition {
  readonly path: readonly string[];
  readonly operator: string;
  readonly value: unknown;
}

/**
 * As much of Cosmos' SQL as a registry of tenants needs:
 * `SELECT * | c.a, c.b AS d | VALUE c.a FROM c [WHERE c.a = @p AND c.b IN (…) AND ARRAY_CONTAINS(c.l, @p)]`, and
 * `SELECT c.a, COUNT(1) AS n FROM c [WHERE …] GROUP BY c.a`, which names nothing but what it groups by and counts; that
 * too as a plan rewrites it.
 * Anything else is refused (400), so that nothing seems to work that was not understood.
 */
export function runQuery({ query, parameters = [] }: CosmosQuery, documents: readonly Document[]): unknown[] {
  const text = plainOf(query);
  const [, selected = '', alias = '', where, by] =
    /^SELECT (.+?) FROM (\w+)(?: WHERE (.+?))?(?: GROUP BY (.+))?$/i.exec(text) ?? [];
  if (selected === '') throw refused(text);
  const values = new Map(parameters.map(({ name, value }) => [name, value]));
  const conditions =
    where === undefined ? [] : where.split(/ AND /i).map((part) => conditionOf(part.trim(), alias, values));
  const found = documents.filter((document) => conditions.every((condition) => holds(condition, document)));
  return by === undefined ? found.map(projection(selected, alias)) : grouped(selected, alias, by.split(/, ?/), found);
}

export function isGrouped(query: string): boolean {
  return / GROUP BY /i.test(plainOf(query));
}

/** A query that groups, as a plan is made of it; undefined: it does not group. `rest`: from FROM on. */
export function groupedParts(query: string):
  | {
      readonly columns: readonly { readonly name: string; readonly expression: string; readonly counts: boolean }[];
      readonly by: readonly string[];
      readonly rest: string;
    }
  | undefined {
  const [, selected = '', rest = '', by = ''] = /^SELECT (.+?) (FROM .+? GROUP BY (.+))$/i.exec(plainOf(query)) ?? [];
  return selected === '' ? undefined : { columns: columnsOf(selected), by: by.split(/, ?/), rest };
}

function columnsOf(selected: string) {
  return selected.split(',').map((column) => {
    const [, expression = '', name] = /^(\S+)(?: AS (\w+))?$/i.exec(column.trim()) ?? [];
    const counts = /^COUNT\(1\)$/i.test(expression);
    if (expression === '' || (counts && name === undefined)) throw refused(column);
    return { expression, counts, name: name ?? (expression.split('.').at(-1) as string) };
  });
}

/** One row for each group, in the order in which they are met; what a document lacks is a group of its own. */
function grouped(selected: string, alias: string, by: readonly string[], documents: readonly Document[]): unknown[] {
  const [, payload] = /^\[.+\] AS groupByItems, \{(.+)\} AS payload$/.exec(selected) ?? [];
  const columns =
    payload === undefined
      ? columnsOf(selected)
      : payload.split(', ').map((part) => {
          const [, name = '', counted, plain] = /^"(\w+)": (?:\{"item": (\S+)\}|(\S+))$/.exec(part) ?? [];
          if (name === '') throw refused(part);
          return { name, expression: counted ?? plain ?? '', counts: counted !== undefined };
        });
  for (const { expression, counts } of columns)
    if (!counts && !by.includes(expression)) throw refused(`${expression} is neither grouped by nor an aggregate`);
  const paths = by.map((expression) => pathOf(expression, alias));
  const groups = Map.groupBy(documents, (document) => JSON.stringify(paths.map((path) => [valueAt(document, path)])));
  return [...groups.values()].map((members) => {
    const first = members[0];
    const entries = columns.flatMap(({ name, expression, counts }) => {
      const value = counts ? members.length : valueAt(first, pathOf(expression, alias));
      if (value === undefined) return [];
      return [[name, counts && payload !== undefined ? { item: value } : value] as const];
    });
    const row = Object.fromEntries(entries);
    if (payload === undefined) return row;
    const keys = paths.map((path) => valueAt(first, path));
    return { groupByItems: keys.map((item) => (item === undefined ? {} : { item })), payload: row };
  });
}

function plainOf(query: string): string {
  return query.trim().replace(/\s+/g, ' ');
}

function projection(selected: string, alias: string): (document: Document) => unknown {
  if (selected === '*') return (document) => document;
  const [, single] = /^VALUE (\S+)$/i.exec(selected) ?? [];
  if (single !== undefined) {
    const path = pathOf(single, alias);
    return (document) => valueAt(document, path);
  }
  const columns = selected.split(',').map((column) => {
    const [, expression = '', name] = /^(\S+)(?: AS (\w+))?$/i.exec(column.trim()) ?? [];
    const path = pathOf(expression, alias);
    return { path, name: name ?? (path.at(-1) as string) };
  });
  return (document) =>
    Object.fromEntries(
      columns.map(({ path, name }) => [name, valueAt(document, path)]).filter(([, value]) => value !== undefined),
    );
}

function conditionOf(text: string, alias: string, values: ReadonlyMap<string, unknown>): Condition {
  const [, list, wanted] = /^ARRAY_CONTAINS ?\((\S+), ?(\S+)\)$/i.exec(text) ?? [];
  if (list !== undefined)
    return { path: pathOf(list, alias), operator: 'CONTAINS', value: literal(wanted ?? '', values) };
  const [, left = '', operator = '', right = ''] = /^(\S+?) ?(=|!=|<>|<=|>=|<|>| IN) ?(.+)$/i.exec(text) ?? [];
  if (left === '') throw refused(text);
  if (operator.trim().toUpperCase() !== 'IN')
    return { path: pathOf(left, alias), operator, value: literal(right, values) };
  const [, choices] = /^\((.+)\)$/.exec(right) ?? [];
  if (choices === undefined) throw refused(text);
  return {
    path: pathOf(left, alias),
    operator: 'IN',
    value: choices.split(',').map((choice) => literal(choice.trim(), values)),
  };
}

function pathOf(expression: string, alias: string): string[] {
  const [root, ...path] = expression.split('.');
  if (root !== alias || path.length === 0 || !path.every((part) => /^\w+$/.test(part))) throw refused(expression);
  return path;
}

function literal(text: string, values: ReadonlyMap<string, unknown>): unknown {
  if (text.startsWith('@')) {
    if (!values.has(text)) throw refused(`the parameter ${text} is not given`);
    return values.get(text);
  }
  const [, quoted] = /^["']([^"'\\]*)["']$/.exec(text) ?? [];
  if (quoted !== undefined) return quoted;
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  throw refused(text);
}

function holds({ path, operator, value }: Condition, document: Document): boolean {
  const found = valueAt(document, path);
  if (operator === 'IN') return (value as unknown[]).includes(found);
  if (operator === 'CONTAINS') return Array.isArray(found) && found.includes(value);
  if (operator === '=') return found === value;
  // What is not defined, or of another type, is neither equal nor unequal.
  if (typeof found !== typeof value) return false;
  if (operator === '!=' || operator === '<>') return found !== value;
  const [a, b] = [found, value] as [string, string];
  if (operator === '<') return a < b;
  if (operator === '>') return a > b;
  return operator === '<=' ? a <= b : a >= b;
}

function valueAt(document: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], document);
}

function refused(what: string): ArmFault {
  return new ArmFault(400, 'BadRequest', `The emulator does not understand this query: ${what.slice(0, 200)}`);
}
