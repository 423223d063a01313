import { escapeText } from './escape-text.ts';

/** A link to an https address that a stranger gave; anything else is shown as text alone. */
export function httpsLink(address: string, label: string): string {
  const url = URL.parse(address);
  const plain = url?.protocol === 'https:' && url.username === '' && url.password === '' ? url.href : undefined;
  // `|` and `>` would end the address early.
  return plain === undefined || /[|<>\s]/.test(plain)
    ? escapeText(label)
    : `<${plain.replaceAll('&', '&amp;')}|${escapeText(label)}>`;
}
