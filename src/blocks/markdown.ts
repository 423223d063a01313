import { oneLine } from './escape-text.ts';

/**
 * A stranger's words in Markdown, in a code span: there nothing is live, neither for Slack's canvases nor for any
 * other reader, and no mark of theirs can change the document.
 */
export function quoted(text: string, max = 500): string {
  const line = oneLine(text).replaceAll('`', 'ˋ');
  const cut = line.length > max ? `${line.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '')}…` : line;
  return cut === '' ? '—' : `\`${cut}\``;
}

/** A moment in UTC, for documents that are read in other places and years later. */
export function utc(iso: string): string {
  const ms = Date.parse(iso);
  return Number.isNaN(ms) ? quoted(iso) : `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
