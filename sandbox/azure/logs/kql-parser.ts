import { spanMs, type Token, tokens, unquoted } from './kql-lexer.ts';

export type Expression =
  | { readonly is: 'value'; readonly value: string | number | boolean | null }
  | { readonly is: 'column'; readonly name: string }
  | { readonly is: 'path'; readonly of: Expression; readonly name: string }
  | { readonly is: 'call'; readonly name: string; readonly arguments: readonly Expression[] }
  | { readonly is: 'list'; readonly items: readonly Expression[] };

/** `name = expression`; without a name, the one that Kusto gives it. */
export interface Named {
  readonly name: string;
  readonly value: Expression;
}

export type Operator =
  | { readonly is: 'where'; readonly condition: Expression }
  | { readonly is: 'extend' | 'project'; readonly columns: readonly Named[] }
  | { readonly is: 'summarize'; readonly aggregates: readonly Named[]; readonly by: readonly Named[] }
  | { readonly is: 'sort' | 'top'; readonly by: Expression; readonly descending: boolean; readonly count?: number }
  | { readonly is: 'take'; readonly count: number }
  | { readonly is: 'count' };

export interface Query {
  readonly bound: ReadonlyMap<string, Expression>;
  readonly table: string;
  readonly operators: readonly Operator[];
}

/** From the weakest to the strongest. */
const levels: readonly (readonly string[])[] = [
  ['or'],
  ['and'],
  ['==', '=~', '!=', '!~', '<', '<=', '>', '>=', 'in', 'in~', 'has', 'contains', 'startswith', 'between'],
  ['+', '-'],
  ['*', '/', '%'],
];

/** The part of KQL that the product uses: `let` of a value, one table, and where, extend, project, summarize, sort, top, take, count. */
export function parseKql(text: string): Query {
  const all = tokens(text);
  let at = 0;
  const peek = (): Token => all[at] as Token;
  const next = (): Token => all[at++] as Token;
  const is = (word: string) => peek().text === word && peek().kind !== 'text';
  const accept = (word: string) => is(word) && next() !== undefined;
  const expect = (word: string) => {
    if (!accept(word)) throw new SyntaxError(`Expected ${word}, not ${peek().text || 'the end'}`);
  };
  const name = () => {
    const token = next();
    if (token.kind !== 'name') throw new SyntaxError(`Expected a name, not ${token.text || 'the end'}`);
    return token.text;
  };
  const several = <T>(one: () => T): T[] => {
    const found = [one()];
    while (accept(',')) found.push(one());
    return found;
  };

  function expression(level = 0): Expression {
    const operators = levels[level];
    if (!operators) return postfix();
    let left = expression(level + 1);
    while (operators.includes(peek().text) && (peek().kind === 'sign' || peek().kind === 'name')) {
      const operator = next().text;
      const right = operator.startsWith('in') || operator === 'between' ? list() : expression(level + 1);
      left = { is: 'call', name: operator, arguments: [left, right] };
    }
    return left;
  }

  function list(): Expression {
    expect('(');
    const items = [expression()];
    while (accept(',') || accept('..')) items.push(expression());
    expect(')');
    return { is: 'list', items };
  }

  function postfix(): Expression {
    let found = primary();
    while (is('.') || is('[')) {
      if (accept('.')) found = { is: 'path', of: found, name: name() };
      else {
        expect('[');
        found = { is: 'path', of: found, name: unquoted(next().text) };
        expect(']');
      }
    }
    return found;
  }

  function primary(): Expression {
    if (accept('(')) {
      const inner = expression();
      expect(')');
      return inner;
    }
    if (accept('-')) return { is: 'call', name: 'negative', arguments: [primary()] };
    const token = next();
    if (token.kind === 'number') return { is: 'value', value: Number(token.text) };
    if (token.kind === 'span') return { is: 'value', value: spanMs(token.text) };
    if (token.kind === 'text') return { is: 'value', value: unquoted(token.text) };
    if (token.kind !== 'name') throw new SyntaxError(`Unexpected ${token.text || 'end'}`);
    if (token.text === 'true' || token.text === 'false') return { is: 'value', value: token.text === 'true' };
    if (!accept('(')) return { is: 'column', name: token.text };
    // real(null), datetime(…): a literal that looks like a call.
    if (is('null')) {
      next();
      expect(')');
      return { is: 'value', value: null };
    }
    const given = is(')') ? [] : several(expression);
    expect(')');
    return { is: 'call', name: token.text.toLowerCase(), arguments: given };
  }

  function named(): Named {
    if (peek().kind === 'name' && all[at + 1]?.text === '=') {
      const called = name();
      expect('=');
      return { name: called, value: expression() };
    }
    const value = expression();
    return { name: nameOf(value), value };
  }

  function operator(): Operator {
    const word = name();
    switch (word) {
      case 'where':
        return { is: 'where', condition: expression() };
      case 'extend':
      case 'project':
        return { is: word, columns: several(named) };
      case 'summarize': {
        const aggregates = is('by') ? [] : several(named);
        return { is: 'summarize', aggregates, by: accept('by') ? several(named) : [] };
      }
      case 'order':
      case 'sort':
        expect('by');
        return { is: 'sort', ...direction() };
      case 'top': {
        const count = Number(next().text);
        expect('by');
        return { is: 'top', count, ...direction() };
      }
      case 'take':
      case 'limit':
        return { is: 'take', count: Number(next().text) };
      case 'count':
        return { is: 'count' };
      default:
        throw new SyntaxError(`The emulator’s KQL has no operator ${word}`);
    }
  }

  function direction() {
    const by = expression();
    const descending = !accept('asc');
    if (descending) accept('desc');
    return { by, descending };
  }

  const bound = new Map<string, Expression>();
  while (accept('let')) {
    const called = name();
    expect('=');
    bound.set(called, expression());
    expect(';');
  }
  const table = name();
  const operators: Operator[] = [];
  while (accept('|')) operators.push(operator());
  accept(';');
  if (peek().kind !== 'end') throw new SyntaxError(`Unexpected ${peek().text}`);
  return { bound, table, operators };
}

/** As Kusto names a column without a name: `count_`, `sum_ItemCount`; of `bin`, the column that is rounded. */
function nameOf(value: Expression): string {
  if (value.is === 'column') return value.name;
  if (value.is === 'path') return `${nameOf(value.of)}_${value.name}`;
  if (value.is !== 'call') return 'Column1';
  const [first] = value.arguments;
  const of = first ? nameOf(first) : '';
  return ['bin', 'tostring', 'tolower', 'toint', 'todouble'].includes(value.name) ? of : `${value.name}_${of}`;
}
