/**
 * How every picture looks. It brings its own background, so that it reads the same in Slack's light and dark mode.
 * A phone shows a picture about 350 points wide, 0.4 of what it is drawn at: hence the sizes.
 */
export const theme = {
  width: 900,
  background: '#15202b',
  panel: '#1f2d3a',
  text: '#f4f7fa',
  quiet: '#b4c2cf',
  grid: '#3a4a59',
  font: 'Inter',
  sizes: { title: 34, value: 46, text: 26, small: 23 },
} as const;

/**
 * Colours that people with any of the usual colour blindnesses tell apart: Okabe and Ito's set
 * (jfly.uni-koeln.de/color), of it those that stand out from the dark background. Lines differ in their dashes too.
 */
export const lineColours = ['#56b4e9', '#e69f00', '#f0e442', '#cc79a7'] as const;
export const lineDashes: readonly ('solid' | number[])[] = ['solid', [14, 7], [4, 6], [18, 6, 4, 6]];
/** Of a line that must not be crossed. */
export const thresholdColour = '#ff7a45';

/** How good a value is. `unknown` is never shown as a number. */
export type Standing = 'good' | 'close' | 'over' | 'unknown';

/** A standing is told by colour, sign and word: each alone is enough. */
export const standings: Readonly<
  Record<Standing, { readonly colour: string; readonly sign: string; readonly word: string }>
> = {
  good: { colour: '#56b4e9', sign: '✓', word: 'on target' },
  close: { colour: '#f0e442', sign: '▲', word: 'close to limit' },
  over: { colour: '#ff7a45', sign: '■', word: 'past limit' },
  unknown: { colour: '#b4c2cf', sign: '–', word: 'no data' },
};
