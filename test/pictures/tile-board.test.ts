import { drawBoard } from '../../src/pictures/draw.ts';
import { standings, theme } from '../../src/pictures/theme.ts';
import { boardInWords, boardSvg, type Tile } from '../../src/pictures/tile-board.ts';
import { readPng } from '../support/png.ts';

const tile: Tile = {
  label: 'Latency p95',
  value: '142 ms',
  standing: 'close',
  notes: ['target < 100 ms, alert > 150 ms', 'p95 over 5 minutes'],
  change: '↑ 12 ms',
};
const board = (...tiles: Tile[]) => drawBoard({ title: 'KPIs', subtitle: 'The estate', tiles });

describe('a board of tiles', () => {
  it('says everything in words too', async () => {
    const { altText } = await board(tile, {
      ...tile,
      label: 'API',
      value: undefined,
      standing: 'good',
      notes: ['24 h'],
    });
    expect(altText).toBe(
      'KPIs. The estate. Latency p95: 142 ms, close to limit, ↑ 12 ms (target < 100 ms, alert > 150 ms, p95 over 5 minutes). API: no data, ↑ 12 ms (24 h).',
    );
  });

  it('never shows what is not known as good', async () => {
    const known = readPng((await board({ ...tile, standing: 'good' })).png);
    const unknown = readPng((await board({ ...tile, standing: 'good', value: undefined })).png);
    expect(known.count(standings.good.colour)).toBeGreaterThan(500);
    expect(unknown.count(standings.good.colour)).toBe(0);
  });

  it('grows with its tiles, and says how many it leaves out', async () => {
    const heights = await Promise.all(
      [1, 3, 12, 40].map(async (n) => readPng((await board(...Array(n).fill(tile))).png).height),
    );
    expect(heights[1]).toBeGreaterThan(heights[0] as number);
    expect((heights[3] as number) - (heights[2] as number)).toBe(40);
    expect((await board(...Array(40).fill(tile))).altText.length).toBeLessThanOrEqual(2_000);
  });

  it('draws “no data” where there are no tiles', async () => {
    const empty = await board();
    expect(empty.altText).toBe('KPIs. The estate. No data.');
    expect(readPng(empty.png).count(theme.quiet)).toBeGreaterThan(100);
  });

  it.each([
    ['markup', '</text><script>&"\'<'],
    ['controls and half a pair', '\u0000\u001b[1m\ud800'],
    ['a text without end', 'x'.repeat(10_000)],
    ['emoji and other scripts', '😀 تأخير 延迟'],
  ])('takes %s from a stranger', async (_, text) => {
    const picture = await board({ ...tile, label: text, value: text, notes: [text, text], change: text });
    expect(readPng(picture.png).width).toBe(theme.width);
  });

  it('gives a long name of a cell a line of its own, keeps both its ends, and says it whole in words', () => {
    const cell = 'cell-payments-north-europe-production-02a';
    const withNote = (name: string) => ({
      ...{ title: 'KPIs', subtitle: 'The estate' },
      tiles: [{ ...tile, notes: ['target < 100 ms', `p95, 5m, worst ${name}`] }],
    });
    const [short, long] = [boardSvg(withNote('cell-a')), boardSvg(withNote(cell))];
    expect(short.svg).toContain('>p95, 5m, worst cell-a<');
    expect(boardSvg(withNote('cell-healthcare-dr')).svg).toContain('>p95, 5m,<');
    expect(boardSvg(withNote('cell-healthcare-dr')).svg).toContain('>worst cell-healthcare-dr<');
    expect(long.svg).toContain('>p95, 5m, worst<');
    expect(long.svg).toMatch(/>cell-payments-n[a-z-]*…[a-z-]*production-02a</);
    expect(long.height).toBeGreaterThan(short.height);
    expect(boardInWords(withNote(cell))).toContain(cell);
  });

  it('shows a trend only where there is one', async () => {
    const dots = async (trend: Tile['trend']) => {
      const { png } = await board({ ...tile, ...(trend && { trend }) });
      return readPng(png).count(theme.quiet, 280, 440);
    };
    const none = await dots(undefined);
    expect(await dots([1, 2, 3])).toBeGreaterThan(await dots([1, undefined, 3]));
    expect(await dots([undefined, undefined])).toBe(none);
  });
});
