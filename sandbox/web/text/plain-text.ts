import { emojiCharacter } from './emoji.ts';
import { type Mrkdwn, parseMrkdwn } from './mrkdwn.ts';

/** Mrkdwn as a screen reader should say it. */
export function plainText(source: string, nameOf: (id: string) => string | undefined): string {
  return parseMrkdwn(source)
    .map((piece) => words(piece, nameOf))
    .join('');
}

function words(piece: Mrkdwn, nameOf: (id: string) => string | undefined): string {
  switch (piece.is) {
    case 'text':
    case 'code':
    case 'pre':
      return piece.text;
    case 'bold':
    case 'italic':
    case 'strike':
    case 'quote':
      return piece.children.map((child) => words(child, nameOf)).join('');
    case 'link':
      return piece.label;
    case 'user':
    case 'channel':
    case 'group':
      return nameOf(piece.id) ?? piece.label ?? piece.id;
    case 'broadcast':
      return piece.name;
    case 'date':
      return piece.fallback;
    case 'emoji':
      return emojiCharacter(piece.name) ?? '';
    case 'break':
      return ' ';
  }
}
