import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { backendPoolId, cellByName, cellsOf, findCell, nearest, shown } from '../../src/domain/estate.ts';
import { parseEstate } from '../../src/domain/estate-file.ts';
import { OpsError } from '../../src/errors.ts';
import { fc } from '../support/properties.ts';

const estate = parseEstate(readFileSync(join(__dirname, '../../estate.example.yml'), 'utf8'));
const names = estate.cells.map(({ name }) => name);

const failure = (named: string) => {
  try {
    findCell(estate, named);
  } catch (error) {
    if (error instanceof OpsError) return error;
    throw error;
  }
  throw new Error(`“${named}” was found`);
};

describe('findCell', () => {
  it.each([
    ['cell-banking', 'cell-banking'],
    ['CELL-Banking', 'cell-banking'],
    [' cell-retail ', 'cell-retail'],
    ['retail', 'cell-retail'],
    ['banking-dr', 'cell-banking-dr'],
  ])('takes %j for %s', (named, name) => {
    expect(findCell(estate, named).name).toBe(name);
  });

  it('finds a cell by its full name even where that is a part of another’s', () => {
    for (const name of names) expect(findCell(estate, name).name).toBe(name);
  });

  it('names the choices when it could be several', () => {
    expect(failure('banking')).toMatchObject({
      code: 'ambiguous',
      message: '“banking” could be cell-banking or cell-banking-dr.',
    });
    expect(failure('cell')).toMatchObject({ code: 'ambiguous' });
  });

  it('names the nearest when there is none', () => {
    expect(failure('cell-bnking')).toMatchObject({
      code: 'not-found',
      hint: 'Did you mean cell-banking or cell-banking-dr?',
    });
    expect(failure('xyzzy')).toMatchObject({ code: 'not-found', hint: '`/stamps status` lists the cells.' });
  });

  it.each(['\u200fcell-banking\u200f', 'cell-\u200bbanking', 'CELL-banking\u2060'])(
    'does not take %j, and says why it looks like one that there is',
    (named) => {
      const hint = 'There are invisible characters in it. Type it by hand: cell-banking.';
      expect(failure(named)).toMatchObject({ code: 'not-found', hint });
    },
  );

  it.each([
    '',
    '-',
    'ce',
    '"; drop',
    '<!channel>',
    '`rm`',
    '\u202egniknab-llec',
    '\u0000',
    'cell-*',
    '../cell-banking',
  ])('takes %j for none', (named) => {
    expect(failure(named).code).toBe('not-found');
  });

  it('answers any text, of any length, in short', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), fc.integer({ min: 1, max: 40 }), (piece, times) => {
        try {
          expect(names).toContain(findCell(estate, piece.repeat(times)).name);
        } catch (error) {
          expect(error).toBeInstanceOf(OpsError);
          expect((error as OpsError).message.length).toBeLessThan(200);
        }
      }),
    );
  });
});

describe('nearest', () => {
  it('puts the likeliest first, three at most', () => {
    expect(nearest('cell-bankin', names)).toEqual(['cell-banking', 'cell-banking-dr']);
    expect(
      nearest(
        'cell-banking',
        Array.from({ length: 20 }, (_, i) => `cell-banking${i}`),
      ),
    ).toHaveLength(3);
  });

  it('suggests nothing for nothing', () => {
    expect(nearest('cell-banking', [])).toEqual([]);
    expect(nearest('z'.repeat(10_240), names)).toEqual([]);
  });
});

describe('shown', () => {
  it('leaves no control or direction marks, and at most 60 characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const clean = shown(text);
        expect(clean).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(clean.length).toBeLessThanOrEqual(60);
        expect(clean.isWellFormed()).toBe(true);
      }),
      { examples: [[`${'a'.repeat(58)}😀😀`]] },
    );
  });
});

describe('estate', () => {
  it('names pools, cells and regions', () => {
    const cell = cellByName(estate, 'cell-banking');
    expect(backendPoolId(cell)).toBe(`${cell.gatewayId}/backendAddressPools/cell-banking-backend`);
    expect(cellsOf(estate, 'westus').map(({ name }) => name)).toEqual(['cell-banking-dr', 'cell-healthcare-dr']);
    expect(() => cellByName(estate, 'Cell-Banking')).toThrow(expect.objectContaining({ code: 'not-found' }));
  });
});
