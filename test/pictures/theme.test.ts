import { lineColours, lineDashes, standings, theme, thresholdColour } from '../../src/pictures/theme.ts';

type Rgb = readonly [number, number, number];

/** As people without one kind of cone see linear RGB (Machado, Oliveira and Fernandes 2009, severity 1.0). */
const blindness: Readonly<Record<string, readonly [Rgb, Rgb, Rgb]>> = {
  none: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const linear = (hex: string): Rgb =>
  [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
const dot = (a: Rgb, b: Rgb) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const luminance = (hex: string) => dot(linear(hex), [0.2126, 0.7152, 0.0722]);

/** WCAG 2.2. */
function contrast(one: string, other: string): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** CIE L*a*b* with D65. */
function lab(rgb: Rgb): Rgb {
  const share = (row: Rgb, white: number) => {
    const value = Math.max(dot(row, rgb), 0) / white;
    return value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116;
  };
  const x = share([0.4124, 0.3576, 0.1805], 0.9505);
  const y = share([0.2126, 0.7152, 0.0722], 1);
  const z = share([0.0193, 0.1192, 0.9505], 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function difference(one: string, other: string, seenBy: string): number {
  const [a, b] = [one, other].map((hex) => {
    const rgb = linear(hex);
    return lab(blindness[seenBy]?.map((row) => dot(row, rgb)) as unknown as Rgb);
  }) as [Rgb, Rgb];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

const pairs = (colours: readonly string[]) =>
  colours.flatMap((one, index) => colours.slice(index + 1).map((other) => [one, other] as const));

describe('the colours of pictures', () => {
  const colours = Object.values(standings).map(({ colour }) => colour);

  it.each([theme.text, theme.quiet, thresholdColour, ...colours])('%s can be read on both backgrounds', (colour) => {
    expect(contrast(colour, theme.background)).toBeGreaterThan(4.5);
    expect(contrast(colour, theme.panel)).toBeGreaterThan(4.5);
  });

  it.each(Object.keys(blindness))('tell lines and standings apart with %s', (seenBy) => {
    const close = [...pairs([...lineColours, thresholdColour]), ...pairs(colours)].filter(
      ([one, other]) => difference(one, other, seenBy) < 10,
    );
    expect(close).toEqual([]);
  });

  it('never stand alone: every line has its dash, every standing its sign and its word', () => {
    expect(new Set(lineDashes.map(String)).size).toBeGreaterThanOrEqual(lineColours.length);
    expect(new Set(Object.values(standings).map(({ sign }) => sign)).size).toBe(4);
    expect(new Set(Object.values(standings).map(({ word }) => word)).size).toBe(4);
  });
});
