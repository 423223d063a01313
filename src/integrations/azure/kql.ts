/**
 * A text as a KQL string literal, whatever is in it: the only way in which a value gets into a query. Backslash, both
 * quotes and everything that is not plain ASCII are escaped (learn.microsoft.com, “The string data type”).
 */
export function kqlString(text: string): string {
  const escaped = text
    .toWellFormed()
    .replace(
      /[^\x20\x21\x23-\x26\x28-\x5b\x5d-\x7e]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  return `"${escaped}"`;
}

/** `let` statements before a query, so that the query's own text stays the same for all values. */
export function withBindings(kql: string, bind: Readonly<Record<string, string>> = {}): string {
  const names = Object.keys(bind);
  const wrong = names.find((name) => !/^[a-z]\w{0,40}$/i.test(name));
  if (wrong !== undefined) throw new Error(`${wrong} is no name in KQL`);
  return [...names.map((name) => `let ${name} = ${kqlString(bind[name] as string)};`), kql].join('\n');
}
