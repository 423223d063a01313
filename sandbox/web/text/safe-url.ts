/** The address if a person may safely be led there (http, https, mailto), else undefined. */
export function safeUrl(text: string): string | undefined {
  try {
    const url = new URL(text);
    return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : undefined;
  } catch {
    return undefined;
  }
}
