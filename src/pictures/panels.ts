import { type BarChart, barsInWords, barsSvg } from './bars.ts';
import { type MetricChart, metricHeight, metricInWords, metricSvg } from './metric-line.ts';
import { element, svgDocument } from './svg.ts';
import { theme } from './theme.ts';
import { type Board, boardInWords, boardSvg } from './tile-board.ts';

/** One part of a picture: plain data, so that another thread can draw it. */
export type Panel =
  | { readonly kind: 'tiles'; readonly board: Board }
  | { readonly kind: 'lines'; readonly chart: MetricChart }
  | { readonly kind: 'bars'; readonly chart: BarChart };

/** The parts as one SVG document, one below the other: a phone is narrow. */
export function panelsSvg(panels: readonly Panel[]): string {
  let height = 0;
  const placed = panels.map((panel) => {
    const part = svgOf(panel);
    const line =
      height === 0 ? '' : element('rect', { x: 24, y: height, width: theme.width - 48, height: 2, fill: theme.grid });
    const body = element('g', { transform: `translate(0 ${height})` }, part.svg);
    height += part.height;
    return body + line;
  });
  return svgDocument(theme.width, height, ...placed);
}

export function panelsInWords(panels: readonly Panel[]): string {
  return panels.map(inWords).join(' ');
}

function svgOf(panel: Panel): { readonly svg: string; readonly height: number } {
  if (panel.kind === 'tiles') return boardSvg(panel.board);
  if (panel.kind === 'bars') return barsSvg(panel.chart);
  return { svg: metricSvg(panel.chart), height: metricHeight };
}

function inWords(panel: Panel): string {
  if (panel.kind === 'tiles') return boardInWords(panel.board);
  return panel.kind === 'bars' ? barsInWords(panel.chart) : metricInWords(panel.chart);
}
