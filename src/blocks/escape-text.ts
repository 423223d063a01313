/** One line of well-formed text without control characters and without marks that hide or turn what follows them. */
export function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/\p{Cf}/gu, '')
    .trim();
}

/**
 * Text of a stranger for a mrkdwn field: no entity (`<!channel>`, `<@U1>`, `<https://…>`) in it is live, and it can't
 * open a code span. Slack has no escape for `*`, `_` and `~`; where those matter, use a plain_text field.
 */
export function escapeText(text: string): string {
  return oneLine(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('`', 'ˋ');
}

/** The same in a code span, for names and codes that people type or compare. */
export function code(text: string): string {
  return `\`${escapeText(text) || '—'}\``;
}

/** A sentence of ours in which `…` marks what can be typed: the spans stay code, all else is escaped. */
export function escapeHint(text: string): string {
  return text
    .split('`')
    .map((part, index, parts) => {
      if (index % 2 === 1 && index < parts.length - 1) return code(part);
      const blank = (edge: RegExp) => (edge.test(part) ? ' ' : '');
      return part.trim() === '' ? blank(/\s/) : `${blank(/^\s/)}${escapeText(part)}${blank(/\s$/)}`;
    })
    .join('')
    .trim();
}
