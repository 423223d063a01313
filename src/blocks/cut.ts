/**
 * Cuts escaped text to a length, with `…`. Never inside an entity (`&amp;`, `<@U1>`), a code span or a character
 * of two units: half an entity is shown raw, or is live.
 */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const kept = text
    .slice(0, max - 1)
    .replace(/[\ud800-\udbff]$/, '')
    .replace(/&[a-z]{0,4}$/, '')
    .replace(/<[^<>]*$/, '');
  const inCode = kept.split('`').length % 2 === 0;
  return `${inCode ? kept.slice(0, kept.lastIndexOf('`')) : kept}…`;
}

/** Cuts text that is shown as it is (plain_text), never inside a character of two units. */
export function cutPlain(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Whole lines up to a length; what doesn't fit is counted: `… (3 more)`. A single long line is cut. */
export function cutLines(lines: readonly string[], max: number): string {
  const whole = lines.join('\n');
  if (whole.length <= max) return whole;
  const lineMax = Math.min(300, max);
  const room = max - moreThan(lines.length).length - 1;
  const kept: string[] = [];
  let used = 0;
  for (const line of lines) {
    const shown = cut(line, lineMax);
    if (used + shown.length + 1 > room) break;
    kept.push(shown);
    used += shown.length + 1;
  }
  const left = lines.length - kept.length;
  return left === 0 ? kept.join('\n') : [...kept, moreThan(left)].join('\n');
}

/** The first few of a list in words: `a, b, c … (4 more)`. */
export function cutList(items: readonly string[], most: number): string {
  const left = items.length - most;
  return left > 0 ? `${items.slice(0, most).join(', ')} ${moreThan(left)}` : items.join(', ');
}

export function moreThan(count: number): string {
  return `… (${count} more)`;
}
