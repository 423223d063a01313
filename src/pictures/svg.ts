import { theme } from './theme.ts';

/** What XML 1.0 does not take at all: controls, halves of a surrogate pair, two that are no characters. */
const forbidden = /[^\t\n\r\P{Cc}]|[\p{Cs}\ufffe\uffff]/gu;
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text as XML shows it, in content and in attributes. */
export function escapeXml(text: string): string {
  return text.replace(forbidden, '\ufffd').replace(/[&<>"]/g, (sign) => entities[sign] as string);
}

type Attributes = Readonly<Record<string, string | number>>;

/** `body` is SVG already. */
export function element(name: string, attributes: Attributes, body = ''): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`);
  return `<${name}${written.join('')}>${body}</${name}>`;
}

export interface TextPlace {
  readonly x: number;
  /** Of the baseline. */
  readonly y: number;
  readonly size: number;
  readonly colour?: string;
  readonly bold?: boolean;
  readonly anchor?: 'start' | 'middle' | 'end';
  /** What fits; a longer text is cut with an ellipsis, a single word, such as a cell's name, in its middle. */
  readonly width?: number;
}

/** One line of anybody's text. */
export function textLine(text: string, { x, y, size, colour, bold, anchor, width }: TextPlace): string {
  const line = text.replace(/\s+/g, ' ');
  return element(
    'text',
    {
      x,
      y,
      'font-size': size,
      'font-family': theme.font,
      fill: colour ?? theme.text,
      'font-weight': bold ? 600 : 400,
      'text-anchor': anchor ?? 'start',
    },
    escapeXml(width === undefined ? line : fitting(line, size, width)),
  );
}

/** The text, cut so that its ending is seen whole beside it. */
export function withEnding(text: string, ending: string, { size, width }: { size: number; width: number }): string {
  return `${fitting(text, size, width - [...ending].length * size * letterShare)}${ending}`;
}

/** Inter's text is about 0.5 of its size wide a letter; a little room is left. */
const letterShare = 0.52;

function fitting(line: string, size: number, width: number): string {
  const letters = [...line];
  const most = lettersIn(size, width);
  if (letters.length <= most) return line;
  if (line.includes(' ')) return `${letters.slice(0, most - 1).join('')}…`;
  // Names of cells begin alike, and often end alike: both ends tell them apart best.
  const head = Math.ceil((most - 1) / 2);
  const tail = most - 1 - head;
  return `${letters.slice(0, head).join('')}…${tail === 0 ? '' : letters.slice(-tail).join('')}`;
}

function lettersIn(size: number, width: number): number {
  return Math.max(1, Math.floor(width / (size * letterShare)));
}

/** Whole words on as many lines as they need; what does not fit the last of `most` lines is joined to it, to be cut there. */
export function wrap(text: string, { size, width }: { size: number; width: number }, most: number): string[] {
  const room = lettersIn(size, width);
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined) lines.push(word);
    else if ([...last, ' ', ...word].length <= room || lines.length === most)
      lines[lines.length - 1] = `${last} ${word}`;
    else {
      // What belongs together stays together: after a comma, if that fits.
      const comma = last.lastIndexOf(', ') + 2;
      const kept = `${last.slice(comma)} ${word}`;
      const together = comma > 1 && [...kept].length <= room;
      if (together) lines[lines.length - 1] = last.slice(0, comma - 1);
      lines.push(together ? kept : word);
    }
  }
  return lines;
}

export function svgDocument(width: number, height: number, ...parts: readonly string[]): string {
  const background = element('rect', { width, height, fill: theme.background });
  return element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', width, height, viewBox: `0 0 ${width} ${height}` },
    background + parts.join(''),
  );
}
