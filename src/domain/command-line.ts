import { OpsError } from '../errors.ts';

/** One word of a command. `start` and `end` are its place in the text, quotes included. */
export interface Token {
  readonly text: string;
  /** A quoted word is never a keyword. */
  readonly quoted: boolean;
  readonly start: number;
  readonly end: number;
}

const openers = '"“”„«';
const closers: Readonly<Record<string, string>> = { '"': '"“”', '“': '”“"', '”': '”"', '„': '“”"', '«': '»' };

/**
 * The words of a command, split at blanks, as they are asked for: what stands behind the last one is not looked at.
 * A word in double quotes, straight or as phones write them (“…”), keeps its blanks; in it `\"` and `\\` stand for
 * themselves. A quote inside a word is a character like any other. Throws `bad-input` for a quote that is not closed.
 */
export function* words(text: string): Generator<Token, void, undefined> {
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    if (isBlank(char)) {
      at += 1;
      continue;
    }
    const token = openers.includes(char) ? quotedAt(text, at) : wordAt(text, at);
    yield token;
    at = token.end;
  }
}

/** All of them. */
export function tokenize(text: string): Token[] {
  return [...words(text)];
}

/** A word as it must be typed so that `tokenize` gives it back whole. */
export function quote(text: string): string {
  const plain = text !== '' && ![...text].some(isBlank) && !openers.includes(text.charAt(0));
  return plain ? text : `"${text.replace(/[\\"“”„«»]/gu, '\\$&')}"`;
}

function isBlank(char: string): boolean {
  return /\s/u.test(char);
}

function wordAt(text: string, start: number): Token {
  let end = start;
  while (end < text.length && !isBlank(text.charAt(end))) end += 1;
  return { text: text.slice(start, end), quoted: false, start, end };
}

function quotedAt(text: string, start: number): Token {
  const closing = closers[text.charAt(start)] as string;
  let word = '';
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '\\' && /[\\"“”„«»]/u.test(text.charAt(at + 1))) {
      at += 1;
      word += text.charAt(at);
    } else if (closing.includes(char)) {
      return { text: word, quoted: true, start, end: at + 1 };
    } else {
      word += char;
    }
  }
  throw new OpsError('bad-input', 'A quotation mark is not closed.', {
    hint: 'Put a " at the end of the quoted words.',
  });
}
