/** A piece of Slack's mrkdwn. */
export type Mrkdwn =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'bold' | 'italic' | 'strike' | 'quote'; readonly children: readonly Mrkdwn[] }
  | { readonly is: 'code' | 'pre'; readonly text: string }
  | { readonly is: 'link'; readonly url: string; readonly label: string }
  | { readonly is: 'user' | 'channel' | 'group'; readonly id: string; readonly label: string | undefined }
  | { readonly is: 'broadcast'; readonly name: string }
  | {
      readonly is: 'date';
      readonly unix: number;
      readonly format: string;
      readonly link?: string;
      readonly fallback: string;
    }
  | { readonly is: 'emoji'; readonly name: string }
  | { readonly is: 'break' };

/**
 * Reads mrkdwn as Slack shows it: `*bold*`, `_italic_`, `~strike~`, code, fenced code, quotes, `<…>` links, mentions
 * and dates, `:emoji:`, and the three escapes. It has no other escapes, and no lists of its own.
 * Source: Slack, “Formatting text for app surfaces”.
 */
export function parseMrkdwn(source: string): Mrkdwn[] {
  const pieces: Mrkdwn[] = [];
  const parts = source.split('```');
  for (const [index, part] of parts.entries()) {
    const fenced = index % 2 === 1;
    const closed = index < parts.length - 1;
    if (fenced && closed && part.trim() !== '') pieces.push({ is: 'pre', text: unescaped(trimLine(part)) });
    else if (fenced) pieces.push(...parseLines(`\`\`\`${part}`));
    else pieces.push(...parseLines(aroundFence(part, index > 0, closed)));
  }
  return pieces;
}

/** A fenced block stands on lines of its own: the line ends beside it are its own too. */
function aroundFence(part: string, after: boolean, before: boolean): string {
  return part.slice(after && part.startsWith('\n') ? 1 : 0, before && part.endsWith('\n') ? -1 : undefined);
}

function trimLine(part: string): string {
  return part.replace(/^\n/, '').replace(/\n$/, '');
}

function parseLines(text: string): Mrkdwn[] {
  if (text === '') return [];
  const pieces: Mrkdwn[] = [];
  let quoted: Mrkdwn[] | undefined;
  for (const line of text.split('\n')) {
    const quote = /^(?:&gt;|>) ?(.*)$/.exec(line);
    if (quote) {
      if (quoted) quoted.push({ is: 'break' });
      else {
        quoted = [];
        pieces.push({ is: 'quote', children: quoted });
      }
      quoted.push(...parseInline(quote[1] ?? ''));
      continue;
    }
    if (pieces.length > 0 && quoted === undefined) pieces.push({ is: 'break' });
    quoted = undefined;
    pieces.push(...parseInline(line));
  }
  return pieces;
}

const emphases = { '*': 'bold', _: 'italic', '~': 'strike' } as const;
type Marker = keyof typeof emphases;

/** One line. `within`: markers that are open around it, which don't nest. */
function parseInline(text: string, within: readonly string[] = []): Mrkdwn[] {
  const pieces: Mrkdwn[] = [];
  const hopeless = new Set<string>(within);
  let plain = '';
  const flush = () => {
    if (plain !== '') pieces.push({ is: 'text', text: unescaped(plain) });
    plain = '';
  };
  let at = 0;
  while (at < text.length) {
    const special = readSpecial(text, at);
    if (special) {
      flush();
      pieces.push(special.piece);
      at = special.end;
      continue;
    }
    const marker = text[at] as Marker;
    if (marker in emphases && !hopeless.has(marker) && opens(text, at)) {
      const end = closing(text, at);
      if (end > 0) {
        flush();
        pieces.push({ is: emphases[marker], children: parseInline(text.slice(at + 1, end), [...within, marker]) });
        at = end + 1;
        continue;
      }
      hopeless.add(marker);
    }
    plain += text[at++];
  }
  flush();
  return pieces;
}

const word = /[\p{L}\p{N}]/u;

function opens(text: string, at: number): boolean {
  const [before, after] = [text[at - 1] ?? ' ', text[at + 1] ?? ' '];
  return !word.test(before) && before !== text[at] && !/\s/.test(after) && after !== text[at];
}

/** Where the emphasis that opens here closes, past code and links; -1: nowhere. */
function closing(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    const special = readSpecial(text, at);
    if (special) {
      at = special.end - 1;
    } else if (text[at] === text[from] && at > from + 1 && !/\s/.test(text[at - 1] ?? ' ')) {
      if (!word.test(text[at + 1] ?? ' ')) return at;
    }
  }
  return -1;
}

const codeSpan = /`([^`\n]+)`/y;
const angles = /<([^<>\n]+)>/y;
const emojiName = /:([a-z0-9_+'-]+):(?::skin-tone-\d:)?/y;

function readSpecial(text: string, at: number): { piece: Mrkdwn; end: number } | undefined {
  const match = (pattern: RegExp) => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  switch (text[at]) {
    case '`': {
      const code = match(codeSpan);
      return code ? { piece: { is: 'code', text: unescaped(code[1] ?? '') }, end: at + code[0].length } : undefined;
    }
    case '<': {
      const token = match(angles);
      return token ? { piece: readToken(token[1] ?? ''), end: at + token[0].length } : undefined;
    }
    case ':': {
      const emoji = match(emojiName);
      return emoji ? { piece: { is: 'emoji', name: emoji[1] ?? '' }, end: at + emoji[0].length } : undefined;
    }
    default:
      return undefined;
  }
}

/** What stands between `<` and `>`. */
function readToken(token: string): Mrkdwn {
  const bar = token.indexOf('|');
  const target = bar < 0 ? token : token.slice(0, bar);
  const label = bar < 0 ? undefined : unescaped(token.slice(bar + 1));
  const id = target.slice(1);
  if (target.startsWith('@')) return { is: 'user', id, label };
  if (target.startsWith('#')) return { is: 'channel', id, label };
  if (target.startsWith('!subteam^')) return { is: 'group', id: target.slice('!subteam^'.length), label };
  const date = /^!date\^(-?\d+)\^([^^]+)(?:\^(.+))?$/.exec(target);
  if (date) {
    const [, unix, format = '', link] = date;
    return { is: 'date', unix: Number(unix), format, fallback: label ?? '', ...(link !== undefined && { link }) };
  }
  if (target.startsWith('!')) return { is: 'broadcast', name: id };
  return { is: 'link', url: unescaped(target), label: label ?? unescaped(target).replace(/^mailto:/, '') };
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
