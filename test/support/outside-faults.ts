/**
 * What would be live in a text where another service shows it: as HTML (Statuspage's pages and mails, PagerDuty's
 * mails), as Markdown, or as plain text on a phone; and what the service would refuse. Empty: nothing.
 */
export function outsideFaults(where: string, text: string, most: number): string[] {
  const say = (what: string) => `${where} ${what}: ${text.slice(0, 120)}`;
  return [
    ...(text === '' ? [say('is empty')] : []),
    ...(text.length > most ? [say(`has ${text.length} characters, ${most} at most`)] : []),
    // HTML: a tag, an end tag, a comment, a processing instruction; and Slack's entities and Markdown's autolinks.
    ...(/<[a-z!/?@#]/i.test(text) ? [say('has a tag or an entity of Slack')] : []),
    ...(/&(#\d+|#x[\da-f]+|[a-z][a-z\d]*);/i.test(text) ? [say('has an escape that would be undone')] : []),
    // CommonMark: inline links and images, references, definitions.
    ...(/\](\(|\[|:)/.test(text) ? [say('has a link or an image')] : []),
    ...(text.includes('`') ? [say('can open a code span')] : []),
    ...(/[\p{Cf}\p{Zl}\p{Zp}]|[^\P{Cc}\n]/u.test(text) ? [say('has a hidden character')] : []),
    ...(text.isWellFormed() ? [] : [say('has half a character')]),
  ];
}
