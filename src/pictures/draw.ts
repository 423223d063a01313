import { Easel } from './easel.ts';
import type { MetricChart } from './metric-line.ts';
import { type Panel, panelsInWords } from './panels.ts';
import type { Board } from './tile-board.ts';

/** A picture for people, and the same in words for those who don't see it. */
export interface Picture {
  readonly png: Uint8Array;
  /** One or a few sentences, no markup; Slack takes 2,000 characters. */
  readonly altText: string;
}

const altTextLength = 2_000;
const easel = new Easel();

/** Several parts, one below the other. */
export async function drawPanels(panels: readonly Panel[]): Promise<Picture> {
  return { png: await easel.draw(panels), altText: panelsInWords(panels).slice(0, altTextLength) };
}

/** One metric over time, with its thresholds; where nothing is known there is no line. */
export function drawMetric(chart: MetricChart): Promise<Picture> {
  return drawPanels([{ kind: 'lines', chart }]);
}

/** The figures side by side: value, how good it is, target, trend. */
export function drawBoard(board: Board): Promise<Picture> {
  return drawPanels([{ kind: 'tiles', board }]);
}
