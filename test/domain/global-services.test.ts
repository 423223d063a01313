import { apiUseOf, cacheFell, tenantsToShow } from '../../src/domain/global-services.ts';

const row = (subscription: string, calls: number, tooMany = 0, failed = 0) => ({
  subscription,
  calls,
  failed,
  tooMany,
});

describe('everybody’s use of the API', () => {
  it('has sums, and tenants by their own names, the busiest first', () => {
    const rows = [row('fabrikam-subscription', 10), row('contoso-subscription', 90, 4, 2), row('', 5, 0, 1)];
    expect(apiUseOf(rows, '{tenant}-subscription', 900_000)).toEqual({
      windowMs: 900_000,
      calls: 105,
      failed: 3,
      tooMany: 4,
      tenants: [
        { name: 'contoso', calls: 90, failed: 2, tooMany: 4 },
        { name: 'fabrikam', calls: 10, failed: 0, tooMany: 0 },
        { calls: 5, failed: 1, tooMany: 0 },
      ],
    });
  });

  it('leaves a subscription that is no tenant’s as it is called', () => {
    const names = (pattern: string) =>
      apiUseOf([row('master', 3), row('sub-contoso', 2), row('sub-', 1)], pattern, 1).tenants.map(({ name }) => name);
    expect(names('sub-{tenant}')).toEqual(['master', 'contoso', 'sub-']);
  });

  it('shows the busiest, and of the others those that were refused or failed most, none twice', () => {
    const use = apiUseOf(
      [row('a', 100, 50), row('b', 90), row('c', 80), row('d', 8, 1), row('e', 7, 0, 6), row('f', 6, 2, 2)],
      '{tenant}',
      1,
    );
    expect(tenantsToShow(use, 2, 2).map(({ name }) => name)).toEqual(['a', 'b', 'e', 'f']);
  });
});

describe('a cache', () => {
  it.each([
    ['fell when a third of it is gone', { hitPercent: 41, beforePercent: 62 }, true],
    ['did not for less', { hitPercent: 42, beforePercent: 62 }, false],
    ['is not known to have fallen without a before', { hitPercent: 3 }, false],
    ['nor without a now', { beforePercent: 62 }, false],
  ])('%s', (_, cache, fell) => {
    expect(cacheFell(cache)).toBe(fell);
  });
});
