import { expectedIn, growthOf, whenReached } from '../../src/domain/growth.ts';

const weeks = (count: number, at: (week: number) => number | undefined) =>
  Array.from({ length: count }, (_, n) => at(n));

describe('growth by the week', () => {
  it.each([
    ['fewer than four weeks', weeks(3, (n) => n)],
    ['nothing', []],
    ['a newest week that is not known', [1, 2, 3, 4, undefined]],
    ['more holes than a third', [1, undefined, undefined, 4, undefined, 6, 7]],
  ])('is not told from %s', (_, values) => {
    expect(growthOf(values)).toBeUndefined();
  });

  it('has the pace from the first to the last week, holes before the first left out', () => {
    const growth = growthOf([undefined, undefined, 10, 12, undefined, 16, 18]);
    expect(growth).toMatchObject({ last: 18, perWeek: 2, spread: 0, weeks: 4 });
  });

  it('reaches a limit on one day where it never wavers, and never where it does not grow', () => {
    const steady = growthOf(weeks(5, (n) => 60 + n));
    expect(steady && whenReached(steady, 70)).toEqual({ inDays: 42, earliestDays: 42, latestDays: 42 });
    const flat = growthOf(weeks(13, () => 60));
    expect(flat && whenReached(flat, 70)).toEqual({});
  });

  it('is there already where the limit is passed', () => {
    const growth = growthOf([101, 102, 104, 103]);
    expect(growth && whenReached(growth, 100).inDays).toBe(0);
  });

  it('has an interval that widens with the distance and with what is not known', () => {
    const wavering = (count: number) => growthOf(weeks(count, (n) => n + (n % 2)));
    const width = (count: number, days: number) => {
      const growth = wavering(count);
      const { low, high } = growth ? expectedIn(growth, days) : { low: 0, high: 0 };
      return high - low;
    };
    expect(width(12, 28)).toBeGreaterThan(width(12, 7));
    expect(width(4, 28)).toBeGreaterThan(width(12, 28));
    const growth = wavering(12);
    const { inDays = 0, earliestDays = 0, latestDays = 999 } = growth ? whenReached(growth, 20) : {};
    expect(earliestDays).toBeLessThan(inDays);
    expect(latestDays).toBeGreaterThan(inDays);
  });

  it('holds about 80 of 100 truths in its interval', () => {
    let state = 7;
    const random = () => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return state / 2_147_483_648;
    };
    const step = () => 1 + 2 * (random() + random() + random() - 1.5);
    let held = 0;
    for (let n = 0; n < 500; n += 1) {
      const walk = [50];
      while (walk.length < 17) walk.push((walk.at(-1) ?? 0) + step());
      const growth = growthOf(walk.slice(0, 13));
      const { low, high } = growth ? expectedIn(growth, 28) : { low: 0, high: 0 };
      const truth = walk[16] ?? 0;
      if (truth >= low && truth <= high) held += 1;
    }
    expect(held / 500).toBeGreaterThan(0.74);
    expect(held / 500).toBeLessThan(0.87);
  });
});
