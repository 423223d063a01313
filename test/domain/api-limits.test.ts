import { limitsOf, quotaOutlook, runningPeriod } from '../../src/domain/api-limits.ts';

describe('the limits in a policy', () => {
  it.each([
    ['<rate-limit calls="50000" renewal-period="3600" />', { rate: { calls: 50_000, periodSeconds: 3_600 } }],
    [
      '<quota renewal-period="86400" calls="100000" bandwidth="40000"/>',
      { quota: { calls: 100_000, periodSeconds: 86_400 } },
    ],
    [
      `<rate-limit-by-key calls="10" renewal-period="60" counter-key="@(context.Subscription.Id)" />
       <quota-by-key calls="1000" renewal-period="3600" counter-key="@(context.Subscription?.Id)" first-period-start="2026-01-01T06:00:00Z" />`,
      {
        rate: { calls: 10, periodSeconds: 60 },
        quota: { calls: 1_000, periodSeconds: 3_600, periodsFrom: Date.UTC(2026, 0, 1, 6) },
      },
    ],
    [
      '<quota-by-key calls="1000" renewal-period="3600" counter-key="@(context.Request.IpAddress)" />',
      {
        quota: {
          calls: 1_000,
          periodSeconds: 3_600,
          periodsFrom: Date.parse('0001-01-01T00:00:00Z'),
          countsOtherwise: true,
        },
      },
    ],
    [
      '<quota-by-key increment-condition="@(context.Response.StatusCode >= 200)" calls="9" renewal-period="300" counter-key="@(context.Subscription.Id)" first-period-start="2026-01-01T00:00:00Z" />',
      { quota: { calls: 9, periodSeconds: 300, periodsFrom: Date.UTC(2026, 0, 1), countsOtherwise: true } },
    ],
    ['<!-- <quota calls="1" renewal-period="1" /> --><base />', {}],
    ['<quota calls="@(Limit())" renewal-period="86400" />', { unknown: { quota: 'expression' } }],
    ['<quota calls="{{quota}}" renewal-period="86400" />', { unknown: { quota: 'named value' } }],
    ['<quota calls="1000" renewal-period="0" />', { unknown: { quota: 'no renewal' } }],
    ['<rate-limit calls="@(Rate())" renewal-period="60" />', { unknown: { rate: 'expression' } }],
    ['<quota bandwidth="40000" renewal-period="86400" />', {}],
    ['', {}],
  ])('%s', (xml, limits) => {
    expect(limitsOf(xml)).toEqual(limits);
  });
});

describe('the running period of a quota', () => {
  const quota = { calls: 1_000, periodSeconds: 86_400 };
  const started = Date.UTC(2026, 0, 12, 8, 30);
  const at = (iso: string) => Date.parse(iso);

  it.each([
    ['just before it ends', '2026-11-28T08:29:59.999Z', '2026-11-27T08:30:00Z'],
    ['at its boundary', '2026-11-28T08:30:00Z', '2026-11-28T08:30:00Z'],
    ['in the middle', '2026-11-28T20:00:00Z', '2026-11-28T08:30:00Z'],
    // A quota counts seconds: where clocks change, it begins an hour earlier or later on them.
    ['on the day the clocks of Europe go back', '2026-10-25T23:00:00Z', '2026-10-25T08:30:00Z'],
    ['on the day those of America go forward', '2026-03-08T08:29:00Z', '2026-03-07T08:30:00Z'],
    ['before the subscription began', '2026-01-12T08:00:00Z', '2026-01-11T08:30:00Z'],
  ])('%s', (_when, now, startedAt) => {
    expect(runningPeriod(quota, started, at(now))).toEqual({
      startedAt: at(startedAt),
      endsAt: at(startedAt) + 86_400_000,
    });
  });

  it('counts from its own first period, where it has one', () => {
    const weekly = { calls: 1, periodSeconds: 604_800, periodsFrom: Date.parse('0001-01-01T00:00:00Z') };
    // 1 January 0001 was a Monday.
    expect(runningPeriod(weekly, started, at('2026-11-28T12:00:00Z'))?.startedAt).toBe(at('2026-11-23T00:00:00Z'));
  });

  it('is not known without a beginning', () => {
    expect(runningPeriod(quota, undefined, started)).toBeUndefined();
  });
});

describe('when a quota is reached', () => {
  const hour = 3_600_000;
  const quota = { calls: 1_000, periodSeconds: 86_400 };
  const now = Date.UTC(2026, 10, 28, 12);
  /** Which ends in so many hours. */
  const ending = (hours: number) => ({ startedAt: now + (hours - 24) * hour, endsAt: now + hours * hour });

  it('is told by the running period, the pace of the last hour and the line through the days', () => {
    expect(
      quotaOutlook(quota, ending(6), now, { periodCalls: 800, hourCalls: 50, days: [500, 600, 700, 800] }),
    ).toEqual({ share: 0.8, atEnd: 1.1, reachedAt: now + 4 * hour, daysLeft: 2 });
  });

  it('is not before the period ends, when the pace leaves some', () => {
    expect(quotaOutlook(quota, ending(3), now, { periodCalls: 800, hourCalls: 50, days: [] })).toEqual({
      share: 0.8,
      atEnd: 0.95,
    });
  });

  it('is over when it is used up, and not foreseen without a pace', () => {
    expect(
      quotaOutlook(quota, ending(3), now, { periodCalls: 1_000, hourCalls: 50, days: [] }).reachedAt,
    ).toBeUndefined();
    expect(quotaOutlook(quota, ending(3), now, { periodCalls: 10, days: [] })).toEqual({ share: 0.01 });
    expect(quotaOutlook(quota, ending(3), now, { periodCalls: 10, hourCalls: 0, days: [] })).toEqual({
      share: 0.01,
      atEnd: 0.01,
    });
  });

  it.each([
    ['too few days', [100, 500, 900], undefined],
    ['days that stay the same', [500, 500, 500, 500], undefined],
    ['fewer calls every day', [900, 800, 700, 600], undefined],
    ['a growth that takes years', [500, 500.1, 500.2, 500.3], undefined],
    ['days that are over it', [900, 1_000, 1_100, 1_200], 0],
  ])('with %s', (_name, days, daysLeft) => {
    expect(quotaOutlook(quota, ending(6), now, { periodCalls: 0, days }).daysLeft).toBe(daysLeft);
  });

  it('is scaled to the quota’s own period', () => {
    const hourly = { calls: 1_000, periodSeconds: 3_600 };
    const days = [6_000, 8_000, 10_000, 12_000];
    expect(quotaOutlook(hourly, ending(0.5), now, { periodCalls: 250, hourCalls: 500, days })).toEqual({
      share: 0.25,
      atEnd: 0.5,
      daysLeft: 6,
    });
  });
});
