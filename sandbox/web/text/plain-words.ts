import { emojiCharacter } from './emoji.ts';

/** Plain text with its emoji shortcodes turned to characters, for places that take a string only. */
export function plainWords(text: string, emoji = true): string {
  if (!emoji) return text;
  return text.replace(/:([a-z0-9_+'-]+):/g, (whole, name: string) => emojiCharacter(name) ?? whole);
}
