export interface Token {
  readonly kind: 'name' | 'number' | 'text' | 'span' | 'sign' | 'end';
  readonly text: string;
}

/** In milliseconds. */
const spanUnits: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const shapes: readonly (readonly [Token['kind'] | 'skip', RegExp])[] = [
  ['skip', /\s+|\/\/[^\n]*/y],
  ['span', /\d+(?:\.\d+)?(?:ms|[smhd])\b/y],
  ['number', /\d+(?:\.\d+)?(?:e[+-]?\d+)?/iy],
  ['text', /@?"(?:[^"\\\n]|\\.)*"|@?'(?:[^'\\\n]|\\.)*'/y],
  ['name', /[A-Za-z_]\w*~?/y],
  ['sign', /==|=~|!=|!~|<=|>=|\.\.|[|()[\],;.=<>+*/%-]/y],
];

/** Splits a query into words. Throws for what is no KQL, with the place. */
export function tokens(query: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  while (at < query.length) {
    const match = shapes
      .map(([kind, shape]) => {
        shape.lastIndex = at;
        return { kind, text: shape.exec(query)?.[0] };
      })
      .find(({ text }) => text !== undefined);
    if (!match?.text) throw new SyntaxError(`Unexpected: ${query.slice(at, at + 20)}`);
    if (match.kind !== 'skip') found.push({ kind: match.kind, text: match.text });
    at += match.text.length;
  }
  return [...found, { kind: 'end', text: '' }];
}

/** `"a\u0022b"` → `a"b` */
export function unquoted(literal: string): string {
  if (literal.startsWith('@')) return literal.slice(2, -1);
  return literal
    .slice(1, -1)
    .replace(/\\u([0-9a-f]{4})|\\(.)/gi, (_, unit: string | undefined, other: string) =>
      unit === undefined
        ? ({ n: '\n', t: '\t', r: '\r' }[other] ?? other)
        : String.fromCharCode(Number.parseInt(unit, 16)),
    );
}

export function spanMs(literal: string): number {
  const [, amount = '0', unit = 'ms'] = /^([\d.]+)(\w+)$/.exec(literal) ?? [];
  return Number(amount) * (spanUnits[unit] ?? Number.NaN);
}
