import { element, escapeXml, textLine, wrap } from './svg.ts';
import { type Standing, standings, theme } from './theme.ts';

/** One figure of a board. */
export interface Tile {
  readonly label: string;
  /** With its unit, `99.97 %`; undefined: not known, and said so in words. */
  readonly value: string | undefined;
  readonly standing: Standing;
  /** In place of the standing's own, where `on target` says the wrong thing. */
  readonly word?: string;
  /** Small print, at most three: target; alert; window, percentile, and whose it is. A long one takes two lines. */
  readonly notes: readonly string[];
  /** Since when it changed how: `↑ 0.02 since yesterday`. */
  readonly change?: string;
  /** Oldest first, evenly spaced; undefined is a gap. */
  readonly trend?: readonly (number | undefined)[];
}

export interface Board {
  readonly title: string;
  /** Whose figures, of what moment. */
  readonly subtitle: string;
  /** At most 12; the rest is told as a number. */
  readonly tiles: readonly Tile[];
}

const margin = 28;
const gap = 18;
const columns = 2;
const tileWidth = (theme.width - 2 * margin - (columns - 1) * gap) / columns;
/** Without its notes. */
const tileHeight = 164;
const noteHeight = 30;
const headHeight = 112;
const inner = 20;
const mostTiles = 12;
const mostNotes = 3;
const linesEach = 2;
const trendWidth = 130;
const textWidth = tileWidth - 2 * inner - 10;

/** The figures side by side, with how good each is, target and trend, as SVG `theme.width` wide. */
export function boardSvg({ title, subtitle, tiles }: Board): { readonly svg: string; readonly height: number } {
  const shown = tiles.slice(0, mostTiles);
  const left = tiles.length - shown.length;
  const rows = Math.max(1, Math.ceil(shown.length / columns));
  const notes = Math.max(0, ...shown.map((tile) => noteLines(tile).length));
  const rowHeight = tileHeight + notes * noteHeight;
  const footHeight = left > 0 ? 40 : 0;
  const height = headHeight + rows * (rowHeight + gap) + margin - gap + footHeight;
  const wide = theme.width - 2 * margin;
  const parts = [
    textLine(title, { x: margin, y: 52, size: theme.sizes.title, bold: true, width: wide }),
    textLine(subtitle, { x: margin, y: 90, size: theme.sizes.small, colour: theme.quiet, width: wide }),
    ...shown.map((tile, index) => {
      const x = margin + (index % columns) * (tileWidth + gap);
      const y = headHeight + Math.floor(index / columns) * (rowHeight + gap);
      return element('g', { transform: `translate(${x} ${y})` }, drawTile(tile, rowHeight));
    }),
  ];
  if (tiles.length === 0) {
    parts.push(textLine('No data', { x: margin, y: headHeight + 60, size: theme.sizes.value, colour: theme.quiet }));
  }
  if (left > 0) {
    parts.push(
      textLine(`and ${left} more`, { x: margin, y: height - 24, size: theme.sizes.small, colour: theme.quiet }),
    );
  }
  return { svg: parts.join(''), height };
}

/** The figure large, its unit beside it as large as the text. */
function drawValue(value: string | undefined, width: number): string {
  const x = inner + 6;
  const y = 94;
  const { text, value: large } = theme.sizes;
  if (value === undefined) return textLine('no data', { x, y, size: text + 6, bold: true, colour: theme.quiet, width });
  const [, figure, unit] = /^(\S+) (\S+)$/.exec(value) ?? [];
  if (figure === undefined || unit === undefined) return textLine(value, { x, y, size: large, bold: true, width });
  const most = (width - text * unit.length) / (large * 0.6);
  const size = figure.length > most ? large - 10 : large;
  const small = element('tspan', { 'font-size': text, fill: theme.quiet, dx: 8 }, escapeXml(unit));
  return element(
    'text',
    { x, y, 'font-family': theme.font, 'font-weight': 600, 'font-size': size, fill: theme.text },
    escapeXml(figure) + small,
  );
}

/** A long name of a cell would be cut beside the window: it gets the line below. */
function noteLines({ notes }: Tile): string[] {
  return notes
    .slice(0, mostNotes)
    .flatMap((note) => wrap(note, { size: theme.sizes.small, width: textWidth }, linesEach));
}

function drawTile(tile: Tile, height: number): string {
  const { label, value, standing, word: said, change, trend } = tile;
  const { colour, sign, word: usual } = standings[value === undefined ? 'unknown' : standing];
  const word = value === undefined ? usual : (said ?? usual);
  const { text, small } = theme.sizes;
  const wide = textWidth;
  const x = inner + 6;
  return [
    element('rect', { width: tileWidth, height, rx: 14, fill: theme.panel }),
    element('rect', { width: 8, height: height - 28, x: 0, y: 14, rx: 4, fill: colour }),
    textLine(label, { x, y: 40, size: text, colour: theme.quiet, width: wide }),
    drawValue(value, wide - (trend ? trendWidth + 10 : 0)),
    trend ? sparkline(trend, { x: tileWidth - inner - trendWidth, y: 56, width: trendWidth, height: 42 }) : '',
    textLine(`${sign} ${word}`, { x, y: 134, size: small, colour, bold: true, width: wide }),
    textLine(change ?? '', {
      x: tileWidth - inner,
      y: 134,
      size: small,
      colour: theme.quiet,
      anchor: 'end',
      width: wide / 2,
    }),
    ...noteLines(tile).map((note, line) =>
      textLine(note, { x, y: 168 + noteHeight * line, size: small, colour: theme.quiet, width: wide }),
    ),
  ].join('');
}

/** A line without axes; where a value is missing there is no line. */
function sparkline(
  trend: readonly (number | undefined)[],
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
): string {
  const known = trend.filter((value) => value !== undefined);
  if (known.length === 0) return '';
  const low = Math.min(...known);
  const span = Math.max(...known) - low;
  const place = (value: number, index: number) => {
    const right = trend.length === 1 ? width / 2 : (index / (trend.length - 1)) * width;
    const down = span === 0 ? height / 2 : height - ((value - low) / span) * height;
    return `${(x + right).toFixed(1)} ${(y + down).toFixed(1)}`;
  };
  const pieces: string[][] = [[]];
  for (const [index, value] of trend.entries()) {
    if (value === undefined) pieces.push([]);
    else pieces.at(-1)?.push(place(value, index));
  }
  const path = pieces
    .filter((piece) => piece.length > 0)
    // A value alone between two gaps is a dot: a line of no length with round ends.
    .map((piece) => `M${piece.join('L')}${piece.length === 1 ? 'h0.1' : ''}`)
    .join('');
  return element('path', {
    d: path,
    fill: 'none',
    stroke: theme.quiet,
    'stroke-width': 4,
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
  });
}

/** What the board says. */
export function boardInWords({ title, subtitle, tiles }: Board): string {
  const said = tiles.map(({ label, value, standing, word: own, notes, change }) => {
    const { word } = standings[value === undefined ? 'unknown' : standing];
    const figure = value === undefined ? word : `${value}, ${own ?? word}`;
    return `${label}: ${figure}${change === undefined ? '' : `, ${change}`}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}.`;
  });
  return [`${title}. ${subtitle}.`, ...(said.length > 0 ? said : ['No data.'])].join(' ');
}
