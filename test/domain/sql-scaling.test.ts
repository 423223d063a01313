import { defaultScaling } from '../../src/domain/scaling.ts';
import {
  beyondPolicy,
  defaultSqlScaling,
  type SqlScalingPolicy,
  sqlLoadCallsFor,
  sqlLoadIsOver,
  sqlThresholdWords,
  whyNotSmaller,
} from '../../src/domain/sql-scaling.ts';
import { loadAt } from '../../src/domain/sql-tier.ts';
import { standardOffers, tierNamed } from '../support/fakes/fake-sql-tiers.ts';
import { fc } from '../support/properties.ts';

const policy: SqlScalingPolicy = { ...defaultSqlScaling, down: { below: 25, hits: 3, of: 4 } };
const windows = (...loads: (number | undefined)[]) =>
  loads.map((percent, index) => ({
    at: new Date(Date.UTC(2026, 9, 25) + index * 300_000).toISOString(),
    ...(percent !== undefined && { percent }),
  }));

describe('the load of a database', () => {
  it.each([
    ['two of the last three above', [10, 85, 50, 81], 'up'],
    ['one alone', [10, 10, 85], undefined],
    ['exactly at the threshold', [80, 80, 80], undefined],
    ['above, and then not known', [90, undefined, undefined], undefined],
    ['three of the last four below', [90, 10, 12, 14], 'down'],
    ['below, and half not known', [10, 10, undefined, undefined], undefined],
    ['nothing known', [undefined, undefined, undefined, undefined], undefined],
    ['in between', [50, 50, 50, 50], undefined],
  ])('with %s calls for %s', (_, loads, direction) => {
    expect(sqlLoadCallsFor(policy, windows(...loads))).toBe(direction);
  });

  it('is over when it is well back behind the threshold, not around it and not while nothing is known', () => {
    const over = (direction: 'up' | 'down', ...loads: (number | undefined)[]) =>
      sqlLoadIsOver(policy, defaultScaling, direction, windows(...loads));
    expect(over('up', 70, 74, 90)).toBe(true);
    expect(over('up', 76, 78, 70)).toBe(false);
    expect(over('up', undefined, undefined, 70)).toBe(false);
    expect(over('down', 31, 40, 10)).toBe(true);
    expect(over('down', 28, 28, 28)).toBe(false);
  });

  it('is never both high and over, nor high and low', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.nat(100), { nil: undefined }), { minLength: 4, maxLength: 12 }), (loads) => {
        const direction = sqlLoadCallsFor(policy, windows(...loads));
        if (direction === 'up') expect(sqlLoadIsOver(policy, defaultScaling, 'up', windows(...loads))).toBe(false);
      }),
    );
  });
});

describe('a step down', () => {
  it('is not made where less would not do, by the fullest window', () => {
    const why = (from: string, to: string, ...loads: (number | undefined)[]) =>
      whyNotSmaller(policy, defaultScaling, windows(...loads), tierNamed(from), tierNamed(to));
    expect(why('S3', 'S2', 20, 30, 20, undefined)).toBeUndefined();
    expect(why('S3', 'S2', 20, 31, 20)).toBe(
      'S2 (50 DTUs) would be at 62 % in its fullest window; 60 % is the most for a step down.',
    );
    expect(why('S3', 'S2', undefined, undefined)).toContain('nobody knows');
  });

  it('never leads to a step up by the same load, whatever the sizes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...standardOffers.slice(1)),
        fc.array(fc.nat(100), { minLength: 4, maxLength: 4 }),
        (from, loads) => {
          const to = standardOffers[standardOffers.indexOf(from) - 1] ?? from;
          if (whyNotSmaller(policy, defaultScaling, windows(...loads), from, to) !== undefined) return;
          const after = loads.map((load) => loadAt(load, from, to));
          expect(sqlLoadCallsFor(policy, windows(...after))).not.toBe('up');
        },
      ),
    );
  });
});

it('keeps to what the policy allows, by DTUs or by vCores', () => {
  const capped = { ...policy, most: { dtus: 200, vCores: 4 } };
  expect(beyondPolicy(capped, tierNamed('S4'))).toBeUndefined();
  expect(beyondPolicy(capped, tierNamed('S6'))).toBe('The policy allows a database 200 DTUs; S6 has 400.');
  expect(beyondPolicy(capped, tierNamed('GP_Gen5_6'))).toBe('The policy allows a database 4 vCores; GP_Gen5_6 has 6.');
  expect(beyondPolicy(policy, tierNamed('S6'))).toBeUndefined();
});

it('says its rule', () => {
  expect(sqlThresholdWords(policy, 'down')).toBe('SQL load below 25 % in 3 of 4 windows of five minutes');
});
