import { element, textLine } from './svg.ts';
import { type Standing, standings, theme } from './theme.ts';

/** Things of one kind side by side, each with its value; the longer its bar, the more of what is bad. */
export interface BarChart {
  readonly title: string;
  /** What a bar's length means. */
  readonly subtitle: string;
  /** At most 8; worst or largest first. */
  readonly bars: readonly {
    readonly label: string;
    /** As it is shown: `99.97 %`. */
    readonly text: string;
    /** 0–1 of the room. */
    readonly length: number;
    readonly standing: Standing;
  }[];
}

const margin = 28;
const rowHeight = 58;
const headHeight = 116;
const labelWidth = 250;
const textWidth = 230;
const mostBars = 8;

/** Horizontal bars, as SVG `theme.width` wide. */
export function barsSvg({ title, subtitle, bars }: BarChart): { readonly svg: string; readonly height: number } {
  const shown = bars.slice(0, mostBars);
  const wide = theme.width - 2 * margin;
  const room = wide - labelWidth - textWidth;
  const { text, small, title: titleSize } = theme.sizes;
  const rows = shown.map(({ label, text: value, length, standing }, index) => {
    const { colour, sign } = standings[standing];
    const y = headHeight + index * rowHeight;
    const drawn = Math.max(4, Math.min(1, length) * room);
    return [
      textLine(label, { x: margin, y: y + 30, size: text, width: labelWidth - 12 }),
      element('rect', { x: margin + labelWidth, y: y + 6, width: room, height: 32, rx: 6, fill: theme.panel }),
      element('rect', { x: margin + labelWidth, y: y + 6, width: drawn, height: 32, rx: 6, fill: colour }),
      textLine(`${sign} ${value}`, {
        x: theme.width - margin,
        y: y + 30,
        size: text,
        colour,
        anchor: 'end',
        bold: true,
        width: textWidth - 12,
      }),
    ].join('');
  });
  const none = textLine('No data', { x: margin, y: headHeight + 40, size: theme.sizes.value, colour: theme.quiet });
  const svg = [
    textLine(title, { x: margin, y: 52, size: titleSize, bold: true, width: wide }),
    textLine(subtitle, { x: margin, y: 90, size: small, colour: theme.quiet, width: wide }),
    ...(rows.length > 0 ? rows : [none]),
  ].join('');
  return { svg, height: headHeight + Math.max(1, shown.length) * rowHeight + margin };
}

export function barsInWords({ title, bars }: BarChart): string {
  if (bars.length === 0) return `${title}: no data.`;
  const said = bars
    .slice(0, mostBars)
    .map(({ label, text, standing }) => `${label} ${text}, ${standings[standing].word}`);
  return `${title}: ${said.join('; ')}.`;
}
