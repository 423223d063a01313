import { rolling } from '../../src/domain/metric-window.ts';

const minute = 60_000;
const minutes = [1, 2, 3, 10].map((value, at) => ({ at: at * minute, value }));

describe('what a rule saw at the end of each minute', () => {
  it.each([
    ['total', [1, 3, 6, 15]],
    ['average', [1, 1.5, 2, 5]],
    ['maximum', [1, 2, 3, 10]],
    ['minimum', [1, 1, 1, 2]],
  ] as const)('is the %s of its window', (aggregation, values) => {
    expect(rolling(minutes, 3, aggregation)).toEqual(values.map((value, at) => ({ at: (at + 1) * minute, value })));
  });

  it('counts minutes that are missing as none', () => {
    const some = [minutes[0], minutes[3]].filter((one) => one !== undefined);
    expect(rolling(some, 2, 'total').map(({ value }) => value)).toEqual([1, 10]);
    expect(rolling([], 5, 'average')).toEqual([]);
  });
});
