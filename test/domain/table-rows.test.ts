import { rowsCompared, type TableRows, totalInWords } from '../../src/domain/table-rows.ts';
import { fc } from '../support/properties.ts';

const table = (name: string, rows?: number): TableRows => ({
  schema: 'dbo',
  name,
  ...(rows !== undefined && { rows }),
});
const expected =
  'A copy is of an earlier time, so differences are expected: look whether they are the ones that you want.';

describe('rows of a copy and its original', () => {
  it('are told with totals, what is empty in one alone, and the largest differences first', () => {
    const copy = [table('accounts', 9_000), table('log', 0), table('a', 10), table('b', 500), table('same', 3)];
    const original = [table('accounts', 0), table('log', 40), table('a', 12), table('b', 100), table('same', 3)];
    expect(rowsCompared(copy, original)).toEqual([
      'By the catalogs, close but not exact, the copy has 9,513 rows in 5 tables, the original now 155 rows in 5 tables.',
      'Empty in the original alone: dbo.accounts (9,000 rows in the copy).',
      'Empty in the copy alone: dbo.log (40 rows in the original).',
      'Different, the largest first: dbo.b (500 in the copy, 100 now); dbo.a (10 in the copy, 12 now).',
      expected,
    ]);
  });

  it('tell the tables that only one has, and count those that are too many to name', () => {
    const gone = ['a', 'b', 'c', 'd', 'e'].map((name) => table(name, 1));
    expect(rowsCompared(gone, [table('new')])).toEqual([
      'By the catalogs, close but not exact, the copy has 5 rows in 5 tables, the original now at least 0 rows in 1 table.',
      'Only in the copy: dbo.a (1 row); dbo.b (1 row); dbo.c (1 row) and 2 more.',
      'Only in the original: dbo.new (rows not told).',
      'Not told by the catalog, as of memory-optimised and external tables: dbo.new.',
      expected,
    ]);
  });

  it.each([
    ['all are the same', [table('a', 1)], [table('a', 1)], 'Each table has as many rows in both.'],
    ['a count is not known', [table('a')], [table('a')], expected],
    ['there are no tables', [], [], expected],
  ])('judge nothing: %s', (_, copy, original, last) => {
    expect(rowsCompared(copy, original).at(-1)).toBe(last);
  });

  it('take tables for the same only by schema and name', () => {
    const [, only] = rowsCompared([{ schema: 'a.b', name: 'c', rows: 1 }], [{ schema: 'a', name: 'b.c', rows: 1 }]);
    expect(only).toMatch(/^Only in the copy/);
  });

  it('say they are alike only where each count is known and equal', () => {
    const tables = fc.uniqueArray(
      fc.record({ schema: fc.string(), name: fc.string(), rows: fc.option(fc.nat(3), { nil: undefined }) }),
      { selector: ({ schema, name }) => `${schema}\0${name}`, maxLength: 6 },
    );
    const clean = (list: { schema: string; name: string; rows: number | undefined }[]): TableRows[] =>
      list.map(({ rows, ...rest }) => ({ ...rest, ...(rows !== undefined && { rows }) }));
    fc.assert(
      fc.property(tables, tables, (one, other) => {
        const [copy, original] = [clean(one), clean(other)];
        const words = rowsCompared(copy, original);
        const inOther = (it: TableRows) =>
          original.find(({ schema, name }) => schema === it.schema && name === it.name)?.rows;
        const alike =
          copy.length > 0 &&
          copy.length === original.length &&
          copy.every((it) => it.rows !== undefined && inOther(it) === it.rows);
        expect(words.at(-1) === 'Each table has as many rows in both.').toBe(alike);
        expect(words.join(' ').length).toBeLessThan(2_500);
      }),
    );
  });

  it('never show more of a name than a line, nor what hides in it', () => {
    const [, line = ''] = rowsCompared([table(`x\u202e${'y'.repeat(200)}`, 1)], []);
    expect(line).not.toContain('\u202e');
    expect(line.length).toBeLessThan(110);
  });

  it('are at least what is known', () => {
    expect(totalInWords([table('a', 1_000), table('b')])).toBe('at least 1,000 rows in 2 tables');
  });
});
