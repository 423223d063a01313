import { limitsOf, quotaOutlook } from '../../src/domain/api-limits.ts';

describe('the limits in a policy', () => {
  it.each([
    ['<rate-limit calls="50000" renewal-period="3600" />', { rate: { calls: 50_000, periodSeconds: 3_600 } }],
    [
      '<quota renewal-period="86400" calls="100000" bandwidth="40000"/>',
      { quota: { calls: 100_000, periodSeconds: 86_400 } },
    ],
    [
      `<rate-limit-by-key calls="10" renewal-period="60" counter-key="@(context.Subscription.Id)" />
       <quota-by-key calls="1000" renewal-period="3600" counter-key="x" />`,
      { rate: { calls: 10, periodSeconds: 60 }, quota: { calls: 1_000, periodSeconds: 3_600 } },
    ],
    ['<!-- <quota calls="1" renewal-period="1" /> --><base />', {}],
    ['<quota calls="@(Limit())" renewal-period="86400" />', {}],
    ['<quota calls="{{quota}}" renewal-period="86400" />', {}],
    ['<quota bandwidth="40000" renewal-period="86400" />', {}],
    ['', {}],
  ])('%s', (xml, limits) => {
    expect(limitsOf(xml)).toEqual(limits);
  });
});

describe('when a quota is reached', () => {
  const quota = { calls: 1_000, periodSeconds: 86_400 };

  it('is told by the pace of the last hour and the line through the days', () => {
    expect(quotaOutlook(quota, { periodCalls: 800, hourCalls: 50, days: [500, 600, 700, 800] })).toEqual({
      share: 0.8,
      atThisPace: 1.2,
      daysLeft: 2,
    });
  });

  it.each([
    ['too few days', [100, 500, 900], undefined],
    ['days that stay the same', [500, 500, 500, 500], undefined],
    ['fewer calls every day', [900, 800, 700, 600], undefined],
    ['a growth that takes years', [500, 500.1, 500.2, 500.3], undefined],
    ['days that are over it', [900, 1_000, 1_100, 1_200], 0],
  ])('with %s', (_name, days, daysLeft) => {
    expect(quotaOutlook(quota, { periodCalls: 0, days }).daysLeft).toBe(daysLeft);
  });

  it('is scaled to the quota’s own period', () => {
    const hourly = { calls: 1_000, periodSeconds: 3_600 };
    expect(quotaOutlook(hourly, { periodCalls: 500, hourCalls: 500, days: [6_000, 8_000, 10_000, 12_000] })).toEqual({
      share: 0.5,
      atThisPace: 0.5,
      daysLeft: 6,
    });
  });
});
