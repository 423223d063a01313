import { type CellLimit, cellLimit, comingLimits, dataVolume } from '../../src/domain/cell-limits.ts';

const about = { cell: 'cell-a', region: 'eastus', kind: 'sqlStorage' } as const;
const series = (weeks: readonly (number | undefined)[]) => ({ weeks, knownFrom: '2026-09-01T00:00:00.000Z' });

describe('a cell against a limit', () => {
  it('says when it is reached', () => {
    expect(cellLimit(about, 100, series([60, 70, 80, 90]))).toMatchObject({
      now: 90,
      limit: 100,
      reached: { inDays: 7 },
    });
  });

  it.each([
    ['nothing is measured', 100, undefined, ['limit']],
    ['nobody said what the limit is', undefined, series([60, 70, 80, 90]), ['now', 'knownFrom', 'growth']],
    ['it is new', 100, series([undefined, undefined, 80, 90]), ['now', 'limit', 'knownFrom']],
  ])('foresees nothing when %s', (_, limit, known, keys) => {
    const { cell, region, kind, ...rest } = cellLimit(about, limit, known);
    expect(Object.keys(rest).sort()).toEqual([...keys].sort());
  });
});

describe('what comes first', () => {
  it('is ordered by the forecast, then by its earlier edge, and leaves out what is far', () => {
    const one = (cell: string, reached: CellLimit['reached']): CellLimit => ({
      ...about,
      cell,
      ...(reached && { reached }),
    });
    const all = [
      one('unknown', undefined),
      one('perhaps', { earliestDays: 80 }),
      one('later', { inDays: 60, earliestDays: 50 }),
      one('never', {}),
      one('soon', { inDays: 9, earliestDays: 4 }),
      one('far', { inDays: 300, earliestDays: 200 }),
    ];
    expect(comingLimits(all, 90)?.map(({ cell }) => cell)).toEqual(['soon', 'later', 'perhaps']);
  });
});

it('is not known, and not none, when nothing can be foreseen', () => {
  expect(comingLimits([{ ...about, now: 99, limit: 100 }], 90)).toBeUndefined();
});

describe('the volume of data', () => {
  it('is not known when no cell is', () => {
    expect(dataVolume(3, [])).toEqual({ knownCells: 0, cells: 3 });
    expect(dataVolume(3, [series([10, undefined])])).toEqual({ knownCells: 0, cells: 3 });
  });

  it('is the sum of what is known, and grows as those cells that were always known', () => {
    const volume = dataVolume(3, [series([10, 11, 12, 13]), series([undefined, undefined, undefined, 100])]);
    expect(volume).toMatchObject({ gigabytes: 113, knownCells: 2, cells: 3, growth: { last: 113, perWeek: 1 } });
  });
});
