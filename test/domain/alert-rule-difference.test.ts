import type { LogRuleState, MetricRuleState } from '../../src/domain/alert-rule.ts';
import { describeAlertRule, sameAlertRule, summary } from '../../src/domain/alert-rule-difference.ts';

const group = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Insights/actionGroups';
const metric: MetricRuleState = {
  signal: 'metric',
  description: 'CPU is high',
  severity: 2,
  enabled: true,
  target: '/subscriptions/s/resourceGroups/g/providers/Microsoft.App/containerApps/app-a',
  metric: 'CpuPercentage',
  conditionName: 'condition',
  aggregation: 'Average',
  operator: 'GreaterThan',
  threshold: 85,
  while: null,
  splitBy: [{ name: 'podName', values: ['a', 'b'] }],
  window: 'PT15M',
  every: 'PT5M',
  resolvesItself: true,
  actionGroups: [`${group}/one`, `${group}/two`],
};
const { metric: _metric, conditionName: _name, splitBy: _splitBy, ...shared } = metric;
const log: LogRuleState = {
  ...shared,
  signal: 'log',
  location: 'eastus',
  query: 'T\n| count',
  column: 'value',
  resourceColumn: '',
};

describe('two alert rules', () => {
  it('are the same whatever the case of ids and the order of lists', () => {
    const other = {
      ...metric,
      target: metric.target.toUpperCase(),
      splitBy: [{ name: 'PODNAME', values: ['b', 'a'] }],
      actionGroups: [`${group}/TWO`, `${group}/one`],
    };
    expect(sameAlertRule(metric, other)).toBe(true);
    expect(sameAlertRule(log, { ...log, query: 'T\r\n| count\n' })).toBe(true);
  });

  it('are the same in whatever order a database gives their fields back', () => {
    const wanted = { metric: 'Capacity', aggregation: 'Average', operator: 'GreaterThan', threshold: 80 };
    const kept = { operator: 'GreaterThan', threshold: 80, metric: 'Capacity', aggregation: 'Average' };
    expect(sameAlertRule({ ...metric, while: wanted }, { ...metric, while: kept })).toBe(true);
    const foreign = { signal: 'foreign', says: 'made by hand', body: '{}' } as const;
    expect(sameAlertRule(foreign, { body: '{}', says: 'made by hand', signal: 'foreign' })).toBe(true);
  });

  it.each<[Partial<MetricRuleState>, string]>([
    [{ enabled: false }, 'enabled off → on'],
    [{ threshold: 10_000, severity: 3 }, 'severity 3 → 2, threshold 10000 → 85'],
    [
      { while: { metric: 'Capacity', aggregation: 'Average', operator: 'GreaterThan', threshold: 80 } },
      'only while Average of Capacity > 80 → none',
    ],
    [{ splitBy: [] }, 'split by nothing → podName=a|b'],
    [{ actionGroups: [] }, 'tells nothing → one, two'],
    [{ description: 'cpu is high' }, 'description cpu is high → CPU is high'],
    [{ target: metric.target.replace('app-a', 'app-b') }, 'watches app-b → app-a'],
  ])('differ by %p', (change, says) => {
    const before = { ...metric, ...change };
    expect(sameAlertRule(before, metric)).toBe(false);
    expect(describeAlertRule(before, metric)).toBe(says);
  });

  it('differ when one is missing, of another sort, or foreign', () => {
    const foreign = { signal: 'foreign', says: 'made by hand, watches app-a', body: '{}' } as const;
    expect(sameAlertRule(null, metric)).toBe(false);
    expect(sameAlertRule(metric, log)).toBe(false);
    expect(sameAlertRule(foreign, metric)).toBe(false);
    expect(sameAlertRule(foreign, { ...foreign })).toBe(true);
    expect(describeAlertRule(null, metric)).toBe('alert rule: none → Average of CpuPercentage > 85 over PT15M');
    expect(describeAlertRule(foreign, log)).toBe(
      'alert rule: made by hand, watches app-a → Average of a query’s value > 85 over PT15M',
    );
    expect(describeAlertRule(log, { ...log, query: 'U' })).toBe('another query');
  });

  it('are told in a few words', () => {
    expect(summary({ ...metric, enabled: false, operator: 'LessThanOrEqual' })).toBe(
      'Average of CpuPercentage ≤ 85 over PT15M, switched off',
    );
  });
});
