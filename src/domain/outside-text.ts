import { redact } from './redact.ts';

/**
 * Text of people or of strangers as another service shows it: as HTML, Markdown or plain text, on pages, in mails and
 * on phones. The same words, of which nothing is live: no tag, no entity, no link whose words hide where it leads, no
 * image, no mark that hides or turns text, no half character. Secrets of a known shape, and those given, are redacted.
 * Lines stay; a bare address stays text. Escapes would be shown raw where the text is plain, so a mark that begins
 * markup becomes one that looks like it.
 */
export function outsideText(text: string, known: readonly string[] = []): string {
  const readable = text
    .toWellFormed()
    .replace(/\r\n?|[\u0085\p{Zl}\p{Zp}]/gu, '\n')
    .replace(/\p{Cf}/gu, '')
    .replace(/[^\P{Cc}\n]/gu, ' ');
  return (
    redact(readable, known)
      // Tags, comments, and what Slack makes of `<!here>`, `<@U1>` and `<https://…>`.
      .replace(/<(?=[!@#/?a-z])/gi, '‹')
      .replace(/&(?=#?\w{1,40};)/g, '＆')
      // Links, images, references and their definitions in Markdown, and its span that ends none of ours.
      .replace(/\](?=[[(:])/g, '] ')
      .replaceAll('`', 'ˋ')
      .trim()
  );
}

/** The same as one line. */
export function outsideLine(text: string, known: readonly string[] = []): string {
  return outsideText(text.replace(/\s+/g, ' '), known).replace(/\s+/g, ' ');
}

/** Cut to a length in UTF-16 units, with `…`, never inside a character. */
export function cutOutside(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
